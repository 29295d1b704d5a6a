"""The public HTTP contract: what its description says, what the application does, and a fuzzer in between."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.config import SchemathesisConfig

import webform
from deflection.events import Kind, Reason
from deflection.statements import KINDS, LARGEST_ARTICLE, LONGEST_SECONDS, Step
from deflection.visits import see
from kb.articles import Article
from kb.database import Database
from webform import create_app
from webform.api_forms import FIELDS
from webform.api_views import DESCRIPTION
from webform.i18n import LANGUAGES
from webform.web import TOKENS

SPEC: dict[str, Any] = json.loads(DESCRIPTION)
CASES, EXAMPLES = 2000, 335
# What no schema can describe is refused by 422 (a topic, an address that no mail server takes) and 409 (a key used before).
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "409", "422"]}}}
OPERATIONS = [(method.upper(), path) for path, methods in SPEC["paths"].items() for method in methods]
CHANGING = [(method, path) for method, path in OPERATIONS if "requestBody" in SPEC["paths"][path][method.lower()]]


def schema_of(name: str) -> dict[str, Any]:
    return SPEC["components"]["schemas"][name]


def test_the_description_is_valid_openapi() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(SPEC).iter_errors()] == []


def test_the_description_is_served_as_it_is_kept(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype, answer.json) == (200, "application/json", SPEC)
    assert SPEC["info"]["version"] == webform.__version__


def test_the_description_names_the_same_words_as_the_code() -> None:
    kinds = {option["properties"]["kind"]["const"]: option["properties"] for option in schema_of("Event")["oneOf"]}
    assert kinds.keys() == {*KINDS, *Step}
    assert set(kinds[Kind.DECLINED]["reason"]["enum"]) == set(Reason)
    assert kinds[Kind.READ]["seconds"]["maximum"] == LONGEST_SECONDS
    assert kinds[Kind.OPENED]["article"]["maximum"] == LARGEST_ARTICLE
    assert schema_of("Request")["properties"].keys() == FIELDS
    assert set(schema_of("Request")["properties"]["language"]["enum"]) == LANGUAGES.keys()


def test_every_described_operation_exists(app: Flask) -> None:
    rules = {(method, rule.rule.replace("<", "{").replace(">", "}")) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert set(OPERATIONS) <= rules


@pytest.fixture
def fuzzed(settings: dict[str, str], now: datetime) -> Iterator[tuple[Flask, str, int]]:
    """An application without limits of rate, a visit's token and an article."""
    app = create_app(settings | {"SUGGESTIONS_PER_MINUTE": "100000", "REQUESTS_PER_HOUR": "100000", "REQUESTS_PER_ADDRESS": "100000"}, environ={})
    database: Database = app.extensions["kb.database"]
    token = app.extensions[TOKENS].new_visit()
    with database.writing() as session:
        article = Article(external_id="a", created_at=now)
        session.add(article)
        session.flush()
        number = article.id
        visit = app.extensions[TOKENS].read_visit(token, hours=1)
        see(session, token=visit, language="en", scripted=True, holdout_share=0, secret="x", now=datetime.now(UTC))
    yield app, token, number
    database.close()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_a_fuzzer_finds_no_fault(fuzzed: tuple[Flask, str, int], method: str, path: str, mode: schemathesis.GenerationMode) -> None:
    app, token, article = fuzzed
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=SchemathesisConfig.from_dict(CONFIG))[path][method]
    changing, asked = (method, path) in CHANGING, itertools.count()
    if not changing and mode is schemathesis.GenerationMode.NEGATIVE:
        return  # Nothing comes in that could be wrong.

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=EXAMPLES if changing else 5,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        if mode is schemathesis.GenerationMode.POSITIVE:
            _make_real(case, token, article)
        next(asked)
        case.call_and_validate(headers={"Accept": "application/json"})

    ask()
    if changing:
        assert next(asked) >= EXAMPLES
        assert EXAMPLES * len(CHANGING) * len(schemathesis.GenerationMode) >= CASES


def _make_real(case: schemathesis.Case, token: str, article: int) -> None:
    """Put in what no schema can describe: a token that was signed here, an article that exists."""
    if "token" in case.path_parameters:
        case.path_parameters["token"] = token
    body = case.body
    if isinstance(body, dict):
        if "visit" in body:
            body["visit"] = token
        if "article" in body:
            body["article"] = article

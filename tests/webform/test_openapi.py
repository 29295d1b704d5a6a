"""The public HTTP contract: what its description says, what the application does, and a fuzzer in between."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
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
from tests.webform.desk_world import send
from webform import api_keys, create_app
from webform.api_forms import FIELDS
from webform.api_keys import Scope
from webform.api_views import DESCRIPTION
from webform.i18n import LANGUAGES
from webform.marking import MARKS
from webform.tickets import TicketStatus
from webform.web import TOKENS

SPEC: dict[str, Any] = json.loads(DESCRIPTION)
CASES, EXAMPLES, READINGS = 2000, 200, 25
# What no schema can describe is refused by 422 (a topic, an address that no mail server takes) and 409 (a key used before).
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "409", "422"]}}}
OPERATIONS = [(method.upper(), path) for path, methods in SPEC["paths"].items() for method in methods]
ASKING = [(method, path) for method, path in OPERATIONS if "parameters" in SPEC["paths"][path][method.lower()]]
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
    assert schema_of("StatusForm")["properties"]["status"]["enum"] == list(MARKS)
    assert set(schema_of("StoredRequest")["properties"]["status"]["enum"]) == set(TicketStatus)
    assert all(f"`{scope}`" in SPEC["components"]["securitySchemes"]["key"]["description"] for scope in Scope)
    assert set(schema_of("Request")["properties"]["language"]["enum"]) == LANGUAGES.keys()


def test_every_described_operation_exists(app: Flask) -> None:
    rules = {(method, rule.rule.replace("<", "{").replace(">", "}")) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert set(OPERATIONS) <= rules


@dataclass(frozen=True)
class Fuzzed:
    """An application without limits of rate, and what no schema can describe: a visit's token, an article, a request, a key."""

    app: Flask
    token: str
    article: int
    reference: str
    key: str


@pytest.fixture
def fuzzed(settings: dict[str, str], now: datetime) -> Iterator[Fuzzed]:
    limits = ("SUGGESTIONS_PER_MINUTE", "REQUESTS_PER_HOUR", "REQUESTS_PER_ADDRESS", "API_PER_MINUTE", "API_REQUESTS_PER_HOUR")
    app = create_app(settings | dict.fromkeys(limits, "100000"), environ={})
    database: Database = app.extensions["kb.database"]
    token = app.extensions[TOKENS].new_visit()
    with database.writing() as session:
        article = Article(external_id="a", created_at=now)
        session.add(article)
        session.flush()
        number = article.id
        visit = app.extensions[TOKENS].read_visit(token, hours=1)
        see(session, token=visit, language="en", scripted=True, holdout_share=0, secret="x", now=datetime.now(UTC))
        _, key = api_keys.add(session, app.extensions[TOKENS], name="Fuzzer", scopes=Scope, last_day=None, author="admin@example.com", now=now)
        reference = send(app, session, now, filename="a.png").reference
    yield Fuzzed(app, token, number, reference, key)
    database.close()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_a_fuzzer_finds_no_fault(fuzzed: Fuzzed, method: str, path: str, mode: schemathesis.GenerationMode) -> None:
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", fuzzed.app, config=SchemathesisConfig.from_dict(CONFIG))[path][method]
    changing, asked = (method, path) in CHANGING, itertools.count()
    if (method, path) not in CHANGING + ASKING and mode is schemathesis.GenerationMode.NEGATIVE:
        return  # Nothing comes in that could be wrong.

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=EXAMPLES if changing else READINGS if (method, path) in ASKING else 5,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        if mode is schemathesis.GenerationMode.POSITIVE:
            _make_real(case, fuzzed)
        number = next(asked)
        keyed = path.startswith("/api/") and (path != "/api/v1/requests" or method == "GET" or number % 2)  # What is open is asked both ways.
        shown = {"Authorization": f"Bearer {fuzzed.key}"} if keyed else {}
        case.call_and_validate(headers={"Accept": "application/json"} | shown)

    ask()
    if changing:
        assert next(asked) >= EXAMPLES
        assert EXAMPLES * len(CHANGING) * len(schemathesis.GenerationMode) >= CASES


def _make_real(case: schemathesis.Case, fuzzed: Fuzzed) -> None:
    """Put in what no schema can describe: a token that was signed here, an article and a request that exist."""
    case.path_parameters.update({name: getattr(fuzzed, name) for name in ("token", "reference") if name in case.path_parameters})
    body = case.body
    if isinstance(body, dict):
        if "visit" in body:
            body["visit"] = fuzzed.token
        if "article" in body:
            body["article"] = fuzzed.article

"""Article files: Markdown under YAML front matter, read and written without losing anything."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import yaml

from kb.drafts import ArticleError, Draft, Status
from kb.facts import FACTS, checked
from kb.sentences import Sentence

MAX_FRONT_MATTER = 50_000
KEYS = ("id", "lang", "title", "slug", "category", "status", "summary", "updated_at")

_RARE_BREAKS = re.compile("[\x85\u2028\u2029]")
_FENCED = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)(?:^)---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


class _File(NamedTuple):
    front: str
    body: str


def read(text: str) -> Draft:
    """Read an article file; what follows the front matter is the body, to the letter.

    :raises ArticleError: if it is no article file, or says something that cannot be kept.
    """
    file = _divide(text)
    try:
        # The base loader takes every scalar as it is written: `lang: no` is Norwegian and not a refusal.
        written = yaml.load(file.front, Loader=yaml.BaseLoader)  # noqa: S506 - it constructs nothing but texts
        meant = yaml.safe_load(file.front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ArticleError(Sentence("front matter is not YAML: %(fault)s", fault=_place(error))) from error
    if not isinstance(written, dict) or not isinstance(meant, dict):
        raise ArticleError(Sentence("front matter is not a list of `key: value` lines"))
    others = {key: value for key, value in meant.items() if key not in KEYS and not (key in FACTS and isinstance(written.get(key), str))}
    return draft_of({str(key): value for key, value in written.items()}, file.body, dump(others) if others else "")


def write(draft: Draft) -> str:
    """Write an article file that :func:`read` reads back to the same draft."""
    fields: dict[str, object] = {"id": draft.external_id, "lang": draft.language, "title": draft.title, "slug": draft.slug, "category": draft.category}
    fields |= {"status": str(draft.status), "summary": draft.summary}
    if draft.updated_at is not None:
        fields["updated_at"] = draft.updated_at.isoformat()
    known = {key: value for key, value in {**fields, **draft.facts}.items() if value != ""}
    return f"---\n{dump(known)}{draft.extra or ''}---\n{draft.body}"


def draft_of(fields: Mapping[str, object], body: str, extra: str) -> Draft:
    """Make a draft of the fields of an article file or of a line of ``articles.jsonl``.

    :raises ArticleError: if a field is not a text, or cannot be kept.
    """
    texts = {key: _text(key, fields.get(key)) for key in KEYS}
    for key in ("id", "lang", "title"):
        if not texts[key]:
            raise ArticleError(Sentence("%(name)s is missing", name=key))
    return Draft(
        external_id=texts["id"],
        language=texts["lang"],
        title=texts["title"],
        body=body,
        summary=texts["summary"],
        category=texts["category"],
        slug=texts["slug"],
        status=_status(texts["status"]),
        updated_at=_instant(texts["updated_at"]),
        extra=extra,
        facts=checked({name: text for name in FACTS if isinstance(text := fields.get(name), str)}),
    )


def _divide(text: str) -> _File:
    found = _FENCED.match(text)
    if found is None:
        raise ArticleError(Sentence("there is no front matter: the file must begin with a line `---`, and a second one must end it"))
    if len(found["yaml"]) > MAX_FRONT_MATTER:
        raise ArticleError(Sentence("front matter is longer than %(most)s characters", most=MAX_FRONT_MATTER))
    return _File(found["yaml"], text[found.end() :])


class _Dumper(yaml.SafeDumper):
    """Escapes the line breaks that YAML knows besides the usual one: left as they are they would be read back as spaces."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _RARE_BREAKS.search(text) else None)


_Dumper.add_representer(str, _quoted)


def dump(fields: Mapping[str, object]) -> str:
    """Write fields as YAML that is read back to the letter."""
    return str(yaml.dump(dict(fields), Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000_000))


def _place(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem or 'it cannot be read'} in line {error.problem_mark.line + 2}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]


def _text(key: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ArticleError(Sentence("%(name)s is not a text", name=key))
    return value


def _status(text: str) -> Status:
    if not text:
        return Status.PUBLISHED
    try:
        return Status(text)
    except ValueError:
        raise ArticleError(Sentence("%(name)s is %(text)s, but can only be %(choices)s", name="status", text=repr(text), choices=", ".join(Status))) from None


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ArticleError(
            Sentence("%(name)s is %(text)s, but must be a date such as 2026-11-22 or 2026-11-22T09:30:00+00:00", name="updated_at", text=repr(text))
        ) from None

"""Example files: past requests and their articles, one JSON object a line."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kb.articles import Article
from kb.examples import Example
from kb.imports import Failure, rows_of

LONGEST_TEXT = 20_000


def load_examples(session: Session, path: Path, *, source: str, now: datetime) -> tuple[int, list[Failure]]:
    """Add the examples of a file ``{text, article_id, lang?, fits?}`` that are not known yet; no article id means that none answers.

    With ``fits`` false a line says that this article does not answer.

    :return: how many are new, and the lines that could not be used.
    """
    articles: dict[object, int | None] = {row.external_id: row.id for row in session.execute(select(Article.external_id, Article.id))}
    articles |= {None: None, "": None}
    known = {(text, article, fits) for text, article, fits in session.execute(select(Example.text, Example.article_id, Example.fits))}
    rows: list[dict[str, object]] = []
    failures: list[Failure] = []
    for found in _examples(path):
        if isinstance(found, Failure):
            failures.append(found)
            continue
        where, text, language, external_id, fits = found
        if external_id not in articles:
            failures.append(Failure(where, f"there is no article {external_id!r}"))
        elif external_id is None and not fits:
            failures.append(Failure(where, "fits is false, but of which article is not said"))
        elif (key := (text, articles[external_id], fits)) not in known:
            known.add(key)
            rows.append({"text": text, "article_id": key[1], "fits": fits, "language": language, "source": source, "created_at": now})
    if rows:
        session.execute(insert(Example), rows)
    return len(rows), failures


def _examples(path: Path) -> Iterator[tuple[str, str, str, str | None, bool] | Failure]:
    for row in rows_of(path):
        if isinstance(row, Failure):
            yield row
            continue
        where, fields = row
        text, language, article = fields.get("text"), fields.get("lang") or "", fields.get("article_id")
        if not isinstance(text, str) or not isinstance(language, str) or not (article is None or isinstance(article, str)):
            yield Failure(where, "text, lang or article_id is not a text")
        elif (reason := _refused(text := text.strip())) or len(language) > 16:
            yield Failure(where, reason or "lang is not a language code")
        else:
            yield where, text, language, article or None, fields.get("fits") is not False


def _refused(text: str) -> str:
    if not text.strip():
        return "text is missing"
    if len(text) > LONGEST_TEXT:
        return f"text is longer than {LONGEST_TEXT} characters"
    return "text has characters that no database keeps" if "\0" in text or text != text.encode(errors="ignore").decode() else ""

"""Article files: Markdown under front matter, or one JSON object a line, read one by one so that a bad one stops nothing else."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import quote, unquote

import yaml

from kb.bundle import Bundle, BundleError, open_bundle
from kb.drafts import ArticleError, Draft
from kb.facts import FACTS
from kb.foreign import Item, Reading
from kb.front_matter import KEYS, draft_of, dump, read
from kb.gallery import Gallery
from kb.import_report import Failure
from kb.labels import MEMBER, labelled, read_label
from kb.sentences import Sentence

ENDINGS = (".md", ".markdown")
LABELLED = "articles.jsonl"
MOST_BYTES = 1_000_000
_LINK = re.compile(r"(?P<start>!?\[(?:[^\[\]\\]|\\.){0,500}\]\()(?P<place><[^<>\n]{1,500}>|[^\s()<>]{1,500})(?P<end>(?:\s+\"[^\"\n]{0,300}\")?\))")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1[ \t]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_IDENTITY = re.compile(rb"^id:[ \t]*(.{1,300})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """A draft and the place it was read from."""

    where: str
    draft: Draft


def find_drafts(path: Path) -> Iterator[Found | Failure]:
    """Read a Markdown file, a folder of them, an ``articles.jsonl``, or a folder that has one, in order of names."""
    try:
        bundle = open_bundle(path)
    except BundleError as error:
        yield Failure.because(path.name, error)
        return
    yield from bundle.refused
    for item in read_files(bundle, Gallery(bundle)).items:
        try:
            yield item if isinstance(item, Failure) else Found(item.where, item.make())
        except ArticleError as error:
            yield Failure.because(item.where, error)


def read_files(bundle: Bundle, gallery: Gallery) -> Reading:
    """Read article files; links between them become links between articles, pictures beside them become ours."""
    lines = LABELLED if LABELLED in bundle else next(iter(bundle.with_ending(".jsonl")), "")
    if lines and (lines == LABELLED or not bundle.with_ending(*ENDINGS)):
        return Reading(bundle.read(lines).count(b"\n"), _from_lines(bundle, gallery, lines))
    names = bundle.with_ending(*ENDINGS) or list(bundle.names[:1])
    articles: dict[str, str] = {}
    return Reading(len(names), (Item(name, partial(_from_file, bundle, gallery, articles, name)) for name in names))


def rows_of(path: Path) -> Iterator[tuple[str, dict[str, object]] | Failure]:
    """Read a file of one JSON object a line, each with its place."""
    try:
        with path.open("rb") as lines:
            yield from _rows(path.name, lines)
    except OSError as error:
        yield Failure.because(path.name, error.strerror or Sentence("cannot be read"))


def _rows(name: str, lines: Iterator[bytes]) -> Iterator[tuple[str, dict[str, object]] | Failure]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(f"{name} line {number}", line)


def _row(where: str, line: bytes) -> tuple[str, dict[str, object]] | Failure:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Failure.because(where, Sentence("is not UTF-8 at byte %(place)s", place=error.start))
    except (ValueError, RecursionError) as error:
        return Failure.because(where, Sentence("is not JSON: %(fault)s", fault=error))
    return (where, row) if isinstance(row, dict) else Failure.because(where, Sentence("is not a JSON object"))


def row_of(draft: Draft) -> dict[str, object]:
    """Write a draft as one object of ``articles.jsonl``, of which an import makes the same; what JSON would change stands on a label."""
    told: dict[str, object] = {"id": draft.external_id, "lang": draft.language, "title": draft.title, "slug": draft.slug, "category": draft.category}
    told |= {"status": str(draft.status), "summary": draft.summary, "updated_at": draft.updated_at.isoformat() if draft.updated_at else ""}
    row = {name: value for name, value in {**told, **draft.facts}.items() if value} | {"body": draft.body}
    if draft.extra or _one_line(draft.title) != draft.title:
        row[MEMBER] = {name: text for name, text in {"title": draft.title, "extra": draft.extra or ""}.items() if text}
    return row


def _from_lines(bundle: Bundle, gallery: Gallery, name: str) -> Iterator[Item | Failure]:
    for row in _rows(name, iter(bundle.read(name).splitlines())):
        yield row if isinstance(row, Failure) else Item(row[0], partial(_draft_of_row, gallery, *row))


def _draft_of_row(gallery: Gallery, where: str, fields: dict[str, object]) -> Draft:
    body = fields.get("body", "")
    if not isinstance(body, str):
        raise ArticleError(Sentence("%(name)s is not a text", name="body"))
    others = {key: value for key, value in fields.items() if key not in {*KEYS, *FACTS, "body", MEMBER}}
    extra = dump(others) if others else ""
    gallery.bring(body, where)
    return labelled(draft_of(fields | {"title": _one_line(fields.get("title"))}, body, extra), read_label(fields.get(MEMBER), body))


def _one_line(title: object) -> object:
    return " ".join(title.split()) if isinstance(title, str) else title


def _from_file(bundle: Bundle, gallery: Gallery, articles: dict[str, str], name: str) -> Draft:
    try:
        text = bundle.read(name, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(Sentence("is not UTF-8 at byte %(place)s", place=error.start)) from error
    except BundleError as error:
        raise ArticleError(*error.args) from error
    draft = read(text)
    gallery.bring(draft.body, name)
    if "](" not in draft.body:
        return draft
    return replace(draft, body=_led(draft.body, lambda place, shown: _place(bundle, gallery, articles, name, place, shown)))


def _led(body: str, place: Callable[[str, bool], str | None]) -> str:
    """Lead links and pictures, outside of code, to where they are on our side."""
    kept: list[str] = []
    last = 0
    for code in (*_FENCE.finditer(body), None):
        kept.append(_LINK.sub(lambda link: _led_link(link, place), body[last : code.start() if code else len(body)]))
        if code:
            kept.append(code[0])
            last = code.end()
    return "".join(kept)


def _led_link(link: re.Match[str], place: Callable[[str, bool], str | None]) -> str:
    found = place(link["place"].strip("<>"), link["start"].startswith("!"))
    return f"{link['start']}{found}{link['end']}" if found else link[0]


def _place(bundle: Bundle, gallery: Gallery, articles: dict[str, str], page: str, place: str, shown: bool) -> str | None:
    path, _, anchor = unquote(place).partition("#")
    file = normpath(join(page.rpartition("/")[0], path))
    if re.match(r"[a-z][a-z0-9+.-]*:|[/#]", place, re.IGNORECASE) or file not in bundle:
        if shown and not place.startswith("/"):
            gallery.place(place, page)  # It is noted that the picture is not there; the text stays as it is.
        return None
    if shown:
        return gallery.place(place, page)
    if not file.lower().endswith(ENDINGS):
        return None
    if file not in articles:
        found = _IDENTITY.search(bundle.read(file, MOST_BYTES)[:5_000])
        articles[file] = yaml.load(found[1], Loader=yaml.BaseLoader) if found else ""  # noqa: S506 - it constructs nothing but texts
    known = articles[file]
    return f"article:{quote(known, safe='')}{'#' + anchor if anchor else ''}" if isinstance(known, str) and known else None

"""Replay before publish: what a draft would have done for the customers who wrote last, beside the draft or as a page of its own."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kb import writing
from kb.articles import Article, Visibility
from kb.drafts import MAX_CATEGORY, MAX_SUMMARY, MAX_TITLE, is_language
from kb.markdown import MAX_SOURCE
from kb.passages import cut
from kb.rehearsal import NOT_YET, draft_entry
from kb.web import database, suggester
from webform import answers, desk
from webform.comparison import Fate, Since, compare, read_ranks, write_ranks
from webform.contact_forms import clean_line, clean_text
from webform.desk import percent
from webform.i18n import LANGUAGES, choose_language
from webform.rehearsals import Rehearsals
from webform.replay_page import LISTED, MOST_LISTED, Reader, furnish
from webform.sign_in import may, require
from webform.staff import RoleName
from webform.web import tokens

blueprint = Blueprint("replay", __name__)

REHEARSALS = "webform.rehearsals"
SECONDS = 2.5
"""How long a look may take; what was not reached is reached by the next."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A draft as it stands in the writer's form; ``is_open`` tells whether customers may ever read its article."""

    article: int
    translation: int
    language: str
    title: str
    summary: str
    category: str
    body: str
    is_open: bool = True

    @property
    def says_something(self) -> bool:
        """Whether there is anything to ask about."""
        return bool(self.title.strip() or self.body.strip())

    @property
    def mark(self) -> str:
        """Tell one wording from another."""
        return hashlib.sha256(repr((self.article, self.language, self.title, self.summary, self.body)).encode("utf-8", "replace")).hexdigest()[:16]


@blueprint.get("/staff/replay")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """Show a draft of one translation, as it is kept, with its replay; without an article an empty one."""
    with database().reading() as session:
        language = request.args.get("lang", "")
        typed = _kept(session, desk.asked("article"), language if is_language(language) else choose_language())
    return _answer(typed, {"earlier": "", "mark": ""}, whole=True)


@blueprint.post("/staff/replay", endpoint="compare")
@require(RoleName.WRITER)
def compare_draft() -> ResponseReturnValue:
    """Replay a draft that comes in the body of a request and stays nowhere: a part of the editor's page, or a page without scripts."""
    form = request.form
    body = clean_text(form.get("body"))
    if len(body) > MAX_SOURCE:
        abort(413)
    language = form.get("language", "")
    with database().reading() as session:
        kept = _kept(session, form.get("article", ""), language if is_language(language) else choose_language())
    typed = Typed(
        kept.article, kept.translation, kept.language, clean_line(form.get("title"))[:MAX_TITLE], clean_text(form.get("summary"))[:MAX_SUMMARY],
        clean_line(form.get("category"))[:MAX_CATEGORY], body, kept.is_open,
    )  # fmt: skip
    return _answer(typed, {"earlier": form.get("earlier", ""), "mark": form.get("mark", "")}, whole=not form.get("part"))


def _answer(typed: Typed, noted: Mapping[str, str], *, whole: bool) -> ResponseReturnValue:
    template = "desk-replay.html" if whole else "_replay.html"
    shown: dict[str, object] = {"replayed": True, "typed": typed, "page": None, "fates": Fate, "sinces": Since, "languages": LANGUAGES, "not_yet": NOT_YET}
    if not typed.says_something:
        return render_template(template, **shown)
    sections = cut(typed.body)
    entry = draft_entry(typed.title, typed.summary, typed.category, typed.language, sections, article=typed.article, translation=typed.translation)
    account = _rehearsals().look(entry, origin=partial(answers.mark, tokens()), seconds=SECONDS)
    if account.rehearsal is None:
        return render_template(template, busy=True, **shown)
    earlier = read_ranks(noted["earlier"]) if noted["mark"] != typed.mark else None
    comparison = compare(account, typed.article, earlier)
    reader = Reader(may(RoleName.LEAD), (choose_language(), typed.language))
    with database().reading() as session:
        shown["page"] = furnish(session, account, comparison, sections, reader, most=MOST_LISTED if request.form.get("all") else LISTED)
        return render_template(template, percent=percent, earlier=bool(earlier), noted=write_ranks(comparison.ranks), **shown)


def _kept(session: Session, number: str, language: str) -> Typed:
    """Read what is kept of a translation; of one that does not exist, nothing."""
    article = session.get(Article, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if article is None:
        return Typed(NOT_YET, NOT_YET, language, "", "", "", "")
    found = writing.find(session, article.id, language)
    is_open = article.visibility == Visibility.PUBLIC
    if found is None:
        return Typed(article.id, NOT_YET, language, "", "", "", "", is_open)
    said = writing.current(session, found)
    return Typed(article.id, found.id, language, said.title, said.summary, said.category, said.body, is_open)


def _rehearsals() -> Rehearsals:
    rehearsals: Rehearsals = current_app.extensions.setdefault(REHEARSALS, Rehearsals(database(), suggester()))
    return rehearsals

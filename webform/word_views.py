"""The words that staff keep for each language: synonyms, and what says nothing; with what a text becomes by them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import catalogue
from kb.analysis import stop_words
from kb.languages import base
from kb.synonyms import LONGEST_PHRASE, MOST_LINES, MOST_PHRASES, Fault, Why
from kb.thesaurus import thesaurus_of
from kb.web import database
from kb.word_lists import LONGEST_LIST, ChangedMeanwhile, FaultyWords, Lists, all_lists, faults_of, lists_of, save_lists
from kb.wording import Words
from webform import desk
from webform.contact_forms import clean_text
from webform.i18n import LANGUAGES
from webform.sign_in import require
from webform.staff import RoleName
from webform.word_trials import Trial, lay_out

LONGEST_TRIAL = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows: lists as they are written or were typed, what is wrong with them, and what they make of a text."""

    lists: Lists
    synonym_faults: tuple[str, ...] = ()
    stop_word_faults: tuple[str, ...] = ()
    saved: Lists | None = None
    """What somebody else has saved meanwhile."""
    text: str = ""
    trial: Trial | None = None


@require(RoleName.WRITER)
def words() -> ResponseReturnValue:
    """Show the lists of a language."""
    language = _language(request.args.get("language", ""))
    with database().reading() as session:
        return _page(Page(lists_of(session, language)))


@require(RoleName.WRITER)
def change_words() -> ResponseReturnValue:
    """Save the lists of a language, or only try them on a text."""
    typed = _typed()
    faults = faults_of(typed.synonyms, typed.stop_words, typed.language)
    told = tuple(map(describe, faults[0])), tuple(map(describe, faults[1]))
    if "try" in request.form:
        text = clean_text(request.form.get("text"))[:LONGEST_TRIAL]
        lists = Words(typed.language, typed.synonyms, typed.stop_words)
        return _page(Page(typed, *told, text=text, trial=lay_out(text, lists.word(text), lists.concepts(text))))
    try:
        with database().writing() as session:
            save_lists(
                session,
                typed.language,
                synonyms=typed.synonyms,
                stop_words=typed.stop_words,
                version=typed.version,
                author=current_user.email,
                now=datetime.now(UTC),
            )
    except FaultyWords:
        return _page(Page(typed, *told), 422)
    except ChangedMeanwhile:
        with database().reading() as session:
            saved = lists_of(session, typed.language)
        mine = Lists(typed.language, typed.synonyms, typed.stop_words, saved.version, saved.author, saved.updated_at)
        return _page(Page(mine, saved=saved), 409)
    flash(gettext("Saved. Suggestions know these words within two seconds."))
    return redirect(url_for("staff.words", language=typed.language), 303)


def describe(fault: Fault) -> str:
    """Say what is wrong with a line and what to do about it."""
    beginning = f"{fault.part[:30]}…"
    reasons = {
        Why.NO_SIGN: gettext("it has no sign between its two sides. Write = for both ways, or => for one way."),
        Why.TWO_SIGNS: gettext("it has two different signs, or two arrows. Write each rule on a line of its own."),
        Why.EMPTY_SIDE: gettext("one side is empty. Write at least one word on each side."),
        Why.ONE_PHRASE: gettext("both sides say the same. Write another word on one of them."),
        Why.TOO_SHORT: gettext("“%(part)s” is too short to be found in a text. Write at least two characters.", part=fault.part),
        Why.TOO_LONG: gettext("“%(part)s” is too long. Up to %(most)s characters are looked for.", part=beginning, most=LONGEST_PHRASE),
        Why.TOO_MANY_PHRASES: gettext("it has too many words and phrases. Up to %(most)s fit on a line.", most=MOST_PHRASES),
        Why.TOO_MANY_LINES: gettext("it is one too many. Up to %(most)s lines are kept for each language.", most=MOST_LINES),
        Why.SAYS_NOTHING: gettext("“%(part)s” is in nearly every text. Choose words that only some texts have.", part=fault.part),
    }
    told: str = gettext("Line %(line)s, “%(text)s”: %(reason)s", line=fault.line, text=fault.text[:60], reason=reasons[fault.why])
    return told


def _typed() -> Lists:
    language, version = base(request.form.get("language", "")), request.form.get("version", "")
    if _language(language) != language or not (version.isascii() and version.isdigit() and len(version) < 9):
        abort(422)
    synonyms, silent = (request.form.get(name, "").replace("\r\n", "\n") for name in ("synonyms", "stop_words"))
    if max(len(synonyms), len(silent)) > LONGEST_LIST:
        abort(413)
    with database().reading() as session:
        saved = lists_of(session, language)
    return Lists(language, synonyms, silent, int(version), saved.author, saved.updated_at)


def _language(wanted: str) -> str:
    spoken = _spoken()
    return base(wanted) if base(wanted) in spoken else spoken[0]


def _spoken() -> list[str]:
    """List the languages of articles, the most frequent first, then those of lists and of the interface."""
    with database().reading() as session:
        known = (*catalogue.languages(session), *(each.language for each in all_lists(session)), *LANGUAGES)
    return list(dict.fromkeys(base(language) for language in known))


def _page(page: Page, status: int = 200) -> ResponseReturnValue:
    usual = sorted(stop_words(page.lists.language), key=str.casefold)
    concepts = len(thesaurus_of(page.lists.language).concepts)
    html = render_template(
        "desk-words.html", page=page, spoken=_spoken(), usual=usual, concepts=concepts, longest=LONGEST_LIST, longest_trial=LONGEST_TRIAL, desk=desk
    )
    return make_response(html, status)

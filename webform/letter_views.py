"""The letters to customers, as leads read, try, write and restore them."""

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.web import database
from webform import answer_time, arrangements, letter_book, letter_forms, letter_templates, letter_texts, letters, submissions, topics
from webform.contact_forms import clean_line
from webform.i18n import LANGUAGES, choose_language
from webform.letter_book import EVERY_TOPIC, Overtaken
from webform.letter_forms import LetterForm
from webform.letter_texts import Letter
from webform.letter_values import Occasion, values
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import Offer
from webform.web import tokens

EVERY = "every"
"""What stands in an address for every topic."""
blueprint = Blueprint("letters", __name__)


@blueprint.get("/staff/letters")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show which letters leads have written, and which are those that came with the product."""
    with database().reading() as session:
        places, own = _of_topics(session), letter_templates.names(session)
        return render_template("desk-letters.html", written=letter_book.written(session), places=places, own=own, every=EVERY)


@blueprint.post("/staff/letters")
@require(RoleName.LEAD)
def add() -> ResponseReturnValue:
    """Make a letter that routing rules can choose."""
    name, now, who = clean_line(request.form.get("name")), datetime.now(UTC), current_user.email
    if not name or len(name) > letter_templates.LONGEST_NAME:
        return _told(gettext("Nothing was made: write a name of at most %(most)s characters.", most=letter_templates.LONGEST_NAME))
    with database().writing() as session:
        if len(letter_templates.names(session)) >= letter_templates.MOST_TEMPLATES:
            return _told(gettext("Nothing was made: there are %(most)s letters already; delete one first.", most=letter_templates.MOST_TEMPLATES))
        place = letter_templates.add(session, name, author=who, now=now)
        trace.record(session, actor=who, action="added", subject=f"letter:{place}", after={"name": name}, now=now)
    flash(gettext("The letter “%(name)s” is there. Write it here; rules can choose it at once.", name=name))
    return redirect(url_for("letters.write", language=choose_language(), topic=place), 303)


@blueprint.post("/staff/letters/<topic>/delete")
@require(RoleName.LEAD)
def delete(topic: str) -> ResponseReturnValue:
    """Delete a letter that no routing rule chooses."""
    now, who = datetime.now(UTC), current_user.email
    with database().writing() as session:
        if not (name := letter_templates.names(session).get(topic)):
            return _told(gettext("Nothing was deleted: there is no such letter any more."))
        if rules := letter_templates.used_by(session, topic):
            return _told(gettext("Nothing was deleted: the letter is chosen by %(rules)s.", rules=", ".join(rules)))
        letter_templates.remove(session, topic, author=who, now=now)
        trace.record(session, actor=who, action="deleted", subject=f"letter:{topic}", before={"name": name}, now=now)
    return _told(gettext("The letter “%(name)s” is deleted.", name=name))


@blueprint.errorhandler(arrangements.Overtaken)
def overtaken(_fault: arrangements.Overtaken) -> ResponseReturnValue:
    """Say that somebody else was quicker."""
    return _told(gettext("Nothing was changed: somebody else changed the letters at the same moment. Try again."))


def _told(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("letters.page"), 303)


@blueprint.route("/staff/letters/<language>/<topic>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def write(language: str, topic: str) -> ResponseReturnValue:
    """Show a letter, try other words, or keep them."""
    with database().reading() as session:
        place = _place(session, language, topic)
        last, holds = letter_book.newest(session, language, place), letter_book.in_force(session, language, place)
    form = LetterForm(holds.subject, holds.body, last.id if last else 0) if request.method == "GET" else letter_forms.posted(request.form)
    letter = form.letter()
    if request.method == "GET":
        return _form(language, topic, form, letter)
    if letter is None or "try" in request.form:
        return _form(language, topic, form, letter, status=200 if letter else 422, tried=letter is not None)
    return _kept(language, topic, form, letter)


@blueprint.post("/staff/letters/<language>/<topic>/restore")
@require(RoleName.LEAD)
def restore(language: str, topic: str) -> ResponseReturnValue:
    """Bring back an earlier version as the newest one, or give the letter up for what holds without it."""
    version = request.form.get("version", "")
    with database().reading() as session:
        place = _place(session, language, topic)
        known = {str(each.id): each for each in letter_book.versions(session, language, place)}
    if version and version not in known:
        abort(404)
    letter = known[version].letter if version else None
    form = letter_forms.posted(request.form)
    return _kept(language, topic, LetterForm(letter.subject, letter.body, form.after) if letter else form, letter)


def _kept(language: str, topic: str, form: LetterForm, letter: Letter | None) -> ResponseReturnValue:
    """Keep a letter, or say who has written another one meanwhile."""
    now, who = datetime.now(UTC), current_user.email
    try:
        with database().writing() as session:
            place = _place(session, language, topic)
            before = letter_book.in_force(session, language, place)
            letter_book.write(session, language, place, letter, after=form.after, author=who, now=now)
            after, subject = letter_book.in_force(session, language, place), f"letter:{language}/{topic}"
            action = "changed" if letter else "restored"
            trace.record(session, actor=who, action=action, subject=subject, before=_facts(before), after=_facts(after), now=now)
    except Overtaken as overtaken:
        with database().reading() as session:
            last = letter_book.newest(session, language, _place(session, language, topic))
        form.after = last.id if last else 0
        return _form(language, topic, form, form.letter(), overtaken=str(overtaken), status=409)
    flash(gettext("The letter is saved; the next customer gets it.") if letter else gettext("What holds without a letter of its own holds again."))
    return redirect(url_for("letters.write", language=language, topic=topic), 303)


def _form(
    language: str, topic: str, form: LetterForm, letter: Letter | None, *, tried: bool = False, overtaken: str | None = None, status: int = 200
) -> ResponseReturnValue:
    with database().reading() as session:
        place = _place(session, language, topic)
        versions, names, own = letter_book.versions(session, language, place), dict(_places(session)), place in letter_templates.names(session)
        filled = values(_sample(session, language, place), language, styled=False)
    shown = None
    if letter is not None:
        shown = letter_texts.as_line(letter.subject, filled), letter_texts.as_text(letter.body, filled), letter_texts.as_html(letter.body, filled)
    said = {
        "form": form,
        "shown": shown,
        "tried": tried,
        "overtaken": overtaken,
        "versions": versions,
        "variables": letter_forms.variables(),
        "filled": filled,
        "own": own,
    }
    return render_template("desk-letter.html", **said, writes=language, topic=topic, name=names[place]), status


def _sample(session: Session, language: str, place: str) -> Occasion:
    """Make up a request to fill the letter with, under the hours that hold."""
    _, given, now = letters.translator(language), submissions.terms(current_app.config, tokens()), datetime.now(UTC)
    topic = topics.find(session, place) if place else None
    return Occasion(
        name=_("Anna Sample"),
        reference="T-7F3K9Q",
        company=given.company,
        signature=given.signature,
        topic=topic.name(language) if topic else _("Pump and hoses"),
        promise=answer_time.promise(session, topic, given, now),
        sent_url=f"{given.links.base}/requests/T-7F3K9Q?key=…",
        link_days=given.request_days,
        offer=Offer(0, _("The pump runs but no water comes out"), f"{given.links.base}/help"),
        now=now,
    )


def _of_topics(session: Session) -> list[tuple[str, str]]:
    return [(EVERY_TOPIC, gettext("every topic")), *topics.choices(session, choose_language())]


def _places(session: Session) -> list[tuple[str, str]]:
    return [*_of_topics(session), *letter_templates.names(session).items()]


def _place(session: Session, language: str, topic: str) -> str:
    if language not in LANGUAGES or topic not in {EVERY, *(slug for slug, _ in _places(session) if slug)}:
        abort(404)
    return EVERY_TOPIC if topic == EVERY else topic


def _facts(letter: Letter) -> dict[str, object]:
    return {"title": letter.subject, "body": letter.body}

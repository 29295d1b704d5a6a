"""The rules of tact, as leads see and change them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import categories, rules, trace
from kb.rules import Overtaken, Rule, RuleKind
from kb.web import database, suggester
from webform import rule_forms, topics
from webform.contact_forms import clean_text
from webform.i18n import LANGUAGES, choose_language
from webform.rule_forms import RuleForm
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations

LONGEST_TRIED = 20_000
LARGEST = 2**31
blueprint = Blueprint("rules", __name__)


@blueprint.get("/staff/rules")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show every rule, and what is left out."""
    return _page()


@blueprint.post("/staff/rules/try")
@require(RoleName.LEAD)
def try_text() -> ResponseReturnValue:
    """Tell which rules a text falls under; nothing of it is kept."""
    text, topic = clean_text(request.form.get("text"))[:LONGEST_TRIED], request.form.get("topic", "")[:64]
    suggester().rule_book.refresh()
    return _page(text=text, topic=topic, tact=suggester().tact("", text, language=choose_language(), topic=topic))


@blueprint.route("/staff/rules/new/<kind>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def new(kind: str) -> ResponseReturnValue:
    """Write a new rule."""
    if kind not in set(RuleKind):
        abort(404)
    if request.method == "GET":
        return _form(RuleForm(RuleKind(kind)))
    form = rule_forms.posted(RuleKind(kind), request.form, _languages())
    with database().writing() as session:
        draft = form.draft(session)
        if draft is not None and len(rules.rules(session, RuleKind(kind))) >= rules.MOST_RULES:
            form.errors["name"], draft = gettext("There are %(most)s rules already; delete one first", most=rules.MOST_RULES), None
        if draft is not None:
            rule = rules.add(session, draft, author=current_user.email, now=datetime.now(UTC))
            _note(session, "added", f"rule:{rule.slug}", after=rule.facts())
    return _form(form, status=422) if draft is None else _done(gettext("The rule “%(name)s” holds from now on.", name=form.name))


@blueprint.route("/staff/rules/<int:number>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def change(number: int) -> ResponseReturnValue:
    """Change a rule that nobody else has changed meanwhile."""
    with database().reading() as session:
        rule = _found(session, number)
        if request.method == "GET":
            return _form(rule_forms.opened(session, rule), rule)
    form = rule_forms.posted(RuleKind(rule.kind), request.form, {*_languages(), *rule.phrases})
    try:
        with database().writing() as session:
            draft = form.draft(session)
            if draft is not None:
                changed = rules.change(session, number, draft, version=form.version, author=current_user.email, now=datetime.now(UTC))
                _note(session, "changed", f"rule:{rule.slug}", rule.facts(), changed.facts())
    except Overtaken:
        form.version = rule.version  # What stands there now has been named; saving once more is meant.
        return _form(form, rule, overtaken=True, status=409)
    return _form(form, rule, status=422) if draft is None else _done(gettext("The rule “%(name)s” is saved.", name=form.name))


@blueprint.post("/staff/rules/<int:number>/delete")
@require(RoleName.LEAD)
def delete(number: int) -> ResponseReturnValue:
    """Delete a rule that nobody else has changed meanwhile."""
    with database().reading() as session:
        rule = _found(session, number)
    try:
        with database().writing() as session:
            rules.remove(session, number, version=rule_forms.posted(RuleKind(rule.kind), request.form, ()).version)
            _note(session, "deleted", f"rule:{rule.slug}", rule.facts())
    except Overtaken:
        return _done(gettext("Nothing was deleted: somebody changed the rule “%(name)s” meanwhile. Look at it again.", name=rule.name))
    return _done(gettext("The rule “%(name)s” is deleted.", name=rule.name))


@blueprint.post("/staff/rules/exclusions")
@require(RoleName.LEAD)
def exclude() -> ResponseReturnValue:
    """Leave an article or a category out of suggestions."""
    reference, category = request.form.get("article", "").strip()[:400], request.form.get("category", "").strip()[:100]
    with database().writing() as session:
        article = rule_forms.find_by_reference(session, reference) if reference else None
        pinned = [rule for rule in rules.rules(session, RuleKind.PIN) if article and rule.article_id == article]
        if pinned:
            wrong = gettext("The rule “%(name)s” shows this article first. Change that rule before you leave the article out", name=pinned[0].name)
        elif article or category in _categories(session):
            if rules.exclude(session, article_id=article, category=None if article else category):
                _note(session, "added", "exclusion", after={"article": article} if article else {"category": category})
            wrong = ""
        else:
            wrong = gettext("There is no such article. Copy its id from the list of articles, or its address in the help centre")
    if wrong:
        return _page(status=422, reference=reference, wrong=wrong)
    return _done(gettext("It is not suggested any more. The help centre and its search still have it."))


@blueprint.post("/staff/rules/exclusions/<int:number>/delete")
@require(RoleName.LEAD)
def include(number: int) -> ResponseReturnValue:
    """Suggest again what was left out."""
    with database().writing() as session:
        left_out = rules.include(session, min(number, LARGEST - 1))
        if left_out is not None:
            _note(session, "deleted", "exclusion", {"article": left_out.article_id} if left_out.article_id else {"category": left_out.category})
    return _done(gettext("It can be suggested again."))


@blueprint.post("/staff/rules/topics/<slug>")
@require(RoleName.LEAD)
def topic(slug: str) -> ResponseReturnValue:
    """Have a topic answered by people only, or let articles be suggested for it."""
    with database().writing() as session:
        found = topics.find(session, slug) or abort(404)
        before, found.suggests = found.suggests, request.form.get("suggests") == "1"
        _note(session, "changed", f"topic:{slug}", {"suggests": before}, {"suggests": found.suggests})
        words = gettext("Articles are suggested for this topic again.") if found.suggests else gettext("This topic goes straight to a person.")
    return _done(words)


def _page(status: int = 200, **said: object) -> ResponseReturnValue:
    with database().reading() as session:
        pins, left_out, language = rules.rules(session, RuleKind.PIN), rules.exclusions(session), choose_language()
        numbers = [rule.article_id for rule in pins if rule.article_id] + [each.article_id for each in left_out if each.article_id]
        shown = {
            "people": rules.rules(session, RuleKind.PERSON),
            "pins": pins,
            "left_out": left_out,
            "titles": {number: found.title for number, found in translations(session, numbers, [language]).items()},
            "topics": [(found, found.name(language)) for slug, _ in topics.choices(session, language) if (found := topics.find(session, slug))],
            "categories": _categories(session),
        }
        tried: dict[str, object] = {"text": "", "topic": "", "tact": None, "reference": "", "wrong": ""}
        return render_template("desk-rules.html", **shown, **(tried | said)), status


def _form(form: RuleForm, rule: Rule | None = None, *, overtaken: bool = False, status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        choices = topics.choices(session, choose_language())
    spoken = list(dict.fromkeys([*_languages(), *form.phrases]))
    return render_template("desk-rule.html", form=form, rule=rule, spoken=spoken, choices=choices, overtaken=overtaken), status


def _languages() -> list[str]:
    """List the languages that a rule can have phrases in: those of the interface and those of the articles."""
    with database().reading() as session:
        return list(dict.fromkeys([*LANGUAGES, *categories.languages(session)]))


def _categories(session: Session) -> list[str]:
    spoken = categories.languages(session)
    return sorted({shelf.category for language in spoken for shelf in categories.shelves(session, language) if shelf.category})


def _note(session: Session, action: str, subject: str, before: Mapping[str, object] = {}, after: Mapping[str, object] = {}) -> None:
    trace.record(session, actor=current_user.email, action=action, subject=subject, before=before, after=after, now=datetime.now(UTC))


def _found(session: Session, number: int) -> Rule:
    return (rules.find(session, number) if number < LARGEST else None) or abort(404)


def _done(words: str) -> ResponseReturnValue:
    suggester().rule_book.refresh()
    flash(words)
    return redirect(url_for("rules.page"), 303)

"""The page about the health of an article: who met it, whom it helped, and what each revision changed."""

from datetime import UTC, date, datetime

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from deflection.article_health import FEWEST, Change, health
from deflection.article_weeks import USUAL_WEEKS
from deflection.decay import FALSE_ALARMS, LEAST_LOSS, WINDOWS
from deflection.events import Reason
from deflection.facts import READ_SECONDS
from deflection.meetings import DEFINITIONS
from kb.articles import Article
from kb.web import database
from webform import desk, health_drawing, topics
from webform.desk import percent
from webform.i18n import choose_language
from webform.links import Links
from webform.readers_word import readers_word
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations

blueprint = Blueprint("article_health", __name__)

PERIODS = (4, USUAL_WEEKS, 52)
"""Weeks that can be looked back."""
EDITIONS = 12


@blueprint.get("/staff/articles/<int:article>/health")
@require(RoleName.WRITER)
def page(article: int) -> ResponseReturnValue:
    """Show what became of the visits that met an article."""
    weeks = int(desk.asked("weeks", list(map(str, PERIODS))) or USUAL_WEEKS)
    with database().reading() as session:
        found = session.get(Article, article) if article < 2**31 else None
        if found is None:
            abort(404)
        spoken = [translation.language for translation in found.translations]
        language = desk.asked("language", spoken)
        made = health(session, article, weeks=weeks, language=language, now=datetime.now(UTC))
        named = translations(session, [article], [language or choose_language()]).get(article)
        return render_template(
            "desk-health.html",
            article=article, named=named, spoken=spoken, chosen=language, weeks=weeks, periods=PERIODS, health=made, editions=made.editions[:EDITIONS],
            trend=health_drawing.trend(made.weeks, [edition.public_from for edition in made.editions]), drawn=health_drawing,
            readers=readers_word(session, article, since=made.since, language=language), topic_labels=dict(topics.choices(session, choose_language())),
            changes=Change, reasons=reasons(), links=Links(""), percent=percent, day=day, points=points, odds=odds,
            definitions=DEFINITIONS, fewest=FEWEST, read_seconds=READ_SECONDS, windows=WINDOWS, false_alarms=FALSE_ALARMS, least_loss=LEAST_LOSS,
        )  # fmt: skip


def reasons() -> dict[Reason | None, str]:
    """Name why an article did not help."""
    return {
        Reason.NOT_MY_CASE: gettext("not their case"),
        Reason.STEPS_FAILED: gettext("the steps failed"),
        Reason.OUT_OF_DATE: gettext("out of date"),
        Reason.TOO_LONG: gettext("too long"),
        Reason.NOT_UNDERSTOOD: gettext("hard to understand"),
        Reason.TAKEN_BACK: gettext("first solved, then taken back"),
        None: gettext("no reason given"),
    }


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points, with its sign."""
    return str(format_decimal(100 * difference, "+0;−0", locale=choose_language()))


def odds(chance: float) -> str:
    """Write a small chance as once in so many, in round numbers; beyond a million nobody can tell them apart."""
    return str(format_decimal(float(f"{1 / max(chance, 1e-6):.1g}"), "#,##0", locale=choose_language()))


def day(when: date | datetime) -> str:
    """Write a day of this year or the last without its year."""
    return str(format_skeleton("MMMd", when, locale=choose_language()))

"""The staff's pages: their home, articles and counts; requests stand in ``ticket_views``."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from deflection.tallies import tally, tally_articles
from kb.web import database
from webform import answer_views, article_list_views, desk, example_views, ticket_views, try_views, word_views
from webform.i18n import choose_language
from webform.links import Links
from webform.sign_in import may, require
from webform.staff import RoleName
from webform.tried import translations

blueprint = Blueprint("staff", __name__)
blueprint.add_url_rule("/staff/requests", "requests", ticket_views.requests)
blueprint.add_url_rule("/staff/requests/<reference>", "request", ticket_views.request_page)
blueprint.add_url_rule("/staff/requests/<reference>/status", "set_status", ticket_views.set_status, methods=["POST"])
blueprint.add_url_rule("/staff/requests/<reference>/files/<int:number>", "file", ticket_views.file)
blueprint.add_url_rule("/staff/articles", "articles", article_list_views.articles)
blueprint.add_url_rule("/staff/articles/bulk", "change_articles", article_list_views.change_articles, methods=["POST"])
blueprint.add_url_rule("/staff/try", "try_text", try_views.try_text, methods=["GET", "POST"])
blueprint.add_url_rule("/staff/words", "words", word_views.words)
blueprint.add_url_rule("/staff/words", "change_words", word_views.change_words, methods=["POST"])
blueprint.add_url_rule("/staff/examples", "examples", example_views.examples)
blueprint.add_url_rule("/staff/examples", "tend_examples", example_views.tend, methods=["POST"])
blueprint.add_url_rule("/staff/examples/changes", "example_changes", example_views.changes)
blueprint.add_url_rule("/staff/examples.jsonl", "export_examples", example_views.export)
blueprint.add_url_rule("/staff/requests/<reference>/answer", "set_answer", answer_views.set_answer, methods=["POST"])

PERIODS = (1, 7, 30)


@blueprint.get("/staff")
@require(RoleName.WRITER)
def home() -> ResponseReturnValue:
    """Lead everybody to the page that their work begins with."""
    return redirect(url_for("staff.requests" if may(RoleName.LEAD) else "staff.articles"), 303)


@blueprint.get("/staff/deflection")
@require(RoleName.WRITER)
def counts() -> ResponseReturnValue:
    """Count what was shown, opened, solved and sent, over one, seven or thirty days."""
    now = datetime.now(UTC)
    days = int(desk.asked("days", list(map(str, PERIODS))) or PERIODS[1])
    with database().reading() as session:
        rows = tally_articles(session, now - timedelta(days=days))
        return render_template(
            "desk-counts.html",
            tallies={period: tally(session, now - timedelta(days=period)) for period in PERIODS},
            rows=rows,
            titles=translations(session, [row.article_id for row in rows], [choose_language()]),
            days=days,
            links=Links(""),
        )

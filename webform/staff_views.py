"""The staff's pages: their home, articles and counts; requests stand in ``ticket_views``."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from webform import answer_views, article_list_views, example_views, ticket_views, try_views, word_views
from webform.sign_in import may, require
from webform.staff import RoleName

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


@blueprint.get("/staff")
@require(RoleName.WRITER)
def home() -> ResponseReturnValue:
    """Lead everybody to the page that their work begins with."""
    return redirect(url_for("staff.requests" if may(RoleName.LEAD) else "staff.articles"), 303)

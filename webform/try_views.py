"""Trying a text: the staff see what a customer would be shown for it, and why."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from kb.web import suggester
from webform import i18n
from webform.account_page import page
from webform.contact_forms import clean_line, clean_text
from webform.sign_in import require
from webform.staff import RoleName


@require(RoleName.WRITER)
def try_text() -> ResponseReturnValue:
    """Explain a text; it comes in the body of a request, goes out in the page, and stays nowhere."""
    config = current_app.config
    subject, message = clean_line(request.form.get("subject")), clean_text(request.form.get("message"))
    chosen = request.form.get("language", "")
    language = chosen if chosen in i18n.LANGUAGES else i18n.choose_language()
    told = None
    if request.method == "POST":
        told = suggester().explain(message[: config["MAX_MESSAGE"]], subject=subject[: config["MAX_SUBJECT"]], language=language)
    return render_template("desk-try.html", subject=subject, message=message, chosen=language, page=page(told) if told else None)

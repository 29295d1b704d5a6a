"""Trying a text: the staff see what a customer would be shown for it, and why."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from kb.web import database, suggester
from webform import i18n, topics
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
    with database().reading() as session:
        known = topics.choices(session, i18n.choose_language())
        topic = topics.find(session, clean_line(request.form.get("topic"))[:64])
    slug, mute = (topic.slug, not topic.suggests) if topic else ("", False)
    told = None
    if request.method == "POST":
        told = suggester().explain(message[: config["MAX_MESSAGE"]], subject=subject[: config["MAX_SUBJECT"]], language=language, topic=slug)
    typed = {"subject": subject, "message": message, "language": language, "topic": slug}
    return render_template("desk-try.html", typed=typed, topics=known, mute=mute, page=page(told) if told else None)

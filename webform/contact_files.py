"""Files of the form: taken when they come, kept while the rest is put right, and refused in words."""

from datetime import datetime

from flask import current_app, request
from flask_babel import gettext

from kb.web import database
from webform import attachments
from webform.attachments import Attachment, AttachmentRefused, Refusal
from webform.lines import one_line

SHOWN_NAME = 60
MOST_NAMED = 40


def receive(visit: str, now: datetime) -> tuple[list[Attachment], list[str]]:
    """Keep the files of a post, together with those that were kept before and are still wanted.

    :param visit: the random part of the visit's token.
    :return: the files that wait to be sent, and what is wrong with the others.
    """
    most = current_app.config["MAX_FILES"]
    uploads = [upload for upload in request.files.getlist("attachments") if upload.filename] if most else []
    unwanted = set(request.form.getlist("remove"))
    named = [token for token in request.form.getlist("kept")[:MOST_NAMED] if token not in unwanted]
    if not uploads and not named and not unwanted:
        return [], []
    refused: list[str] = []
    with database().writing() as session:
        attachments.drop_others(session, visit, named, now)
        kept = attachments.waiting(session, visit, named)
        for upload in uploads[: most + 1]:
            name = upload.filename or ""
            try:
                file = attachments.keep(session, visit=visit, filename=name, content=upload.read(), now=now, most_files=most, most_bytes=most_bytes())
            except AttachmentRefused as refusal:
                refused.append(_words(refusal.reason, one_line(name, SHOWN_NAME)))
            else:
                kept += [file] if file not in kept else []
    return kept, list(dict.fromkeys(refused))


def most_bytes() -> int:
    """Tell how large all files of a request may be together."""
    return int(current_app.config["MAX_FILE_MEGABYTES"]) * 1_000_000


def _words(reason: Refusal, name: str) -> str:
    config = current_app.config
    words: dict[Refusal, str] = {
        Refusal.EMPTY: gettext("Choose another file instead of “%(name)s”; it is empty", name=name),
        Refusal.KIND: gettext("Choose a picture, a PDF, a text or an office document instead of “%(name)s”", name=name),
        Refusal.TOO_LARGE: gettext("Choose smaller files; with “%(name)s” they are over %(limit)s MB", name=name, limit=config["MAX_FILE_MEGABYTES"]),
        Refusal.TOO_MANY: gettext("Send %(limit)s files at most; “%(name)s” is one too many", name=name, limit=config["MAX_FILES"]),
    }
    return words[reason]

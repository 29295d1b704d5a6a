"""Files of the form: taken when they come, kept while the rest is put right, and refused in words."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from kb.web import database
from webform import attachments, bare_pictures, file_kinds, virus_scan
from webform.attachments import Attachment, AttachmentRefused, Refusal, Scan
from webform.bare_pictures import NotBare
from webform.form_bytes import FormRequest, Room
from webform.lines import one_line
from webform.virus_scan import Verdict

WITHOUT_FILES = "application/x-www-form-urlencoded"
SHOWN_NAME = 60
MOST_NAMED = 40
TIMES_READ = 5
"""How many times as much as the files may have is read of a post, so that one that is too large is named beside the words that came with it."""
MILLION_PIXELS = bare_pictures.MOST_PIXELS // 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bare:
    """A file that is ready to be kept: a picture with nothing but the picture in it, anything else as it came."""

    filename: str
    content: bytes
    scan: Scan = Scan.DONE


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
    ready: list[Bare] = [each for upload in uploads[: most + 1] if (each := _ready(upload, refused))]
    with database().writing() as session:
        attachments.drop_others(session, visit, named, now)
        kept = attachments.waiting(session, visit, named)
        for each in ready:
            try:
                file = keep(session, visit, each, now)
            except AttachmentRefused as refusal:
                refused.append(in_words(refusal.reason, each.filename))
            else:
                kept += [file] if file not in kept else []
    return kept, list(dict.fromkeys(refused))


def bound_words() -> None:
    """Let a post without files be no larger than its texts may be; only the other kind is bounded while it is being read."""
    if request.mimetype == WITHOUT_FILES:
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def read_generously() -> None:
    """Read a form with files to its end also where they are too large, within reason: who has no script gets back what they typed."""
    if request.mimetype == WITHOUT_FILES:
        bound_words()
        return
    form = cast("FormRequest", request)
    form.max_content_length = TIMES_READ * most_bytes() + int(current_app.config["MAX_FORM_MEMORY_SIZE"])
    form.room = Room(most_bytes(), most_each())


def keep(session: Session, visit: str, file: Bare, now: datetime) -> Attachment:
    """Keep one file that is ready, within what the settings allow.

    :raises AttachmentRefused: if it cannot be taken.
    """
    return attachments.keep(
        session,
        visit=visit,
        filename=file.filename,
        content=file.content,
        now=now,
        scan=file.scan,
        most_files=current_app.config["MAX_FILES"],
        most_bytes=most_bytes(),
    )


def most_bytes() -> int:
    """Tell how large all files of a request may be together."""
    return int(current_app.config["MAX_FILE_MEGABYTES"]) * 1_000_000


def most_each() -> int:
    """Tell how large one file may be."""
    return min(int(current_app.config["MAX_EACH_FILE_MEGABYTES"]) * 1_000_000, most_bytes())


def bare(filename: str, content: bytes) -> Bare:
    """Give a file as it is kept: a picture with nothing but the picture in it, anything else as it came, and no virus.

    :raises AttachmentRefused: if it is too large, infected, not scanned where it must be, or a picture that is damaged or too large to be looked at.
    """
    if len(content) > most_each():
        raise AttachmentRefused(_too_large())
    kind = file_kinds.tell(filename, content)
    scan = _scan(content) if kind is not None else Scan.DONE
    if kind is None or kind.content_type not in bare_pictures.KINDS:
        return Bare(filename, content, scan)
    try:
        return Bare(filename, bare_pictures.bare(content, kind.content_type), scan)
    except NotBare as fault:
        raise AttachmentRefused(Refusal(fault.fault)) from fault


def _scan(content: bytes) -> Scan:
    """Let the scanner look, if there is one, at the file as it came; tell whether the file has to wait for it.

    :raises AttachmentRefused: if it is infected, or the scanner is silent where it must be heard.
    """
    config = current_app.config
    if not config["CLAMD_SOCKET"] or not content:
        return Scan.DONE
    verdict = virus_scan.scan(config["CLAMD_SOCKET"], content)
    if verdict is Verdict.SILENT:
        log.error("a file was not scanned: clamd did not answer", extra={"refused": config["CLAMD_REQUIRED"]})
    if verdict is Verdict.INFECTED:
        raise AttachmentRefused(Refusal.INFECTED)
    if verdict is Verdict.SILENT and config["CLAMD_REQUIRED"]:
        raise AttachmentRefused(Refusal.UNSCANNED)
    return Scan.WAITING if verdict is Verdict.SILENT else Scan.DONE


def _ready(upload: FileStorage, refused: list[str]) -> Bare | None:
    """Make a file ready before the database is held for it."""
    name = upload.filename or ""
    try:
        if getattr(upload.stream, "is_cut", False):
            raise AttachmentRefused(_too_large())
        return bare(name, upload.read())
    except AttachmentRefused as refusal:
        refused.append(in_words(refusal.reason, name))
        return None


def _too_large() -> Refusal:
    return Refusal.EACH if most_each() < most_bytes() else Refusal.TOO_LARGE


def in_words(reason: Refusal, filename: str) -> str:
    """Say why a file is not taken, and what to do."""
    config, name = current_app.config, one_line(filename, SHOWN_NAME)
    words: dict[Refusal, str] = {
        Refusal.EMPTY: gettext("Choose another file instead of “%(name)s”; it is empty", name=name),
        Refusal.KIND: gettext("Choose a picture, a PDF, a text or an office document instead of “%(name)s”", name=name),
        Refusal.BROKEN: gettext("Choose another copy of “%(name)s”; this one is damaged or cut short", name=name),
        Refusal.PIXELS: gettext("Choose a smaller copy of “%(name)s”; it has more than %(most)s million pixels", name=name, most=MILLION_PIXELS),
        Refusal.TOO_LARGE: gettext("Choose smaller files; with “%(name)s” they are over %(limit)s MB", name=name, limit=config["MAX_FILE_MEGABYTES"]),
        Refusal.INFECTED: gettext("Leave this file out: a virus was found in “%(name)s”", name=name),
        Refusal.UNSCANNED: gettext("Try again in a minute, or send without “%(name)s”: it could not be checked for viruses", name=name),
        Refusal.EACH: gettext("Choose a smaller file instead of “%(name)s”; it is over %(limit)s MB", name=name, limit=config["MAX_EACH_FILE_MEGABYTES"]),
        Refusal.TOO_MANY: gettext("Send %(limit)s files at most; “%(name)s” is one too many", name=name, limit=config["MAX_FILES"]),
    }
    return words[reason]

"""Pictures from writers: drawn anew, kept, and given back as the Markdown that shows them."""

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kb import pictures
from kb.picture_bytes import MOST_BYTES, MOST_PIXELS, PictureRefused, Refusal, draw
from kb.picture_names import address
from kb.web import database
from webform.lines import one_line
from webform.sign_in import require
from webform.staff import RoleName

LONGEST_ALTERNATIVE = 300
_STATUS = {Refusal.DRAWING: 415, Refusal.KIND: 415, Refusal.BYTES: 413, Refusal.PIXELS: 413, Refusal.FRAMES: 413}
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\[]!`*_<>&~|"})

blueprint = Blueprint("pictures", __name__)


@blueprint.post("/staff/pictures")
@require(RoleName.WRITER)
def upload() -> ResponseReturnValue:
    """Keep the picture of field ``picture``; field ``alternative`` says it in words for those who do not see it."""
    chosen = request.files.get("picture")
    words = one_line(request.form.get("alternative", ""), LONGEST_ALTERNATIVE)
    try:
        drawn = draw(chosen.stream.read(MOST_BYTES + 1) if chosen else b"")
    except PictureRefused as refused:
        return _refuse(refused.reason)
    with database().writing() as session:
        name = pictures.keep(session, drawn, datetime.now(UTC))
    place = address(name)
    answer: dict[str, object] = {"address": place, "markdown": f"![{words.translate(_SPECIAL)}]({place})", "alternative": words}
    if not words:
        answer["question"] = gettext("What does the picture show? Say it in a few words for those who do not see it.")
    return jsonify(answer | {"width": drawn.size.width, "height": drawn.size.height}), 201


def refusal_words(reason: Refusal) -> str:
    """Say why a picture is not taken, and what to do."""
    words: dict[Refusal, str] = {
        Refusal.EMPTY: gettext("Choose a picture; this one is empty."),
        Refusal.DRAWING: gettext("An SVG drawing can carry programs and is not taken. Save it as PNG, then choose that."),
        Refusal.KIND: gettext("Choose a PNG, JPEG, WebP or GIF picture; this file is none of them."),
        Refusal.BYTES: gettext("Choose a smaller picture; this one is larger than %(limit)s MB.", limit=MOST_BYTES // 1_000_000),
        Refusal.PIXELS: gettext("Make the picture smaller; it has more than %(limit)s million pixels.", limit=MOST_PIXELS // 1_000_000),
        Refusal.FRAMES: gettext("Make the moving picture shorter or smaller; it has too many frames."),
        Refusal.BROKEN: gettext("The picture is broken. Save it anew, then choose it again."),
    }
    return words[reason]


def _refuse(reason: Refusal) -> tuple[Response, int]:
    return jsonify({"error": refusal_words(reason), "reason": reason}), _STATUS.get(reason, 422)

"""The script that shows the form on other sites, and the page on which its snippet is put together."""

from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, request

from kb.web import database
from webform import embedding, topics
from webform.embedding import Mode
from webform.headers import POLICY
from webform.i18n import LANGUAGES, choose_language
from webform.sign_in import require
from webform.staff import RoleName

SCRIPT = Path(__file__).parent / "static" / "embed.js"
DISPLAYS = ("inline", "button", "link")
KEEP_SECONDS = 3600
blueprint = Blueprint("embed", __name__)


@blueprint.get("/embed.js")
def script() -> Response:
    """Give the script; any site may load it, and only allowed ones can show what it brings."""
    response = Response(SCRIPT.read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/staff/embed")
@require(RoleName.LEAD)
def page() -> Response:
    """Put a snippet together, and show what it brings."""
    config = current_app.config
    with database().reading() as session:
        offered = topics.choices(session, choose_language())
    chosen = {
        "display": _one_of("display", DISPLAYS),
        "mode": _one_of("mode", [mode.value for mode in (Mode.EQUAL, Mode.ANSWERS, Mode.FORM)]),
        "language": request.args.get("language", "") if request.args.get("language") in LANGUAGES else "",
        "topic": request.args.get("topic", "") if request.args.get("topic") in {slug for slug, _ in offered} else "",
    }
    origin = embedding.own_origin(config["BASE_URL"])
    answer = make_response(
        render_template(
            "desk-embed.html",
            chosen=chosen,
            topics=offered,
            attributes={name: value for name, value in chosen.items() if value and value not in {"inline", Mode.EQUAL}},
            home=config["BASE_URL"],
            sites=config["EMBED_SITES"],
            preview=urlencode(
                {"embed": origin, "lang": chosen["language"] or choose_language()} | {name: chosen[name] for name in ("topic", "mode") if chosen[name]}
            ),
        )
    )
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def _one_of(name: str, allowed: list[str] | tuple[str, ...]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in allowed else allowed[0]

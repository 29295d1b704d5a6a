"""The coverage of languages: how much customers can read in each, and what is to be translated next."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kb import coverage
from kb.coverage import State
from kb.drafts import MAX_CATEGORY
from kb.web import database
from webform import desk
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/staff/translations")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """Count articles by language and state, one language by category, and list what is in one state."""
    with database().reading() as session:
        found = coverage.coverage(session)
        language = desk.asked("language", found.languages) or next(iter(_by_work(found)), "")
        state = desk.asked("state", list(State))
        category = request.args.get("category", "").replace("\0", "")[:MAX_CATEGORY] if "category" in request.args else None
        listed = coverage.page(session, found, language, State(state), category=category, number=desk.page_number(), per_page=desk.PAGE) if state else None
        chosen = {"language": language, "state": state} | ({"category": category} if category is not None else {})
        return render_template(
            "desk-coverage.html", found=found, spoken=language, state=state, category=category, listed=listed, chosen=chosen, states=states()
        )


def states() -> dict[State, str]:
    """Name how an article can stand in a language."""
    return {
        State.CURRENT: gettext("up to date"),
        State.LATE: gettext("out of date"),
        State.DRAFT: gettext("draft"),
        State.MISSING: gettext("missing"),
    }


def _by_work(found: coverage.Coverage) -> list[str]:
    return sorted(found.languages, key=lambda each: (-found.languages[each].late, -found.languages[each].missing))

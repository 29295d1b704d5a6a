"""The ways to a person beside the form, as leads arrange them."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import trace
from kb.web import database
from webform import arrangements, channel_forms, hand_over, hour_forms, office_hours, topics
from webform.arrangements import Overtaken
from webform.channel_forms import ChannelForm
from webform.hand_over import CHANNELS
from webform.i18n import choose_language
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("channels", __name__)


@blueprint.get("/staff/channels")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show the ways that hold, as customers see them now."""
    with database().reading() as session:
        kept = arrangements.find(session, CHANNELS)
        return _page(channel_forms.opened(hand_over.read(session), kept.version if kept else 0))


@blueprint.post("/staff/channels")
@require(RoleName.LEAD)
def change() -> ResponseReturnValue:
    """Keep other ways that nobody else has changed meanwhile."""
    form, now = channel_forms.posted(request.form), datetime.now(UTC)
    with database().reading() as session:
        has_hours = office_hours.read(session) is not None
        known = [slug for slug, _ in topics.choices(session, choose_language())]
    channels = form.channels(has_hours=has_hours, known=known)
    if channels is None:
        return _page(form, status=422)
    try:
        with database().writing() as session:
            before = hand_over.read(session).facts()
            arrangements.keep(session, CHANNELS, channels.facts(), version=form.version, author=current_user.email, now=now)
            trace.record(session, actor=current_user.email, action="changed", subject="channels", before=before, after=channels.facts(), now=now)
    except Overtaken:
        with database().reading() as session:
            kept = arrangements.find(session, CHANNELS)
        form.version = kept.version if kept else 0
        return _page(form, overtaken=kept.changed_by if kept else "", status=409)
    flash(gettext("Customers see these ways from now on."))
    return redirect(url_for("channels.page"), 303)


def _page(form: ChannelForm, *, overtaken: str | None = None, status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        language = choose_language()
        shown = hand_over.shown(session, "", language, datetime.now(UTC))
        said = {"form": form, "kept": arrangements.find(session, CHANNELS), "shown": shown, "choices": topics.choices(session, language)}
        hours = office_hours.read(session)
    return render_template("desk-channels.html", **said, days=hour_forms.day_names(), hours=hours, overtaken=overtaken), status

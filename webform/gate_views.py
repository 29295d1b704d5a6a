"""The gate in a lead's hand: what each place of it shows right, wrong and not at all, and the choice of one."""

import math
from collections import Counter
from datetime import UTC, datetime

from babel.numbers import format_decimal
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb.evidence import Evidence
from kb.gate_choices import choose, history
from kb.gates import GateSource, GateState
from kb.web import database, suggester
from webform import desk
from webform.desk import percent
from webform.gate_curve import draw
from webform.i18n import choose_language
from webform.links import Links
from webform.replay import Looked, Replay, Replayed, Verdict
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations

blueprint = Blueprint("gate", __name__)

REPLAY = "webform.replay"
SHARES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)
"""Shares of false shows for which a point is offered."""
LASTS = (50, 200, 1000)
ASKING_SECONDS = 1.5
LISTED, MOST_LISTED, REMEMBERED = 12, 200, 20


@blueprint.get("/staff/gate")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show what the gate in force and another one do, to labelled texts and to the last requests."""
    standing = suggester().standing()
    if standing is None:
        return render_template("desk-gate.html", standing=None)
    evidence = standing.calibration.evidence
    picked = _asked_gate(standing.gate)
    last = int(desk.asked("last", list(map(str, LASTS))) or LASTS[1])
    looked = _replay().look(last, seconds=ASKING_SECONDS)
    now, then = evidence.at(standing.gate), evidence.at(picked)
    listed = sorted(looked.requests, key=lambda each: _order(each, standing.gate, picked))[: MOST_LISTED if desk.asked("more") else LISTED]
    with database().reading() as session:
        shown = {article for each in listed for gate in (standing.gate, picked) for article in each.shown(gate)}
        return render_template(
            "desk-gate.html",
            standing=standing, sources=GateSource, picked=picked, now=now, then=then,
            drawing=draw(evidence, now, then) if now.answered.total and now.false_shows.total else None,
            points=[evidence.at(gate) for gate in _points(evidence, standing, picked)],
            last=last, lasts=LASTS, looked=looked, listed=listed, verdicts=Verdict,
            tallies=[_tally(looked, gate) for gate in (standing.gate, picked)],
            titles=translations(session, sorted(shown), [choose_language()]),
            history=history(session, REMEMBERED), links=Links(""), percent=percent, number=number,
        )  # fmt: skip


@blueprint.post("/staff/gate")
@require(RoleName.LEAD)
def pick() -> ResponseReturnValue:
    """Put a gate in force, or the calibrated one again."""
    text = request.form.get("gate", "")
    gate = _gate(text)
    if text and gate is None:
        abort(400)
    standing = suggester().standing()
    if standing is None or standing.source is GateSource.SETTING:
        flash(gettext("Nothing was changed: the setting WEBFORM_GATE holds."), desk.REFUSED)
        return redirect(url_for("gate.page"), 303)
    with database().writing() as session:
        choose(session, gate, previous=standing.gate, by=current_user.email, reason=request.form.get("reason", ""), now=datetime.now(UTC))
    suggester().chosen_gate.refresh()
    flash(gettext("The gate is now %(gate)s.", gate=number(gate)) if gate is not None else gettext("The calibrated gate holds again."))
    return redirect(url_for("gate.page"), 303)


def number(gate: float) -> str:
    """Write a gate with as many digits as tell it from its neighbours."""
    return str(format_decimal(gate, "0.000" if 0.001 <= gate <= 0.999 or gate in {0.0, 1.0} else "0.00000", locale=choose_language()))


def _gate(text: str) -> float | None:
    """Read a gate; nothing if it is none."""
    try:
        gate = float(text[:40].strip().replace(",", "."))
    except ValueError:
        return None
    return gate if math.isfinite(gate) and 0 <= gate <= 1 else None


def _asked_gate(usual: float) -> float:
    """Read which gate is to be looked at: typed, or else picked from the points."""
    for name in ("other", "gate"):
        if (gate := _gate(request.args.get(name, ""))) is not None:
            return gate
    return usual


def _points(evidence: Evidence, standing: GateState, picked: float) -> list[float]:
    """Choose the gates that are offered, from the strictest to the most open."""
    return sorted({0.0, 1.0, *(evidence.gate_at(share) for share in SHARES), standing.gate, standing.calibration.gate, picked}, reverse=True)


def _tally(looked: Looked, gate: float) -> Counter[Verdict]:
    return Counter(each.verdict(gate) for each in looked.requests)


def _order(each: Replayed, now: float, then: float) -> tuple[bool, bool, float]:
    """Put first what the other gate changes, then what it shows."""
    return each.shown(now) == each.shown(then), not each.shown(then), -each.sent_at.timestamp()


def _replay() -> Replay:
    replay: Replay = current_app.extensions.setdefault(REPLAY, Replay(database(), suggester()))
    return replay

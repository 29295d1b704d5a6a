"""Words of tiles: how each figure is counted, so that somebody who doubts it can count again."""

from flask_babel import gettext

from deflection.lift import FEWEST
from webform import desk

CONFIDENCE = 0.95
FEWEST_OPENED = 20
"""Openings from which on an article is listed."""


def definition(name: str) -> tuple[str, ...]:
    """Say how a tile is counted, paragraph by paragraph."""
    if name in {"topics", "languages", "devices", "sites", "releases"}:
        return (_rate(), _groups(name))
    return {
        "rate": lambda: (_rate(), _confirmed(), _engaged()),
        "trend": _trend,
        "lift": _lift,
        "savings": _savings,
        "funnel": _funnel,
        "guards": _guards,
        "articles": _articles,
        "gaps": _gaps,
        "hours": _hours,
    }[name]()


def _rate() -> str:
    return str(
        gettext(
            "Confirmed visits divided by engaged visits that could see answers, with Wilson's interval (%(confidence)s). "
            "What is presumed stands beside it and is never added.",
            confidence=desk.percent(CONFIDENCE),
        )
    )


def _confirmed() -> str:
    return str(
        gettext(
            "Confirmed: said “this solved my problem” and did not send anything about the same topic within 7 days, as the same person or from "
            "the same browser. "
            "Presumed: had an article in view for 5 seconds at least, sent nothing, and did not come back."
        )
    )


def _engaged() -> str:
    return str(
        gettext(
            "Engaged: typed a real question, two content words at least or one in a sentence of four words. Forms that were only opened do "
            "not count, nor robots, nor what a rule sends straight to a person. "
            "A visit ends with sending, or after 30 idle minutes."
        )
    )


def _groups(name: str) -> str:
    told: dict[str, str] = {
        "topics": gettext("The topic is the one that was chosen in the form."),
        "languages": gettext("The language is that of the form."),
        "devices": gettext("The device is told by how wide the page was; nothing is kept of the browser's name."),
        "sites": gettext("The site is the one in whose page the form stood."),
        "releases": gettext("The release is the version of this product that showed the form."),
    }
    return told[name]


def _trend() -> tuple[str, ...]:
    return (
        _rate(),
        gettext(
            "Each day, or each week from Monday to Sunday, in UTC, by itself; what lies outside of the period is left out. A visit may be "
            "taken back for seven days: the last points can still fall."
        ),
        gettext("Publications and changes of the gate are drawn as they happened; incidents are noted by leads, and the trace keeps who did."),
    )


def _lift() -> tuple[str, ...]:
    return (
        gettext("Requests per 100 engaged visits among those that saw a plain form, minus those per 100 among those that saw answers. Which "
                "form a visit sees is drawn by a keyed hash; nobody chooses it."),
        gettext(
            "A difference is claimed only when the always-valid interval leaves 0 out, once there are %(fewest)s visits of each kind. It "
            "holds at all times at once, so looking every day does not "
            "make it lie: among installations where answers change nothing, at most %(share)s ever claim something. The interval of a single look "
            "is Newcombe's.", fewest=FEWEST, share=desk.percent(1 - CONFIDENCE)
        ),
        gettext("To tell 30 from 25 requests per 100 in a single look takes about 1,250 visits of each kind; looking every day takes more."),
    )  # fmt: skip


def _savings() -> tuple[str, ...]:
    return (
        gettext(
            "Lift times engaged visits that could see answers times the cost of a contact (the setting WEBFORM_COST_PER_CONTACT). Its "
            "interval is the always-valid one of the lift."
        ),
        gettext("It is shown only with its interval; while that spans 0 nobody can say whether anything was saved."),
    )


def _funnel() -> tuple[str, ...]:
    return (
        gettext("Visits that could see answers, step by step. Without a script nobody can tell that a form was opened before something is sent."),
        gettext("The last step is what customers said themselves. What visits came to otherwise stands under the rate."),
    )


def _guards() -> tuple[str, ...]:
    return (
        gettext(
            "What must not get worse because of answers, each held against visits that saw a plain form: visits that came to nothing; the "
            "time from the first character to sending (the geometric mean)."
        ),
        gettext(
            "Sent after a bad suggestion: of visits that were shown what did not help, those that sent a request, which must not be fewer "
            "than of visits from which something was withheld."
        ),
        gettext(
            "Taken back: of visits that an article is believed to have helped, those whose person sent a request within 7 days, against "
            "those that left the plain form without sending."
        ),
        gettext("A guard turns red when its always-valid interval (%(confidence)s) lies wholly on the bad side.", confidence=desk.percent(CONFIDENCE)),
    )


def _articles() -> tuple[str, ...]:
    return (
        gettext(
            "Solves: of visits that opened the article, those that said it solved their problem and did not come back. Fails: those that led "
            "to a request all the same, at once or within 7 days."
        ),
        gettext("An article is listed from %(fewest)s openings on, by the lower bound of its interval, so that luck does not lead.", fewest=FEWEST_OPENED),
        gettext("Its counts lead to the visits behind them; so does choosing an article under “Only some visits”."),
    )


def _gaps() -> tuple[str, ...]:
    return (
        gettext("Requests for which nothing good was shown, grouped by likeness. Only what was sent is grouped; what was typed and not sent is not kept."),
        gettext(
            "The groups that wait today, whatever days and filters are chosen: all their requests, and those of the last 28 days. Each leads to its requests."
        ),
    )


def _hours() -> tuple[str, ...]:
    return (gettext("Visits with either form that typed a real question or sent a request, by the hour in which they began, in UTC."),)

"""The words of work: what each kind of it is called, and what is to be done."""

from flask_babel import gettext

from deflection.work import WorkKind


def kinds() -> dict[WorkKind, str]:
    """Name why a text is in the list."""
    return {
        WorkKind.FAILING: gettext("helps few"),
        WorkKind.DECAYED: gettext("helps fewer than before"),
        WorkKind.PASSED_OVER: gettext("is passed over"),
        WorkKind.OUTDATED: gettext("translation out of date"),
        WorkKind.REVIEW: gettext("review due"),
        WorkKind.GAP: gettext("no article yet"),
    }


def tasks() -> dict[WorkKind, str]:
    """Name what is to be done."""
    return {
        WorkKind.FAILING: gettext("Rewrite it"),
        WorkKind.DECAYED: gettext("Check what has changed"),
        WorkKind.PASSED_OVER: gettext("Find a better title"),
        WorkKind.OUTDATED: gettext("Bring the translation up to date"),
        WorkKind.REVIEW: gettext("Read it again"),
        WorkKind.GAP: gettext("Write an article"),
    }

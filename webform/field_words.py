"""The words of fields: what kinds of questions there are."""

from flask_babel import gettext

from webform.fields import FieldKind


def kinds() -> dict[str, str]:
    """Name the kinds of answers, in the order in which they are offered."""
    return {
        FieldKind.TEXT: gettext("a line of text"),
        FieldKind.LONG: gettext("a longer text"),
        FieldKind.CHOICE: gettext("one of several choices"),
        FieldKind.CHOICES: gettext("any of several choices"),
        FieldKind.DATE: gettext("a day"),
        FieldKind.NUMBER: gettext("a number"),
        FieldKind.EMAIL: gettext("an e-mail address"),
        FieldKind.PHONE: gettext("a telephone number"),
        FieldKind.ORDER: gettext("an order number or another code"),
        FieldKind.CONSENT: gettext("a consent"),
    }

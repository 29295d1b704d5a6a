"""A call-back in words: when we call, for the customer and for the team."""

from zoneinfo import ZoneInfo

from webform import answer_time, letters
from webform.call_back import Call, Slot
from webform.tickets import Ticket


def call_of(ticket: Ticket) -> Call | None:
    """Give the call that a ticket asks for; nothing if it is no call-back."""
    if not ticket.phone:
        return None
    zone = ZoneInfo(ticket.call_zone or "UTC")
    since, until = ticket.call_from, ticket.call_until
    slot = Slot(since.astimezone(zone), until.astimezone(zone)) if since and until else None
    return Call(ticket.phone, slot, ticket.call_zone)


def when(slot: Slot | None, language: str) -> str:
    """Say when somebody wants to be called."""
    _ = letters.translator(language)
    if slot is None:
        return _("as soon as somebody is free")
    values = {"day": answer_time.day(slot.since, language), "from_": answer_time.clock(slot.since, language), "until": answer_time.clock(slot.until, language)}
    return _("%(day)s, %(from_)s–%(until)s (%(zone)s)", zone=answer_time.zone_name(slot.since, language), **values)


def subject(slot: Slot | None, language: str) -> str:
    """Give the subject of a call-back, in the language of the team."""
    _ = letters.translator(language)
    return _("Call back: %(when)s", when=when(slot, language))


def sentence(slot: Slot | None, language: str) -> str:
    """Tell the customer when we call; the number is not repeated."""
    _ = letters.translator(language)
    if slot is None:
        return _("We call you as soon as somebody is free.")
    return _("We call you: %(when)s.", when=when(slot, language))

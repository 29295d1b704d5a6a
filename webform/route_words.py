"""The words of routing: what rules did to a request, and what could not be done, as people read it."""

from collections.abc import Callable, Iterator

from webform.routing import Route

Translate = Callable[..., str]


def deeds(route: Route, _: Translate) -> list[str]:
    """Say what the rules did, in the order in which it matters."""
    return list(_deeds(route, _))


def faults(route: Route, _: Translate) -> list[str]:
    """Say what could not be done, and what was done in its place."""
    return [_fault(each, _) for each in route.faults]


def _deeds(route: Route, _: Translate) -> Iterator[str]:
    if route.addresses:
        yield _("sent to %(addresses)s", addresses=", ".join(route.addresses))
    if route.copies:
        yield _("copied to %(addresses)s", addresses=", ".join(route.copies))
    if route.priority:
        yield _("priority %(priority)s", priority=priorities(_).get(route.priority, route.priority))
    if route.tags:
        yield _("tagged %(tags)s", tags=", ".join(route.tags))
    if route.template:
        yield _("acknowledged with the template %(name)s", name=route.template)
    if route.never_suggest:
        yield _("nothing was suggested")
    if route.events:
        yield _("event %(names)s", names=", ".join(route.events))


def _fault(fault: str, _: Translate) -> str:
    kind, subject = fault.partition(":")[::2]
    if kind == "address":
        return _("A rule names the address %(address)s, to which no mail can be sent; it was left out.", address=subject)
    if kind == "topic":
        return _("The topic names the address %(address)s, to which no mail can be sent; it was left out.", address=subject)
    return _("The routing rules could not be applied (%(fault)s); the request went its usual way.", fault=subject)


def priorities(_: Translate) -> dict[str, str]:
    """Name the priorities, the least first."""
    return {"low": _("low"), "normal": _("normal"), "high": _("high"), "urgent": _("urgent")}

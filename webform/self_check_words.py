"""What the self-check found, in words: on the staff's page, and in the mail to leads."""

from collections.abc import Callable, Mapping

from babel.numbers import format_decimal

from webform.self_check import Fault

Say = Callable[..., str]


def heading(fault: str, _: Say) -> str:
    """Name what is wrong."""
    return {
        Fault.DOWN: lambda: _("The form does not answer"),
        Fault.EMPTY: lambda: _("No article is published"),
        Fault.STALE: lambda: _("The form answers from an old index"),
        Fault.HITS: lambda: _("Too few questions find their article"),
        Fault.NOISE: lambda: _("Texts that must stay unanswered are answered"),
        Fault.SLOW: lambda: _("Answers are slow"),
        Fault.MAIL: lambda: _("Mail is stuck"),
    }[Fault(fault)]()


def figures(fault: str, facts: Mapping[str, object], _: Say, language: str) -> str:
    """Say by which figures it was seen, with numbers as the language writes them."""
    told = {name: format_decimal(fact, locale=language) if isinstance(fact, int | float) else fact for name, fact in facts.items()}

    def fact(name: str) -> object:
        return told.get(name, "")

    said: dict[Fault, Callable[[], str]] = {
        Fault.DOWN: lambda: _("Asked as a browser asks, it said: %(why)s", why=fact("why")),
        Fault.EMPTY: lambda: _("Nothing can be suggested."),
        Fault.STALE: lambda: _("What was published last is not in it."),
        Fault.HITS: lambda: _("%(right)s of %(of)s questions find the article that staff named.", right=fact("right"), of=fact("of")),
        Fault.NOISE: lambda: _("%(right)s of %(of)s such texts get no suggestion.", right=fact("right"), of=fact("of")),
        Fault.SLOW: lambda: _(
            "Nine of ten come within %(seconds)s seconds; %(cut)s of %(of)s were given up.", seconds=fact("seconds"), cut=fact("cut_short"), of=fact("of")
        ),
        Fault.MAIL: lambda: _(
            "The oldest mail has been due for %(minutes)s minutes; %(failed)s were given up within a day.", minutes=fact("minutes"), failed=fact("failed")
        ),
    }
    return said[Fault(fault)]()


def advice(fault: str, _: Say) -> str:
    """Say what to do."""
    return {
        Fault.DOWN: lambda: _("Look whether the server runs, and whether WEBFORM_SELF_CHECK_URL leads to it from the worker's machine."),
        Fault.EMPTY: lambda: _("Publish articles, or import them."),
        Fault.STALE: lambda: _("Look whether the worker runs and whether the disk is full; `webform kb reindex` builds the index by hand."),
        Fault.HITS: lambda: _("Look at what is shown instead: an article may have changed, or the gate may stand too high."),
        Fault.NOISE: lambda: _("Look at what is shown: the gate may stand too low."),
        Fault.SLOW: lambda: _("Look at what else the machine does."),
        Fault.MAIL: lambda: _("Look at the outbox: it has the mail server's words. This message may be stuck with the others."),
    }[Fault(fault)]()

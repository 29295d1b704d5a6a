"""The form of a webhook: what a lead filled in, and what is wrong with it in words."""

from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webform import hooks, outgoing
from webform.contact_forms import clean_line
from webform.hooks import CHOICES, Detail, Draft, Hook, HookEvent

LONGEST_URL = 1000


@dataclass(slots=True)
class HookForm:
    """A webhook as it stands in its form, and what is wrong by field: ``url`` or ``events``."""

    url: str = ""
    events: frozenset[HookEvent] = frozenset({HookEvent.REQUEST_OPENED})
    details: frozenset[Detail] = frozenset()
    active: bool = True
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def draft(self, session: Session, allowed: frozenset[str], number: int | None = None) -> Draft | None:
        """Make the webhook that was asked for, or note what is wrong with it.

        :param number: the one that is changed; none for a new one.
        """
        same = hooks.find_by_url(session, self.url) if self.url else None
        if not self.url:
            self.errors["url"] = gettext("Give the address that is to be told")
        elif len(self.url) > LONGEST_URL:
            self.errors["url"] = gettext("Shorten the address to %(most)s characters", most=LONGEST_URL)
        elif not _may_be_asked(self.url, allowed):
            self.errors["url"] = gettext(
                "Use an address that begins with https:// and leads outside of your own network, or have its host listed in WEBFORM_WEBHOOK_HOSTS"
            )
        elif same is not None and same.id != number:
            self.errors["url"] = gettext("There is a webhook with this address already")
        if not self.events:
            self.errors["events"] = gettext("Choose at least one event")
        if number is None and len(hooks.hooks(session)) >= hooks.MOST_HOOKS:
            self.errors["url"] = gettext("There are %(most)s webhooks already; delete one first", most=hooks.MOST_HOOKS)
        return None if self.errors else Draft(self.url, self.events, self.details, self.active)


def opened(hook: Hook) -> HookForm:
    """Fill the form with what is kept."""
    return HookForm(hook.url, hook.wants, hook.may_say, hook.active, hook.version)


def posted(sent: "MultiDict[str, str]") -> HookForm:
    """Read what was sent; an event or a detail that does not exist was never offered."""
    version = sent.get("version", "")
    return HookForm(
        url=clean_line(sent.get("url")),
        events=frozenset(event for event in CHOICES if event.value in sent.getlist("events")),
        details=frozenset(detail for detail in Detail if detail.value in sent.getlist("details")),
        active=sent.get("active") == "1",
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
    )


def event_words() -> dict[HookEvent, str]:
    """Say in words what can be told."""
    return {
        HookEvent.REQUEST_OPENED: gettext("A request was opened"),
        HookEvent.STATUS_CHANGED: gettext("The status of a request changed"),
        HookEvent.ROUTED: gettext("A routing rule that names an event fitted a request"),
        HookEvent.SOLVED: gettext("A visitor said that an article solved the problem"),
        HookEvent.TAKEN_BACK: gettext("A solution was taken back, or a request followed after all"),
        HookEvent.UNDELIVERABLE: gettext("A mail could not be delivered"),
        HookEvent.ALARM: gettext("The self-check found something wrong"),
        HookEvent.CLEAR: gettext("What the self-check found is over"),
        HookEvent.TRIAL: gettext("A trial"),
    }


def detail_words() -> dict[Detail, str]:
    """Say in words what can be told of a request beside its reference."""
    return {
        Detail.ABOUT: gettext("Topic, language and urgency"),
        Detail.SUBJECT: gettext("Subject of the message"),
        Detail.MESSAGE: gettext("Message"),
        Detail.PERSON: gettext("Name and e-mail address"),
    }


def _may_be_asked(url: str, allowed: frozenset[str]) -> bool:
    try:
        outgoing.read(url, allowed)
    except outgoing.Refused:
        return False
    return True

"""The words of the trace: how persons, kinds, deeds, fields and values are called on its page."""

from collections.abc import Mapping

from babel.numbers import format_decimal
from flask_babel import gettext

from webform import desk, field_words, route_words
from webform.i18n import choose_language

LONGEST_SHOWN = 120


def person(actor: str) -> str:
    """Name who did something; whatever is no address is a program of ours."""
    programs = {
        "": gettext("the application itself"),
        "import": gettext("an import"),
        "sample": gettext("the sample"),
        "worker": gettext("the worker, on time"),
    }
    name, _, user = actor.partition(": ")
    if name == "command line":
        return str(gettext("command line (%(user)s)", user=user) if user else gettext("command line"))
    if name == "key":
        return str(gettext("API key %(name)s", name=user))
    return str(programs.get(actor, actor))


def kind(name: str) -> str:
    """Name a kind of thing."""
    words = {
        "article": gettext("Article"),
        "articles": gettext("Articles"),
        "staff": gettext("Staff"),
        "rule": gettext("Rule"),
        "exclusion": gettext("Exclusion"),
        "topic": gettext("Topic"),
        "routing": gettext("Routing rule"),
        "skip": gettext("People who skip"),
        "words": gettext("Words"),
        "gate": gettext("Gate"),
        "examples": gettext("Examples"),
        "request": gettext("Request"),
        "mail": gettext("Mail"),
        "import": gettext("Import"),
        "export": gettext("Export"),
        "gap": gettext("Gap"),
        "picture": gettext("Picture"),
        "link": gettext("Signed link"),
        "work": gettext("Work"),
        "incident": gettext("Incident"),
        "hours": gettext("Hours"),
        "robots": gettext("Robots"),
        "channels": gettext("Ways to a person"),
        "letter": gettext("Letter"),
        "webhook": gettext("Webhook"),
        "key": gettext("API key"),
        "self-check": gettext("Self-check"),
        "weekly report": gettext("Weekly report"),
    }
    return str(words.get(name, name))


def deed(action: str) -> str:
    """Name what was done."""
    words = {
        "created": gettext("created"),
        "added": gettext("added"),
        "changed": gettext("changed"),
        "deleted": gettext("deleted"),
        "published": gettext("published"),
        "archived": gettext("archived"),
        "withdrawn": gettext("withdrawn"),
        "restored": gettext("restored"),
        "saved": gettext("saved"),
        "discarded": gettext("given up"),
        "scheduled": gettext("scheduled"),
        "submitted": gettext("handed in for review"),
        "moved": gettext("moved"),
        "confirmed": gettext("confirmed"),
        "translated": gettext("translated"),
        "marked": gettext("marked"),
        "chosen": gettext("chosen"),
        "imported": gettext("imported"),
        "exported": gettext("exported"),
        "retried": gettext("tried again"),
        "revoked": gettext("let out"),
        "dismissed": gettext("put aside"),
        "answered": gettext("answered"),
        "visibility changed": gettext("shown to others than before"),
        "link renewed": gettext("given a new link"),
        "secret renewed": gettext("secret renewed"),
        "not published": gettext("could not be published in time"),
    }
    return str(words.get(action, action))


def field(name: str) -> str:
    """Name a field; one of several languages has its language behind a point."""
    if name.startswith("field "):
        key, _, part = name.removeprefix("field ").partition(":")
        question = str(gettext("question “%(key)s”", key=key))
        return f"{question}: {field(part)}" if part else question
    plain, _, language = name.partition(".")
    told = str({**_fields_of_articles(), **_fields_of_others(), **_fields_of_topics(), **_fields_of_routing(), **_fields_of_letters()}.get(plain, plain))
    return f"{told} ({desk.language_name(language)})" if language else told


def _fields_of_articles() -> dict[str, str]:
    return {
        "title": gettext("title"),
        "summary": gettext("summary"),
        "body": gettext("text"),
        "slug": gettext("address"),
        "category": gettext("category"),
        "status": gettext("status"),
        "updated_at": gettext("date of change"),
        "owner": gettext("owner"),
        "review_at": gettext("review"),
        "publish_at": gettext("publication"),
        "withdraw_at": gettext("withdrawal"),
        "visibility": gettext("visibility"),
        "revision": gettext("revision"),
        "note": gettext("note"),
        "role": gettext("role"),
        "password": gettext("password"),
    }


def _fields_of_others() -> dict[str, str]:
    return {
        "active": gettext("in force"),
        "name": gettext("name"),
        "phrases": gettext("phrases"),
        "topics": gettext("topics"),
        "article": gettext("article"),
        "gate": gettext("gate"),
        "reason": gettext("reason"),
        "synonyms": gettext("synonyms"),
        "stop_words": gettext("words that say nothing"),
        "count": gettext("number"),
        "first": gettext("first one"),
        "last": gettext("last one"),
        "suggests": gettext("articles are suggested"),
        "language": gettext("language"),
        "day": gettext("day"),
        "zone": gettext("time zone"),
        "week": gettext("hours of the week"),
        "holidays": gettext("holidays"),
        "answer_hours": gettext("hours until an answer"),
        "key": gettext("key"),
        "scopes": gettext("scopes"),
        "last_day": gettext("last day"),
    }


def _fields_of_topics() -> dict[str, str]:
    return {
        "topic": gettext("topic"),
        "help": gettext("help"),
        "icon": gettext("drawing"),
        "languages": gettext("languages"),
        "addresses": gettext("addresses"),
        "categories": gettext("categories"),
        "priority": gettext("priority"),
        "position": gettext("place"),
        "version": gettext("version"),
        "questions": gettext("questions"),
        "label": gettext("wording"),
        "kind": gettext("kind"),
        "required": gettext("must be answered"),
        "pattern": gettext("pattern"),
        "least": gettext("at least"),
        "most": gettext("at most"),
        "options": gettext("choices"),
        "when": gettext("asked if"),
    }


def _fields_of_routing() -> dict[str, str]:
    return {
        "field_key": gettext("question that was answered"),
        "field_values": gettext("answers"),
        "words": gettext("words"),
        "domains": gettext("domains"),
        "domain": gettext("domain"),
        "weekdays": gettext("days of the week"),
        "from_hour": gettext("from (hour)"),
        "to_hour": gettext("to (hour)"),
        "predicted": gettext("topic of the text"),
        "least_share": gettext("probability from"),
        "copies": gettext("copies"),
        "tags": gettext("tags"),
        "template": gettext("letter"),
        "never_suggest": gettext("nothing is suggested"),
        "event": gettext("event"),
        "stop": gettext("no rule below is looked at"),
        "urgent": gettext("urgent"),
        "phone": gettext("telephone number"),
        "chat_url": gettext("address of a chat"),
        "call_back": gettext("call-backs"),
    }


def _fields_of_letters() -> dict[str, str]:
    return {
        "marks": gettext("entries of the list"),
        "question": gettext("question"),
        "answers": gettext("answers"),
        "always": gettext("asked of everybody"),
        "url": gettext("address"),
        "events": gettext("events"),
        "details": gettext("details"),
        "email": gettext("e-mail address"),
        "weekday": gettext("day of the week"),
        "hour": gettext("hour"),
        "text": gettext("text"),
        "mails": gettext("mails"),
        "examples": gettext("examples"),
        "created": gettext("created"),
        "updated": gettext("updated"),
        "unchanged": gettext("unchanged"),
        "failed": gettext("failed"),
    }


def value(name: str, held: object) -> str:
    """Write a value as a person reads it."""
    name = name.rpartition(":")[2]
    if held is None or held == "" or held == []:
        return str(gettext("nothing"))
    if isinstance(held, bool):
        return str(gettext("yes") if held else gettext("no"))
    if isinstance(held, dict) and "length" in held:
        length = format_decimal(held["length"], locale=choose_language())
        return str(gettext("a text of %(length)s characters, digest %(digest)s", length=length, digest=str(held.get("sha256", ""))[:8]))
    if isinstance(held, int | float):
        return str(format_decimal(held, locale=choose_language(), decimal_quantization=False))
    if name.endswith("_at"):
        return desk.noted_moment(str(held))
    if isinstance(held, list):
        return "; ".join(value(name, item) for item in held)
    states: Mapping[str, str] = {}
    if name == "status":
        states = desk.gap_states() | desk.article_states() | desk.ticket_states()
    elif name in {"priority", "kind"}:
        states = route_words.priorities(gettext) if name == "priority" else field_words.kinds()
    text = str(held)
    return str(states.get(text) or (text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"))

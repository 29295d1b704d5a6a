"""Places of the desk: where the staff's work is done, in sections, each open from a role on."""

from dataclasses import dataclass

from flask import Flask, request
from flask_babel import gettext

from webform.sign_in import may
from webform.staff import RoleName

OF_ARTICLES = ("editor.", "merging.", "visibility.", "article_health.", "staff.change_articles", "upkeep.", "history.")


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a section leads to; ``near`` are the pages behind it, by endpoint, or by blueprint with a dot at the end."""

    endpoint: str
    words: str
    role: RoleName = RoleName.WRITER
    near: tuple[str, ...] = ()

    @property
    def current(self) -> str:
        """Say for ``aria-current`` whether this is the page one is on, or one is near it; else nothing."""
        endpoint = request.endpoint or ""
        if endpoint == self.endpoint:
            return "page"
        return "true" if endpoint in self.near or f"{endpoint.partition('.')[0]}." in self.near else ""


@dataclass(frozen=True, slots=True)
class Section:
    """Places that belong to one kind of work; only those that are open to whoever looks, and never none."""

    words: str
    places: tuple[Place, ...]

    @property
    def current(self) -> str:
        """Say for ``aria-current`` whether one is on its first page, or anywhere in it; else nothing."""
        return self.places[0].current if self.places[0].current == "page" else "true" if any(place.current for place in self.places) else ""


def sections() -> list[Section]:
    """Give the sections that are open to whoever is signed in."""
    found = [Section(words, tuple(place for place in places if may(place.role))) for words, places in _all()]
    return [section for section in found if section.places]


def install(app: Flask) -> None:
    """Let the templates name the places."""
    app.jinja_env.globals.update(desk_sections=sections)


def _all() -> list[tuple[str, tuple[Place, ...]]]:
    return [
        (gettext("Requests"), _of_requests()),
        (gettext("Answering"), _of_answering()),
        (gettext("Articles"), _of_articles()),
        (gettext("Suggestions"), _of_suggestions()),
        (gettext("Deflection"), _of_deflection()),
        (gettext("Trace"), (Place("trace.page", gettext("Trace"), RoleName.LEAD, ("trace.",)),)),
    ]


def _of_requests() -> tuple[Place, ...]:
    return (
        Place("staff.requests", gettext("Requests"), RoleName.LEAD, ("staff.request",)),
        Place("topics.page", gettext("Topics"), RoleName.LEAD, ("topics.",)),
        Place("routing.page", gettext("Routing"), RoleName.LEAD, ("routing.",)),
        Place("skips.page", gettext("People who skip"), RoleName.LEAD, ("skips.",)),
        Place("embed.page", gettext("On your site"), RoleName.LEAD),
        Place("robots.page", gettext("Robots"), RoleName.LEAD, ("robots.",)),
        Place("outbox.queue", gettext("Outbox"), RoleName.LEAD, ("outbox.",)),
        Place("hooks.page", gettext("Webhooks"), RoleName.LEAD, ("hooks.",)),
        Place("keys.page", gettext("API keys"), RoleName.ADMIN, ("keys.",)),
    )


def _of_answering() -> tuple[Place, ...]:
    return (
        Place("hours.page", gettext("Hours"), RoleName.LEAD, ("hours.",)),
        Place("channels.page", gettext("Ways to a person"), RoleName.LEAD, ("channels.",)),
        Place("letters.page", gettext("Letters"), RoleName.LEAD, ("letters.",)),
        Place("satisfaction.page", gettext("Satisfaction"), RoleName.LEAD, ("satisfaction.",)),
    )


def _of_articles() -> tuple[Place, ...]:
    return (
        Place("staff.articles", gettext("Articles"), near=OF_ARTICLES),
        Place("work.page", gettext("Work")),
        Place("gaps.page", gettext("Gaps"), near=("gaps.",)),
        Place("coverage.page", gettext("Translations"), near=("sides.",)),
        Place("replay.page", gettext("Replay"), near=("replay.",)),
        Place("exports.page", gettext("Export")),
        Place("imports.page", gettext("Import"), RoleName.LEAD, ("imports.",)),
    )


def _of_suggestions() -> tuple[Place, ...]:
    return (
        Place("staff.try_text", gettext("Try a text")),
        Place("staff.examples", gettext("Examples"), near=("staff.example_changes",)),
        Place("staff.words", gettext("Words"), near=("staff.change_words",)),
        Place("rules.page", gettext("Rules"), RoleName.LEAD, ("rules.",)),
        Place("gate.page", gettext("Gate"), RoleName.LEAD, ("gate.",)),
        Place("self_check.page", gettext("Self-check"), near=("self_check.",)),
    )


def _of_deflection() -> tuple[Place, ...]:
    return (
        Place("deflection.page", gettext("Deflection"), near=("deflection.",)),
        Place("support.page", gettext("Support"), RoleName.LEAD),
        Place("baseline.page", gettext("Old mail"), RoleName.LEAD, ("baseline.", "baseline_pairs.")),
        Place("weekly.page", gettext("Weekly report"), RoleName.LEAD, ("weekly.",)),
        Place("raw_events.page", gettext("Raw events"), RoleName.LEAD),
    )

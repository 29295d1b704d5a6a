"""Tiles: the matters that the page about deflection tells of, how each is counted, and which visits stand behind it."""

from dataclasses import dataclass

from flask_babel import gettext

from deflection.events import Kind
from deflection.figures import FUNNEL
from deflection.guards import SHARES, GuardName
from deflection.visits import Arm
from webform import tile_words

TILES = ("rate", "trend", "lift", "savings", "funnel", "guards", "topics", "languages", "devices", "sites", "releases", "articles", "gaps", "hours")


@dataclass(frozen=True, slots=True)
class Behind:
    """Visits that can be looked through: a count of one arm, or of both; as numerator or denominator of what the tile says."""

    count: str
    arm: Arm | None = Arm.TREATMENT

    @property
    def key(self) -> str:
        """What an address calls it."""
        return f"{self.count}.{self.arm.value if self.arm else 'all'}"


@dataclass(frozen=True, slots=True)
class Tile:
    """One matter: its title, how it is counted, and the visits behind it, numerators before their denominators."""

    name: str
    title: str
    definition: tuple[str, ...]
    behind: tuple[Behind, ...]

    def find(self, key: str) -> Behind | None:
        """Give the visits of that name, or nothing."""
        return next((each for each in self.behind if each.key == key), None)


RATE = (Behind("confirmed"), Behind("engaged"))
OUTCOMES = (Behind("presumed"), Behind("submitted_after_help"), Behind("submitted"), Behind("abandoned"), Behind("taken_back"))
MET = (Behind("met_solved"), Behind("met_sent"), Behind("met_opened"))
"""Of one article: whoever asks has to choose it."""
BOTH_ARMS = (Behind("requests", Arm.HOLDOUT), Behind("engaged", Arm.HOLDOUT), Behind("requests"), Behind("engaged"))


def tile(name: str) -> Tile:
    """Give one of `TILES`."""
    return Tile(name, titles()[name], tile_words.definition(name), behind_of(name))


def titles() -> dict[str, str]:
    """Name every tile."""
    return {
        "rate": gettext("Deflection rate"),
        "trend": gettext("The rate over time"),
        "lift": gettext("Lift"),
        "savings": gettext("Cost saved"),
        "funnel": gettext("From the opened form to the outcome"),
        "guards": gettext("Guards"),
        "topics": gettext("By topic"),
        "languages": gettext("By language"),
        "devices": gettext("By device"),
        "sites": gettext("By embedding site"),
        "releases": gettext("By release"),
        "articles": gettext("Articles that solve, and articles that fail"),
        "gaps": gettext("Topics to write about"),
        "hours": gettext("When people come"),
    }


def counts() -> dict[str, str]:
    """Name what visits are counted as."""
    return {
        "opened_forms": gettext("Opened the form"),
        "typed": gettext("Typed something"),
        "demand": gettext("Came with a question"),
        "engaged": gettext("Typed a real question"),
        "shown": gettext("Were shown an answer"),
        "opened": gettext("Opened one"),
        "confirmed": gettext("Confirmed: said that it solved the problem"),
        "presumed": gettext("Presumed: read, left, did not come back"),
        "submitted_after_help": gettext("Sent after reading an answer"),
        "submitted": gettext("Sent without reading one"),
        "abandoned": gettext("Gave up"),
        "requests": gettext("Sent a request"),
        "taken_back": gettext("Taken back by a request within 7 days"),
        "helped": gettext("Would count as helped had nobody come back"),
        "left": gettext("Left without sending"),
        "left_returned": gettext("Left, and sent a request within 7 days"),
        "bad_shown": gettext("Were shown what did not help"),
        "bad_sent": gettext("Sent after what did not help"),
        "timed": gettext("Sent, with the time it took"),
        "met_opened": gettext("Opened the article"),
        "met_solved": gettext("Said that the article solved the problem"),
        "met_sent": gettext("Opened the article, and sent a request all the same"),
    }


def arms() -> dict[Arm | None, str]:
    """Name the two forms."""
    return {Arm.TREATMENT: gettext("with answers"), Arm.HOLDOUT: gettext("plain form"), None: gettext("both forms")}


def events() -> dict[Kind, str]:
    """Name what happens in a visit."""
    return {
        Kind.SHOWN: gettext("shown"),
        Kind.WITHHELD: gettext("withheld"),
        Kind.OPENED: gettext("opened"),
        Kind.READ: gettext("read"),
        Kind.SOLVED: gettext("solved"),
        Kind.DECLINED: gettext("not what was needed"),
        Kind.SUBMITTED: gettext("sent"),
    }


def guards() -> dict[GuardName, str]:
    """Name what is watched."""
    return {
        GuardName.ABANDONMENT: gettext("Gave up"),
        GuardName.TIME_TO_SEND: gettext("From the first character to sending"),
        GuardName.SENT_AFTER_BAD: gettext("Sent after a bad suggestion"),
        GuardName.TAKEN_BACK: gettext("Taken back"),
    }


def behind_of(name: str) -> tuple[Behind, ...]:
    """Give the visits behind a tile, numerators before their denominators."""
    if name == "rate":
        return RATE + OUTCOMES
    if name in {"lift", "savings"}:
        return BOTH_ARMS
    if name == "funnel":
        return tuple(Behind(step) for step in FUNNEL)
    if name == "guards":
        shares = [Behind(count, arm) for guard in GuardName if guard in SHARES for arm in Arm for count in SHARES[guard][arm]]
        return tuple(dict.fromkeys([*shares, *(Behind("timed", arm) for arm in Arm)]))
    if name == "hours":
        return (Behind("demand", None),)
    if name == "articles":
        return MET
    return () if name == "gaps" else RATE

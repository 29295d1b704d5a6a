"""What an import came to: counted, and named where something could not be brought in as it was."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from kb.sentences import parts_of

MOST_NAMED = 5_000
"""Failures, notes and changes that are kept by name; beyond that they are only counted."""


class Verdict(StrEnum):
    """What an import does to one translation."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or line that could not be imported, and why, in English; ``parts`` is what the sentence is made of, for other languages."""

    where: str
    reason: str
    parts: Mapping[str, object] = field(default_factory=dict, compare=False)

    @classmethod
    def because(cls, where: str, said: str | Exception) -> "Failure":
        """Say why, in words that an edge can translate if the catalogues know them."""
        return cls(where, str(said), parts_of(said))


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one translation, and to which of its fields."""

    where: str
    article: str
    language: str
    title: str
    verdict: Verdict
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What an import came to; ``changes`` are named in a dry run, ``notes`` are about what was brought in with something missing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    examples: int = 0
    pictures: int = 0
    failures: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many articles and files were dealt with."""
        return self.created + self.updated + self.unchanged + self.refused

    def refuse(self, failure: Failure) -> None:
        """Count what could not be imported, and keep its name."""
        self.refused += 1
        _keep(self.failures, (failure,))

    def remark(self, notes: Iterable[Failure]) -> None:
        """Keep what is missing of an article that was imported nevertheless."""
        _keep(self.notes, notes)

    def tell(self, change: Change) -> None:
        """Count what is done to a translation."""
        match change.verdict:
            case Verdict.CREATED:
                self.created += 1
            case Verdict.UPDATED:
                self.updated += 1
            case Verdict.UNCHANGED:
                self.unchanged += 1

    def plain(self) -> dict[str, object]:
        """Give the report as JSON can say it."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, object]) -> "Report":
        """Read back what :meth:`plain` gave."""
        kinds = {"failures": Failure, "notes": Failure, "changes": Change}
        read: dict[str, object] = {}
        for name, value in plain.items():
            kind = kinds.get(name)
            read[name] = [_revived(kind, each) for each in value] if kind and isinstance(value, list) else value
        return cls(**read)  # type: ignore[arg-type]


def _revived(kind: type, fields: dict[str, object]) -> object:
    if kind is Change:
        fields = fields | {"verdict": Verdict(str(fields["verdict"])), "fields": tuple(fields["fields"])}  # type: ignore[arg-type]
    return kind(**fields)


def _keep(kept: list[Failure], more: Iterable[Failure]) -> None:
    kept += list(more)[: max(0, MOST_NAMED - len(kept))]

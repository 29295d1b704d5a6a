"""Shelves: the categories of an export as other systems keep them, each once, with a number and a name in every language."""

from dataclasses import dataclass, field

from kb.outgoing import Leaving, stable_number


@dataclass(slots=True)
class ExportShelf:
    """A category; ``names`` are those in other languages than the one of ``name``. What is not open to all has a shelf of its own."""

    number: int
    language: str
    name: str
    open: bool
    names: dict[str, str] = field(default_factory=dict)


class Shelves:
    """Learns the categories as articles go by."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[int, ExportShelf] = {}

    def number(self, article: Leaving) -> int | None:
        """Give the shelf of an article: it goes by the category of its source; none for an article without one."""
        source = article.drafts[0]
        if not source.category:
            return None
        number = stable_number(f"{source.language} {source.category} {article.is_open}")
        shelf = self._found.setdefault(number, ExportShelf(number, source.language, source.category, article.is_open))
        for draft in article.drafts[1:]:
            if draft.category:
                shelf.names.setdefault(draft.language, draft.category)
        return number

    def all(self) -> list[ExportShelf]:
        """List those that were needed, always in the same order."""
        return [self._found[number] for number in sorted(self._found)]

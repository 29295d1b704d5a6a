"""Sentences: what is said to people, in English where it is said, and in their own language where it is read."""

from collections.abc import Mapping


class Sentence(str):
    """An English sentence that knows what it was made of, so that an edge can say the same in another language.

    :ivar template: as the catalogues know it, with places such as ``%(name)s``.
    :ivar values: what stands in the places; a sentence among them is translated as well.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> "Sentence":
        """Fill the places."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def plain(self) -> dict[str, object]:
        """Give what it is made of, as JSON can say it."""
        values = {name: value.plain() if isinstance(value, Sentence) else str(value) for name, value in self.values.items()}
        return {"template": self.template, "values": values}


def parts_of(said: str | Exception) -> Mapping[str, object]:
    """Give what a sentence, or that of an error, is made of; nothing if its words stand in no catalogue."""
    words = said.args[0] if isinstance(said, Exception) and said.args else said
    return words.plain() if isinstance(words, Sentence) else {}

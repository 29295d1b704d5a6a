"""Passages: the sections of an article, which are matched, shown in place and linked to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.markdown import Heading, parse, plain, render_blocks
from kb.schema import Base

LONGEST_TEXT = 1_500
"""Characters after which a section is continued in another passage, at the next border between blocks."""

SHORTEST_TEXT = 300
"""Characters under which the rest of a section stays with the passage before it."""

LONGEST_HEADING = 300


class Passage(Base):
    """A section of a translation under one heading, rendered once when the translation is saved."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("translation_id", "position", name="uq_passage_translation_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(300), default="")
    anchor: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, without the heading: as plain text and as safe HTML.

    The text before the first heading has neither heading nor anchor. ``anchor`` is the one of the article page.
    """

    heading: str
    anchor: str
    text: str
    html: str


def cut(body: str) -> list[Section]:
    """Cut Markdown into its sections; a long one is continued at a border between blocks, under the same heading.

    :return: at least one section, also for an empty body; a heading with nothing under it makes none.
    """
    sections = [
        Section(heading.text[:LONGEST_HEADING] if heading else "", heading.anchor if heading else "", _text(blocks), render_blocks(blocks))
        for heading, content in _under_headings(parse(body))
        for blocks in _pieces(content)
    ]
    return [section for section in sections if section.html] or [Section("", "", "", "")]


def keep_passages(session: Session, translation_id: int, sections: Sequence[Section]) -> None:
    """Put these passages in place of what a translation had."""
    session.execute(delete(Passage).where(Passage.translation_id == translation_id))
    rows = [
        {"translation_id": translation_id, "position": position, "heading": each.heading, "anchor": each.anchor, "text": each.text, "html": each.html}
        for position, each in enumerate(sections)
    ]
    session.execute(insert(Passage), rows)


def _under_headings(blocks: list[Token]) -> Iterator[tuple[Heading | None, list[Token]]]:
    heading: Heading | None = None
    content: list[Token] = []
    within = False
    for block in blocks:
        if block.level == 0 and block.type == "heading_open":
            yield heading, content
            heading, content, within = block.meta["heading"], [], True
        elif within:
            within = block.type != "heading_close"
        else:
            content.append(block)
    yield heading, content


def _pieces(content: list[Token]) -> Iterator[list[Token]]:
    """Divide the blocks of a section so that each piece has a readable length."""
    piece: list[Token] = []
    length, left = 0, sum(map(_length, content))
    group: list[Token] = []
    for block in content:
        group.append(block)
        if block.level != 0 or block.nesting == 1:
            continue
        size = sum(map(_length, group))
        if piece and length + size > LONGEST_TEXT and left >= SHORTEST_TEXT:
            yield piece
            piece, length = [], 0
        piece, length, left, group = piece + group, length + size, left - size, []
    if piece:
        yield piece


def _length(block: Token) -> int:
    return len(block.content) if block.type in ("inline", "fence", "code_block") else 0


def _text(blocks: Sequence[Token]) -> str:
    """Say the blocks in plain text: a line each, the cells of a table row in one line."""
    lines: list[str] = []
    cells: list[str] | None = None
    for block in blocks:
        if block.type == "tr_open":
            cells = []
        elif block.type == "tr_close":
            lines.append(" · ".join(filter(None, cells or ())))
            cells = None
        elif block.type == "inline":
            (lines if cells is None else cells).append(plain(block))
        elif block.type in ("fence", "code_block"):
            lines.append(block.content.rstrip("\n"))
    return "\n".join(filter(None, lines))

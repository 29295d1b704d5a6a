"""Rehearsal: an engine as it would be were one translation published as a draft has it, made in memory beside the one in use.

It is made as a publication makes it: one more small segment, the old row gone, the term index with the change written into a
copy that shares all other files. What past requests taught stays, as it does after a publication until the next lesson.
"""

from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.askings import LEAST_SHARE, Asking, ask_again
from kb.engine import Engine
from kb.holdings import Entry, entry_of, read_entries
from kb.index import TermIndex
from kb.other_codes import title_codes
from kb.passages import Section
from kb.placing import Weighed
from kb.room import Room
from kb.segments import Segment, make_segment
from kb.slate import INDEX, LINEAR, SOURCES
from kb.workshop import SEGMENTS_AT_MOST, old_segments

NOT_YET = 2**52
"""Stands for the article and the translation that do not exist yet."""
NEAR = 0.02
"""Distance from the gate within which a text is always asked again."""
CLOSE = 1.25
"""What the weights of a text's features may change by because there is one more article."""


def draft_entry(
    title: str, summary: str, category: str, language: str, sections: list[Section], *, article: int = NOT_YET, translation: int = NOT_YET
) -> Entry:
    """Put together what would be matched of a draft."""
    passages = [(section.heading, section.text) for section in sections]
    return entry_of(translation, article, language, title, summary, category, passages)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A draft, the engine there is, and the engine that there would be."""

    entry: Entry
    before: Engine
    after: Engine
    row: Segment
    """The draft alone."""

    def ask(self, text: str, known: Asking, gate: float) -> Weighed:
        """Tell what would be shown for a text after publication.

        :param known: what the engine there is makes of it; the answer too, where the draft can hardly matter: one article more
            makes every word a little rarer or less rare, which moves probabilities by less than a hundredth nearly always.
        :param gate: a text about which one is about as sure is asked again in any case.
        """
        near = abs(known.weighed.belief.sure - gate) < NEAR and known.language == self.entry.language
        return ask_again(self.after, text, known) if near or self.reaches(known) else known.weighed

    def reaches(self, known: Asking) -> bool:
        """Tell whether a draft, or the article as it is now, can have any part in the belief in a text: never wrongly no.

        A text of another language is asked again if it has a name or a code, by which articles of all languages are found.
        """
        if known.question is None:
            return False
        if known.weights is None or (known.language != self.entry.language and known.is_named):
            return True
        if known.language != self.entry.language:
            return False
        return self.entry.article_id in known.weighty or self.share(known) >= LEAST_SHARE

    def share(self, known: Asking) -> float:
        """Bound from above which share of belief the draft could have beside those that are candidates now."""
        if known.question is None or known.weights is None:
            return 1.0
        told = np.zeros(6)
        for place, part, ids in ((0, "words", known.question.words), (1, "pieces", known.question.pieces)):
            whole, title = self.row.postings[part], self.row.postings[f"title-{part}"]
            (found,), (like,) = whole.sums(whole.spans(ids), (known.weights[part], known.weights[f"like-{part}"]))
            told[place], told[2 + place] = found, like / self.row.norms[part][0]
            told[4 + place] = title.scores(ids, known.weights[f"title-{part}"])[0]
        weights = self.after.judgements.get(known.language, self.after.judgement).weights
        total = CLOSE * float(told @ weights[:INDEX]) + float(weights[INDEX]) * bool(told[0] > 0) + float(self._remembered(known) @ weights[LINEAR:])
        return float(np.exp(min(total - float(np.logaddexp(known.strength, total)), 0.0)))

    def _remembered(self, known: Asking) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """Give the most that past requests can say for the article."""
        memory, told = known.memory, np.zeros(len(SOURCES) - LINEAR)
        if memory is None:
            return told if self.entry.article_id == NOT_YET else told + 1.0
        (at,) = np.nonzero(memory.articles == self.entry.article_id)
        if len(at):
            told[:] = memory.linear[at[0]], 1.0, memory.nearest[at[0]], memory.votes[at[0]], memory.distance[at[0]]
        return told


def rehearse(session: Session, engine: Engine, entry: Entry) -> Rehearsal:
    """Make the engine that there would be after publication; costs about as much as answering a few texts."""
    row = make_segment(entry.language, [entry])
    room = engine.rooms.get(entry.language)
    if room is not None and entry.translation_id in room.places and int(room.fingerprints[room.places[entry.translation_id]]) == entry.fingerprint:
        return Rehearsal(entry, engine, engine, row)
    furnished = _first(entry, row) if room is None or set(room.places) <= {entry.translation_id} else _with(session, room, entry, row)
    topics = {**engine.topics, entry.article_id: entry.category} if entry.category else engine.topics
    codes = {article: code for article, code in engine.codes.items() if article != entry.article_id} | title_codes([entry])
    after = replace(engine, rooms={**engine.rooms, entry.language: furnished}, topics=topics, codes=codes)
    return Rehearsal(entry, engine, after, row)


def _first(entry: Entry, row: Segment) -> Room:
    return Room(entry.language, {"segment-0": row}, (), TermIndex.rehearsed(None, entry.language, (), [entry]))


def _with(session: Session, room: Room, entry: Entry, row: Segment) -> Room:
    """Furnish a room as a publication does, see ``kb.workshop``."""
    gone = [entry.translation_id] if entry.translation_id in room.places else []
    left = room.gone | {room.places[each] for each in gone}
    segments, old = dict(room.segments), old_segments(room.segments)
    if len(segments) - len(old) >= SEGMENTS_AT_MOST - 1:
        height = sum(len(segments[each].translations) for each in old)
        young = [translation for translation, place in room.places.items() if place >= height and place not in left]
        segments = {each: segments[each] for each in old}
        left = frozenset(place for place in left if place < height)
        row = make_segment(room.language, [*read_entries(session, Translation.id.in_(young)), entry])
    index = TermIndex.rehearsed(room.index, room.language, gone, [entry])
    return Room(room.language, {**segments, "segment-of-the-draft": row}, left, index)

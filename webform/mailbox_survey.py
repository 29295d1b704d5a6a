"""A survey of old mail: what each mail is and which of them begin a conversation; then the questions themselves, masked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kb.analysis import engaged
from kb.languages import base, language_of
from kb.masking import mask
from webform import mailbox_heads
from webform.mailbox_files import Letter, Mailbox, Progress
from webform.mailbox_kinds import Kind, kind_of
from webform.mailbox_parts import text_of
from webform.mailbox_quotes import own_words
from webform.mailbox_threads import Threads

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What old mail is read by: our addresses and domains, the language of texts that do not tell theirs, and the present moment."""

    ours: tuple[str, ...]
    language: str
    now: datetime


@dataclass(slots=True)
class Survey:
    """How many mails there are of each kind, of ``mails`` in all, and the places of those with which customers began."""

    mails: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    begun: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer asked, without what tells who it was; ``asked_at`` is the hour, if the mail says it."""

    place: int
    language: str
    subject: str
    message: str
    asked_at: datetime | None


def survey(mailbox: Mailbox, terms: Terms, progress: Progress = lambda _done, _all: None) -> Survey:
    """Look at the head of every mail."""
    found, threads = Survey(), Threads()
    for place, letter in enumerate(mailbox.letters(progress)):
        found.kinds[_told(threads, place, letter, terms)] += 1
        found.mails += 1
    found.begun = threads.first()
    found.kinds[Kind.LATER] = found.kinds[Kind.CUSTOMER] - len(found.begun)
    found.kinds[Kind.CUSTOMER] = len(found.begun)
    return found


def _told(threads: Threads, place: int, letter: Letter, terms: Terms) -> Kind:
    """Tell what a mail is, and take it into its thread; one whose head cannot be read is in none."""
    try:
        head = mailbox_heads.read(letter, terms.now)
        kind = kind_of(head, terms.ours)
    except Exception:  # noqa: BLE001 - whatever a hostile mail does to a parser, the others are read
        return Kind.UNREADABLE
    threads.add(place, head, kind)
    return kind


def questions(mailbox: Mailbox, begun: Sequence[int], terms: Terms, *, after: int) -> Iterator[tuple[int, Question | None]]:
    """Read the mails with which customers began, each with its number among them; nothing for one that asks nothing in words.

    :param after: how many of them were read before.
    """
    wanted = iter(begun[after:])
    number, next_place = after, next(wanted, -1)
    for place, letter in enumerate(mailbox.letters()):
        if next_place < 0:
            return
        if place == next_place:
            yield number, question(letter, place, terms)
            number, next_place = number + 1, next(wanted, -1)


def question(letter: Letter, place: int, terms: Terms) -> Question | None:
    """Read what a customer asks in a mail; nothing if that is nothing, or the mail is beyond reading."""
    try:
        head = mailbox_heads.read(letter, terms.now)
        return _question(letter, head, place, terms)
    except Exception:  # noqa: BLE001 - whatever a hostile mail does to a parser, the others are read
        return None


def _question(letter: Letter, head: mailbox_heads.Head, place: int, terms: Terms) -> Question | None:
    names = (head.name, head.sender)
    written, subject = own_words(text_of(letter.content)), head.topic[:LONGEST_SUBJECT]
    language = base(language_of(written if len(written) > len(subject) else f"{subject}\n{written}", terms.language))
    subject, message = mask(subject, names), mask(written, names)
    if not engaged(f"{subject}\n{message}", language):
        return None
    return Question(place, language[:16], subject, message, hour_of(head.sent_at) if head.sent_at else None)


def hour_of(moment: datetime) -> datetime:
    """Give the hour in which a moment lies: more than that could tell who it was."""
    return moment - timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)

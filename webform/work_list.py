"""The work list: everything that deserves a writer's hour, by customers helped per hour of work."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deflection import efforts, put_aside, work
from deflection.put_aside import PutAside
from deflection.work import Ground, Item, WorkKind
from kb.articles import Article, Status, Translation
from webform import gap_lists, gap_texts
from webform.gap_lists import Sort, Wanted
from webform.gaps import GapRequest, GapState

DAYS = 7 * work.WEEKS
MOST_GAPS = 200


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work with its hours; ``also`` is what else the same text calls for, and ``away`` by whom it was put aside."""

    item: Item
    hours: float
    also: tuple[WorkKind, ...] = ()
    away: PutAside | None = None

    @property
    def per_hour(self) -> float:
        """How many customers a month more one hour of work helps."""
        return self.item.helped.mean / self.hours


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the tasks: page ``number`` of ``pages``, of ``total`` tasks; what is put aside; and what the estimates stand on."""

    tasks: list[Task]
    total: int
    number: int
    pages: int
    away: list[Task]
    languages: list[str]
    ground: Ground
    hours: dict[WorkKind, float]


def page(session: Session, *, kind: str = "", language: str = "", now: datetime, number: int = 1, per_page: int = 25) -> Page:
    """List what deserves an hour, the best first.

    :param kind: of work that is asked for; empty for every kind. ``language`` likewise, where work is about one.
    :param number: page asked for, from 1; beyond the last one the last is given.
    """
    ground, hours, away = work.ground(session, now=now), efforts.hours(session), put_aside.away(session, now)
    items = [*work.items(session, ground, now=now), *_reviews(session, ground, now), *_gaps(session, ground, now)]
    tasks = [Task(item, hours[item.kind], away=away.get(item.key)) for item in items]
    languages = sorted({item.language for item in items if item.language})
    listed = [task for task in _joined(task for task in tasks if task.away is None) if _is_asked(task, kind, language)]
    pages = max(1, -(-len(listed) // per_page))
    number = min(max(1, number), pages)
    shown = listed[(number - 1) * per_page : number * per_page]
    return Page(shown, len(listed), number, pages, [task for task in tasks if task.away is not None], languages, ground, hours)


def titles(session: Session, tasks: Iterable[Task]) -> dict[str, str]:
    """Name what tasks are about, by their keys: the title of the text, or the words that stand for a gap."""
    items = [task.item for task in tasks]
    wanted = {item.article_id for item in items if item.article_id}
    rows = session.execute(select(Translation.article_id, Translation.language, Translation.title).where(Translation.article_id.in_(wanted))) if wanted else ()
    named: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        named[row.article_id][row.language] = row.title
    texts = gap_texts.typical(session, [item.gap_id for item in items if item.gap_id], 5)
    found = {item.key: gap_texts.name(texts.get(item.gap_id, [])) for item in items if item.gap_id}
    for item in items:
        if item.article_id:
            known = named[item.article_id]
            found[item.key] = known.get(item.language) or next(iter(known.values()), "")
    return found


def _reviews(session: Session, ground: Ground, now: datetime) -> list[Item]:
    published = select(Translation.id).where(Translation.article_id == Article.id, Translation.status == Status.PUBLISHED).exists()
    due = select(Article.id, Article.review_at).where(Article.review_at <= now, published).order_by(Article.review_at)
    return [work.review(ground, row.id, row.review_at) for row in session.execute(due)]


def _gaps(session: Session, ground: Ground, now: datetime) -> list[Item]:
    first = session.scalar(select(func.min(GapRequest.sent_at)))
    if first is None:
        return []
    days = min(float(DAYS), max(7.0, (now - first) / timedelta(days=1)))
    found = gap_lists.page(session, Wanted(GapState.OPEN, sort=Sort.COUNT, days=DAYS), now=now, per_page=MOST_GAPS).gaps
    return [work.gap(ground, gap.id, gap.language, gap.lately, days) for gap in found if gap.lately]


def _joined(tasks: Iterable[Task]) -> list[Task]:
    """Leave of each text the task that is worth most, which names the others: one hour is not counted twice."""
    groups: defaultdict[tuple[int, int, str], list[Task]] = defaultdict(list)
    for task in tasks:
        groups[task.item.gap_id, task.item.article_id, task.item.language].append(task)
    best = [sorted(group, key=_rank) for group in groups.values()]
    return sorted((Task(group[0].item, group[0].hours, tuple(task.item.kind for task in group[1:])) for group in best), key=_rank)


def _rank(task: Task) -> tuple[float, float, str]:
    return -task.per_hour, -task.item.helped.high, task.item.key


def _is_asked(task: Task, kind: str, language: str) -> bool:
    return kind in {"", task.item.kind, *task.also} and language in {"", task.item.language}

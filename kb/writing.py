"""Writing: what writers do to a translation, beside one another and ahead of what customers read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import trace
from kb.articles import Article, Translation, find_article, store
from kb.drafts import Draft, Status
from kb.generations import raise_generation
from kb.merging import Merge, merge
from kb.publications import end_publication, publications_of
from kb.revisions import Wording, keep_note, keep_revision, latest_revision
from kb.slugs import Namer, slugify
from kb.unpublished import wording_of

NOTHING = Wording("", "")
"""What a new text begins with."""


class Collision(Exception):
    """Somebody else changed the same lines meanwhile: nothing was saved."""

    def __init__(self, found: Merge, theirs: Wording, author: str, version: int) -> None:
        """Say what can be merged, what stands there now, and who wrote it."""
        super().__init__("the text was changed by somebody else meanwhile")
        self.merge, self.theirs, self.author, self.version = found, theirs, author, version


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to: the wording that is kept now, and whose changes were merged into it."""

    wording: Wording
    changed: bool
    merged_with: str = ""


def find(session: Session, article_id: int, language: str, *, lock: bool = False) -> Translation | None:
    """Find a translation in any state; locked, nobody else changes it until the transaction ends."""
    query = select(Translation).where(Translation.article_id == article_id, Translation.language == language)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True) if lock else query).one_or_none()


def current(session: Session, translation: Translation) -> Wording:
    """Give what writers see and change: the newest text, which may be ahead of what customers read."""
    ahead = latest_revision(session, translation.id) if translation.pending else None
    return translation.wording if ahead is None else wording_of(ahead, translation.wording)


def begin(session: Session, article: Article | None, language: str, wording: Wording, *, author: str, note: str = "", now: datetime) -> Translation:
    """Begin a translation as a draft; without an article, begin that as well, named after the title."""
    external_id = article.external_id if article is not None else free_id(session, wording.title)
    draft = _draft(external_id, language, wording, Status.DRAFT)
    translation = store(session, draft, author=author, note=note, now=now).translation
    _trace(session, translation, "created", author, {}, {"status": translation.status, "title": translation.title}, now)
    return translation


def save(
    session: Session, translation: Translation, wording: Wording, *, version: int, base: Wording, author: str, note: str = "", amend: bool = True, now: datetime
) -> Saved:
    """Keep what a writer has made of a text, without showing it to customers if the translation is public.

    :param version: the one that the writer began with; another one now means that somebody else was faster.
    :param base: the wording that the writer began with.
    :param amend: False keeps the author's last revision beside this one, as when an old one is restored.
    :raises Collision: if somebody else has changed the same lines; nothing is saved then.
    :raises kb.drafts.ArticleError: if it cannot be kept.
    """
    theirs, merged_with = current(session, translation), ""
    if version != translation.version and theirs not in (base, wording):
        found, other = merge(base, theirs, wording), latest_revision(session, translation.id)
        merged_with = other.author if other is not None else ""
        if not found.is_clean:
            raise Collision(found, theirs, merged_with, translation.version)
        wording = found.wording()
    wording = replace(wording, slug=slugify(wording.slug) or theirs.slug)
    if wording == theirs:
        return Saved(wording, changed=False, merged_with=merged_with)
    before = latest_revision(session, translation.id)
    if translation.status == Status.PUBLISHED:
        _draft(translation.article.external_id, translation.language, wording, Status.DRAFT)  # Refuses what could never be published.
        keep_revision(session, translation.id, wording, author=author, note=note, amend=amend, now=now)
        translation.pending = "" if wording == translation.wording else translation.pending or Status.DRAFT
        translation.version += 1
    else:
        _store(session, translation, wording, Status(translation.status), author=author, note=note, amend=amend, now=now)
    kept = latest_revision(session, translation.id)
    if kept is not before:  # An amended revision has been told of when it was begun.
        _trace(session, translation, "saved", author, _told(theirs), _told(wording), now)
    return Saved(wording, changed=True, merged_with=merged_with)


def publish(session: Session, translation: Translation, *, author: str = "", note: str = "", now: datetime) -> None:
    """Show the newest text to customers from now on."""
    before = _told(translation.wording) | {"status": translation.status}
    if translation.status == Status.PUBLISHED and not translation.pending:
        return
    if _store(session, translation, current(session, translation), Status.PUBLISHED, author=author, note=note, now=now):
        raise_generation(session)
    told = _told(translation.wording) | {"status": translation.status}
    _trace(session, translation, "published", author, before, told | ({"note": note} if note else {}), now)


def remark(session: Session, translation: Translation, note: str, *, author: str, now: datetime) -> None:
    """Keep a writer's note that no change took along: nothing that was typed is lost."""
    if not note or note in {each.note for each in publications_of(session, [translation.id])}:
        return
    before = latest_revision(session, translation.id)
    noted = before.note if before is not None else ""
    if keep_note(session, translation.id, note):
        _trace(session, translation, "changed", author, {"note": noted}, {"note": note}, now)


def archive(session: Session, translation: Translation, *, author: str = "", now: datetime) -> None:
    """Take a translation out of customers' sight, and keep it."""
    _move(session, translation, Status.ARCHIVED, author, now)


def send_to_review(session: Session, translation: Translation, *, author: str, now: datetime) -> None:
    """Ask others to look at a text before customers do; what is public stays so meanwhile."""
    _move(session, translation, Status.IN_REVIEW, author, now)


def back_to_draft(session: Session, translation: Translation, *, author: str, now: datetime) -> None:
    """Take a text back from review or from the archive."""
    _move(session, translation, Status.DRAFT, author, now)


def discard(session: Session, translation: Translation, *, author: str, now: datetime) -> None:
    """Go back to what is public; the changes that are given up stay in the history."""
    if not translation.pending:
        return
    before = current(session, translation)
    keep_revision(session, translation.id, translation.wording, author=author, note="", amend=False, now=now)
    translation.pending, translation.version = "", translation.version + 1
    _trace(session, translation, "discarded", author, _told(before), _told(translation.wording), now)


def free_id(session: Session, title: str) -> str:
    """Choose the lasting name of a new article, by which links and files know it."""
    wanted = slugify(title) or "article"
    if find_article(session, wanted) is None:
        return wanted
    return Namer(session.scalars(select(Article.external_id).where(Article.external_id.startswith(wanted, autoescape=True)))).name(wanted)


def _move(session: Session, translation: Translation, status: Status, author: str, now: datetime) -> None:
    public = translation.status == Status.PUBLISHED
    ahead = public and status is not Status.ARCHIVED
    before = translation.pending if ahead else translation.status
    if before == status or (ahead and not translation.pending):
        return
    if ahead:
        translation.pending = status
    else:
        translation.status = status
        translation.version += 1
        if public:
            end_publication(session, translation.id, now=now)
            raise_generation(session)
    session.flush()
    _trace(session, translation, "moved", author, {"status": before}, {"status": status}, now)


def _store(session: Session, translation: Translation, wording: Wording, status: Status, *, author: str, note: str, amend: bool = True, now: datetime) -> bool:
    """Make the columns say this, and tell whether customers see a difference."""
    translation.pending, version = "", translation.version  # The wording has what was ahead of the columns in it.
    draft = _draft(translation.article.external_id, translation.language, wording, status)
    stored = store(session, draft, author=author, note=note, amend=amend, now=now)
    translation.version = version + 1
    session.flush()
    return stored.public


def _draft(external_id: str, language: str, wording: Wording, status: Status) -> Draft:
    return Draft(external_id, language, wording.title, wording.body, summary=wording.summary, category=wording.category, slug=wording.slug, status=status)


def _told(wording: Wording) -> dict[str, object]:
    return dict(asdict(wording))


def _trace(
    session: Session, translation: Translation, action: str, author: str, before: Mapping[str, object], after: Mapping[str, object], now: datetime
) -> None:
    subject = f"article:{translation.article.external_id}/{translation.language}"
    trace.record(session, actor=author, action=action, subject=subject, before=before, after=after, now=now)

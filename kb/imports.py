"""Imports: the articles of an export brought in batch by batch, named where they cannot be, and gone on with after a kill."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from kb import import_formats, pictures
from kb.article_files import ENDINGS as ENDINGS
from kb.article_files import LABELLED as LABELLED
from kb.article_files import Found as Found
from kb.article_files import find_drafts as find_drafts
from kb.article_files import rows_of as rows_of
from kb.articles import Stored, changes_to, find_translation, store
from kb.bundle import Bundle, BundleError, open_bundle
from kb.database import Database
from kb.drafts import ArticleError, Draft
from kb.facts import differing, keep_facts
from kb.foreign import Item
from kb.gallery import Gallery
from kb.generations import raise_generation
from kb.import_formats import Format
from kb.import_report import MOST_NAMED, Change, Verdict
from kb.import_report import Failure as Failure
from kb.import_report import Report as Report
from kb.import_runs import begun, end, fingerprint_of, keep_position
from kb.passages import Section, cut
from kb.picture_bytes import Drawn
from kb.sentences import Sentence
from kb.trace import record

BATCH = 50
AUTHOR = "import"
FOUNDING = ("title", "category", "status", "body")


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is to be stored of one article, made ready outside of any transaction."""

    draft: Draft
    sections: list[Section] | None
    change: Change


class Import:
    """One import, done a batch at a time; each is one short transaction, so that others can write meanwhile.

    The generation is raised once, by :meth:`finish`, also when the import is interrupted.
    """

    def __init__(
        self,
        database: Database,
        bundle: Bundle,
        *,
        kind: Format | None = None,
        language: str = "en",
        dry_run: bool = False,
        author: str = AUTHOR,
        name: str = "",
    ) -> None:
        """Look at the files, and go on where the same import was interrupted.

        :param author: who is named in the trace, and beside the texts in the history.
        :param name: of the file or folder, for the trace.
        :param language: of articles that do not tell their own.
        :param dry_run: tell what would change, and write nothing.
        :raises BundleError: if the files are no export that is known.
        """
        self.kind = kind or import_formats.tell(bundle)
        self._database, self._dry_run, self._author, self._name = database, dry_run, author, name
        self._gallery = Gallery(bundle)
        self._fingerprint = fingerprint_of(bundle.fingerprint, self.kind, language)
        reading = import_formats.read(bundle, self._gallery, self.kind, language)
        self.total = reading.total
        self._items: Iterator[Item | Failure] = reading.items
        self._first: dict[tuple[str, str], str] = {}
        self.report, self.position, self._public = Report(), 0, False
        with database.reading() as session:
            run = None if dry_run else begun(session, self._fingerprint)
        if run is not None:
            self.report, self._public = Report.of(run.report), run.public
            self.position = sum(1 for _ in islice(self._items, run.position))

    def step(self, now: datetime) -> bool:
        """Bring in the next batch.

        :return: whether there was one.
        """
        batch = list(islice(self._items, BATCH))
        if not batch:
            return False
        prepared = self._prepare(batch)
        self.position += len(batch)
        drawn, notes = self._gallery.take(), self._gallery.take_notes()
        self.report.pictures += len(drawn)
        self.report.remark(notes)
        for each in prepared:
            self.report.tell(each.change)
        if self._dry_run:
            room = max(0, MOST_NAMED - len(self.report.changes))
            self.report.changes += [each.change for each in prepared][:room]
        else:
            self._write([each for each in prepared if each.change.verdict is not Verdict.UNCHANGED], drawn, now)
        return True

    def finish(self, now: datetime, *, complete: bool = True) -> Report:
        """Let customers see what has changed.

        :param complete: False keeps the place where it goes on.
        """
        if not self._dry_run:
            with self._database.writing() as session:
                if self._public:
                    raise_generation(session)
                if complete:
                    _trace(session, self._name, self.report, self._author, now)
                    end(session, self._fingerprint)
                elif self._public:
                    keep_position(session, self._fingerprint, self.position, self.report, public=False, now=now)
        return self.report

    def _prepare(self, batch: list[Item | Failure]) -> list[_Prepared]:
        drafts = [(item.where, draft) for item in batch if (draft := self._drafted(item))]
        with self._database.reading() as session:
            changes = [_change(session, where, draft) for where, draft in drafts]
        cutting = [
            None if self._dry_run or change.verdict is Verdict.UNCHANGED else cut(draft.body) for (_, draft), change in zip(drafts, changes, strict=True)
        ]
        return [_Prepared(draft, sections, change) for (_, draft), sections, change in zip(drafts, cutting, changes, strict=True)]

    def _drafted(self, item: Item | Failure) -> Draft | None:
        """Make a draft, or say in the report why there is none."""
        try:
            if isinstance(item, Failure):
                self.report.refuse(item)
                return None
            draft = item.make()
            place = self._first.setdefault((draft.external_id, draft.language), item.where)
            if place != item.where:
                raise ArticleError(Sentence("has the id and language of %(place)s", place=place))
        except ArticleError as error:
            self.report.refuse(Failure.because(item.where, error))
            return None
        except Exception as fault:  # noqa: BLE001 - whatever a hostile file does to a parser, the others still come in
            self.report.refuse(Failure.because(item.where, Sentence("cannot be read (%(fault)s)", fault=type(fault).__name__)))
            return None
        return draft

    def _write(self, prepared: list[_Prepared], drawn: list[Drawn], now: datetime) -> None:
        with self._database.writing() as session:
            for picture in drawn:
                pictures.keep(session, picture, now)
            # Whoever pressed the button did not write it: to the history it is an import, and texts that come together belong together.
            note = "" if self._author == AUTHOR else self._author
            stored = [store(session, each.draft, sections=each.sections, author=AUTHOR, note=note, now=now) for each in prepared]
            for each in stored:
                _trace_article(session, each, self._author, now)
            for each, wanted in zip(stored, prepared, strict=True):
                keep_facts(session, each.translation, wanted.draft.facts, author=self._author, now=now)
            self._public |= any(each.public for each in stored)
            keep_position(session, self._fingerprint, self.position, self.report, public=self._public, now=now)


def _change(session: Session, where: str, draft: Draft) -> Change:
    known = find_translation(session, draft.external_id, draft.language)
    changes = {*changes_to(session, known, draft), *differing(known, draft.facts)}
    verdict = Verdict.CREATED if known is None else Verdict.UPDATED if changes else Verdict.UNCHANGED
    return Change(where, draft.external_id, draft.language, draft.title, verdict, tuple(sorted(changes)) if verdict is Verdict.UPDATED else ())


def _trace_article(session: Session, stored: Stored, author: str, now: datetime) -> None:
    told = stored.translation
    after = {name: getattr(told, name) for name in (FOUNDING if stored.created else sorted(stored.changes))}
    subject = f"article:{told.article.external_id}/{told.language}"
    record(session, actor=author, action="created" if stored.created else "changed", subject=subject, before=stored.before, after=after, now=now)


def _trace(session: Session, name: str, report: Report, author: str, now: datetime) -> None:
    """Note what an import came to; each article that it changed stands in the trace by itself."""
    if report.created or report.updated:
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged, "failed": report.refused}
        record(session, actor=author, action="imported", subject=f"import:{name}", after=counts, now=now)


def import_articles(
    database: Database,
    path: Path,
    *,
    now: datetime,
    kind: Format | None = None,
    language: str = "en",
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Bring the articles under a path into the database, updating those whose id and language are known.

    :param progress: told after each batch how many articles were dealt with, of about how many.
    """
    try:
        work = Import(database, open_bundle(path), kind=kind, language=language, dry_run=dry_run, name=path.name)
    except BundleError as error:
        report = Report()
        report.refuse(Failure.because(path.name, error))
        return report
    complete = False
    try:
        progress(work.position, work.total)
        while work.step(now):
            progress(work.position, work.total)
        complete = True
    finally:
        work.finish(now, complete=complete)
    return work.report

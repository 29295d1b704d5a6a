"""Unpublished changes: what writers have made of a public text, while something else becomes public under them."""

from datetime import datetime

from sqlalchemy.orm import Session

from kb.merging import merge
from kb.revisions import Revision, Wording, keep_revision


def wording_of(revision: Revision, public: Wording) -> Wording:
    """Give what a revision says; what it does not keep is as in public."""
    category = public.category if revision.category is None else revision.category
    slug = public.slug if revision.slug is None else revision.slug
    return Wording(revision.title, revision.body, revision.summary, category, slug)


def carry_over(session: Session, ahead: Revision, before: Wording, after: Wording, *, now: datetime) -> bool:
    """Put unpublished changes on top of a public text that has changed without them, if they do not touch the same lines.

    :param ahead: the unpublished changes; this revision stays as it is.
    :param before: what was public when they were made.
    :param after: what is public now.
    :return: whether there still are unpublished changes; if not, they can only be found in the history.
    """
    merged = merge(before, after, wording_of(ahead, before))
    if not merged.is_clean or merged.wording() == after:
        return False
    keep_revision(session, ahead.translation_id, merged.wording(), author=ahead.author, note=ahead.note, amend=False, now=now)
    return True

"""Labels: what our exports say of a text where the other system has no place for it, so that nothing is lost on the way back.

The Markdown is on the label too, sealed with a digest of what was made of it: unless that was changed, it comes back to the letter.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from kb.drafts import Draft, Status, Visibility
from kb.facts import FACTS, checked

MEMBER = "webform"
"""The name of a label: a member of an object, or a ``<meta>`` of a page."""
_NAMES = frozenset({"id", "lang", "title", "slug", "category", "status", "summary", "updated_at", "extra", "markdown", "seal", *FACTS})


def label_of(draft: Draft, made: str) -> dict[str, str]:
    """Write a label.

    :param made: what the Markdown became, to the letter.
    """
    said = {"id": draft.external_id, "lang": draft.language, "title": draft.title, "slug": draft.slug, "category": draft.category}
    said |= {"status": str(draft.status), "summary": draft.summary, "extra": draft.extra or "", **draft.facts}
    said["updated_at"] = draft.updated_at.isoformat() if draft.updated_at else ""
    return said | {"markdown": draft.body, "seal": _seal(made)}


def read_label(value: object, made: str) -> dict[str, str]:
    """Read a label; what is none says nothing.

    :param made: what the export has now of what the Markdown became; if that is something else, the label has no Markdown.
    """
    said = {name: text for name, text in value.items() if name in _NAMES and isinstance(text, str)} if isinstance(value, Mapping) else {}
    if said.pop("seal", "") != _seal(made):
        said.pop("markdown", None)
    return said


def labelled(draft: Draft, label: Mapping[str, str]) -> Draft:
    """Put right what a foreign article lost on its way; what was decided about it there since holds.

    :raises ArticleError: if the label says something that cannot be kept.
    """
    if not label:
        return draft
    facts = checked({name: label[name] for name in FACTS if name in label})
    title = label.get("title", "")
    return replace(
        draft,
        external_id=label.get("id") or draft.external_id,
        language=label.get("lang") or draft.language,
        title=title if title.split() == draft.title.split() else draft.title,
        body=label.get("markdown", draft.body),
        summary=label.get("summary", draft.summary),
        category=label.get("category", draft.category),
        slug=label.get("slug", draft.slug),
        status=_status(draft.status, label),
        extra=label.get("extra", draft.extra),
        updated_at=_instant(label.get("updated_at", "")) or draft.updated_at if "markdown" in label else draft.updated_at,
        facts={**draft.facts, **facts},
    )


def _status(there: Status, label: Mapping[str, str]) -> Status:
    """Believe what the label says of a status unless the text was published there since, or taken back."""
    said = label.get("status", "")
    if said not in set(Status):
        return there
    hidden = label.get("visibility", Visibility.PUBLIC) != Visibility.PUBLIC  # A system without closed articles has it as a draft.
    same = (there is Status.PUBLISHED) == (said == Status.PUBLISHED) or (hidden and there is Status.DRAFT)
    return Status(said) if same else there


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _seal(made: str) -> str:
    return hashlib.sha256(made.encode(errors="replace")).hexdigest()

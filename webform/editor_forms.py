"""The form of the editor: what a writer typed, what is wrong with it in words, and the wording it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.drafts import MAX_CATEGORY, MAX_SUMMARY, MAX_TITLE
from kb.markdown import MAX_SOURCE
from kb.revisions import Wording
from kb.slugs import slugify
from webform.lines import one_line, storable

LONGEST_NOTE = 500
LONGEST_SLUG = 80
TEXTS = ("summary", "body")
NAMES = ("title", "body", "summary", "category", "slug")


@dataclass(slots=True)
class EditorForm:
    """An article as it stands in the editor.

    :ivar version: of the translation that the writer began with; 0 for a new one.
    :ivar base: the wording that the writer began with, which a merge needs.
    :ivar errors: by field, what is wrong.
    """

    wording: Wording
    version: int
    base: Wording
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def check(self, session: Session, translation: Translation | None, language: str) -> bool:
        """Tell whether this can be kept, and say in words what is wrong if not."""
        said, self.errors = self.wording, {}
        if not said.title.strip():
            self.errors["title"] = gettext("Give the article a title; it can be changed at any time")
        elif len(said.title) > MAX_TITLE:
            self.errors["title"] = gettext("Shorten the title to %(most)s characters", most=MAX_TITLE)
        if len(said.summary) > MAX_SUMMARY:
            self.errors["summary"] = gettext("Shorten the summary to %(most)s characters", most=MAX_SUMMARY)
        if len(said.category) > MAX_CATEGORY:
            self.errors["category"] = gettext("Shorten the category to %(most)s characters", most=MAX_CATEGORY)
        if len(said.body.encode()) > MAX_SOURCE:
            self.errors["body"] = gettext("The text is longer than %(most)s kB. Divide it into two articles", most=MAX_SOURCE // 1000)
        if wrong := self._wrong_slug(session, translation, language):
            self.errors["slug"] = wrong
        return not self.errors

    def _wrong_slug(self, session: Session, translation: Translation | None, language: str) -> str:
        wanted = slugify(self.wording.slug, longest=LONGEST_SLUG)
        if self.wording.slug and not wanted:
            return str(gettext("Put at least one letter or digit into the address, or leave it empty"))
        if not wanted or (translation is not None and translation.slug == wanted):
            return ""
        taken = select(Translation.title).where(Translation.language == language, Translation.slug == wanted)
        title = session.scalars(taken.where(Translation.id != (translation.id if translation is not None else 0))).first()
        return str(gettext("The article “%(title)s” has this address already. Choose another one", title=title)) if title is not None else ""


def posted(sent: Mapping[str, str]) -> EditorForm:
    """Read the editor as it was sent; nothing that was typed is cut."""
    version = sent.get("version", "")
    base = _wording(sent, "base-")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return EditorForm(_wording(sent, ""), number, base, one_line(sent.get("note", ""), LONGEST_NOTE))


def opened(wording: Wording, version: int) -> EditorForm:
    """Fill the editor with a text as it is kept."""
    return EditorForm(wording, version, wording)


def _wording(sent: Mapping[str, str], prefix: str) -> Wording:
    texts = {name: storable(sent.get(prefix + name, "")) for name in NAMES}
    return Wording(**{name: text if name in TEXTS else " ".join(text.split()) for name, text in texts.items()})

"""Former slugs: addresses that an article had once, so that old links still lead to it."""

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base


class FormerSlug(Base):
    """The last part of an address under which customers could read a translation before it moved."""

    __tablename__ = "former_slug"

    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)


def keep_slug(session: Session, language: str, slug: str, translation_id: int) -> None:
    """Let an address lead to a translation from now on; of several that had it, the last one is meant."""
    row = insert_into(session, FormerSlug).values(language=language, slug=slug, translation_id=translation_id)
    session.execute(row.on_conflict_do_update(index_elements=["language", "slug"], set_={"translation_id": translation_id}))


def owner_of(session: Session, language: str, slug: str) -> int | None:
    """Tell the id of the translation that had an address last."""
    return session.scalar(select(FormerSlug.translation_id).where(FormerSlug.language == language, FormerSlug.slug == slug))

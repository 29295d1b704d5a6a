"""Topics: what a request is about; a topic decides where it goes and whether to suggest at all."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class Topic(Base):
    """A choice in the form, named in each language of the interface."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(320), default="")
    priority: Mapped[str] = mapped_column(String(16), default="normal")
    position: Mapped[int] = mapped_column(default=0)
    suggests: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)

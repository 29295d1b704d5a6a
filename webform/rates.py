"""Rates: how often an address or a network may ask, counted in the database so that all processes agree."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class RateWindow(Base):
    """Hits under one key until a moment; keys are keyed hashes, never addresses."""

    __tablename__ = "rate_window"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)

"""Staff: the people who may sign in, and what their role lets them do."""

from datetime import datetime
from enum import StrEnum

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.schema import Base


class RoleName(StrEnum):
    """What a member of staff is: a writer keeps articles, a lead steers, an admin manages people."""

    WRITER = "writer"
    LEAD = "lead"
    ADMIN = "admin"


staff_role = Table(
    "staff_role",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("staff_user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A named set of rights."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(String(255), default="")


class User(Base, UserMixin):
    """A member of staff."""

    __tablename__ = "staff_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(16), default="")
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    roles: Mapped[list[Role]] = relationship(secondary=staff_role)

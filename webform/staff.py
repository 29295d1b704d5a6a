"""Staff: the people who may sign in, and what their role lets them do."""

import secrets
import unicodedata
from datetime import datetime
from enum import StrEnum

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Integer, String, Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from kb.schema import Base
from kb.trace import record
from webform import passwords


class StaffError(Exception):
    """Something about the staff cannot be done; the message says why and what to do instead."""


class RoleName(StrEnum):
    """What a member of staff is: a writer keeps articles, a lead steers, an admin manages people."""

    WRITER = "writer"
    LEAD = "lead"
    ADMIN = "admin"

    def includes(self, other: "RoleName") -> bool:
        """Tell whether this role may do all that another may."""
        order = list(RoleName)
        return order.index(self) >= order.index(other)


staff_role = Table(
    "staff_role",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("staff_user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):  # type: ignore[misc]
    """A named set of rights."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(String(255), default="")


class User(Base, UserMixin):  # type: ignore[misc]
    """A member of staff; whoever changes ``fs_uniquifier`` ends all sessions of that person."""

    __tablename__ = "staff_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(16), default="")
    created_at: Mapped[datetime]

    roles: Mapped[list[Role]] = relationship(secondary=staff_role)

    @property
    def role(self) -> RoleName | None:
        """The one role of this person; nobody without a role may see anything."""
        names = {role.name for role in self.roles}
        return next((name for name in reversed(RoleName) if name in names), None)


def normal_address(email: str) -> str:
    """Spell an address as it is kept and looked up."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def find(session: Session, email: str) -> User | None:
    """Find a member of staff by address, however it is spelled; an impossible address is nobody's."""
    address = normal_address(email)
    if not address.isprintable():
        return None
    return session.scalar(select(User).where(User.email == address).options(selectinload(User.roles)))


def members(session: Session) -> list[User]:
    """List everybody, by address."""
    return list(session.scalars(select(User).order_by(User.email).options(selectinload(User.roles))))


def add(session: Session, email: str, role: RoleName, password: str, now: datetime) -> User:
    """Let somebody in, or back in if the person was let out before.

    :raises StaffError: if the person is on the staff already.
    :raises webform.passwords.PasswordRefused: if the password is too short or too long.
    """
    user = find(session, email)
    if user is not None and user.active:
        raise StaffError(f"{user.email} is on the staff already")
    if user is None:
        user = User(email=normal_address(email), created_at=now, active=True, fs_uniquifier=_fresh())
        session.add(user)
    user.active = True
    user.roles = [_role(session, role)]
    set_password(session, user, password)
    return user


def set_password(session: Session, user: User, password: str) -> None:
    """Give a person a new password; whoever is signed in under the old one no longer is.

    :raises webform.passwords.PasswordRefused: if it is too short or too long.
    """
    user.password = passwords.keep(password)
    end_sessions(session, user)


def set_role(session: Session, user: User, role: RoleName) -> None:
    """Give a person another role; the person signs in anew.

    :raises StaffError: if nobody would be left to manage the staff.
    """
    if user.role is role:
        return
    _keep_an_admin(session, user)
    user.roles = [_role(session, role)]
    end_sessions(session, user)


def revoke(session: Session, user: User) -> None:
    """Let a person out, at once.

    :raises StaffError: if nobody would be left to manage the staff.
    """
    if not user.active:
        return
    _keep_an_admin(session, user)
    user.active = False
    end_sessions(session, user)


def end_sessions(session: Session, user: User) -> None:
    """Make every cookie that was given to a person worthless."""
    user.fs_uniquifier = _fresh()
    session.flush()


def ensure_first_admin(session: Session, address: str, now: datetime) -> tuple[str, str] | None:
    """Make the first member of staff where there is none.

    :param address: whom to sign in as; nothing is sent there.
    :return: address and password, which nobody can read again; nothing if there are staff, or another process was first.
    """
    if session.scalar(select(User.id).limit(1)) is not None:
        return None
    password = passwords.invent()
    try:
        with session.begin_nested():
            user = add(session, address, RoleName.ADMIN, password, now)
    except IntegrityError:
        return None
    record(session, actor="", action="added", subject=f"staff:{user.email}", after={"role": RoleName.ADMIN, "active": True}, now=now)
    return user.email, password


def _keep_an_admin(session: Session, user: User) -> None:
    if user.role is not RoleName.ADMIN or not user.active:
        return
    if not any(other.active and other.role is RoleName.ADMIN for other in members(session) if other.id != user.id):
        raise StaffError(f"{user.email} is the only admin: make somebody else one first")


def _role(session: Session, name: RoleName) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        session.add(role)
        session.flush()
    return role


def _fresh() -> str:
    return secrets.token_hex(16)

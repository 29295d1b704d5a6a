from datetime import datetime

import pytest

from kb.database import Database
from webform import passwords, staff
from webform.passwords import PasswordRefused
from webform.staff import RoleName, StaffError, User

PASSWORD = "correct horse battery"


def test_roles_include_what_stands_below_them() -> None:
    assert RoleName.ADMIN.includes(RoleName.LEAD)
    assert RoleName.LEAD.includes(RoleName.LEAD)
    assert not RoleName.WRITER.includes(RoleName.LEAD)


def test_the_first_start_makes_one_admin_and_no_later_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = staff.ensure_first_admin(session, "chief@mossgarth.net", now)
        assert first is not None
        assert staff.ensure_first_admin(session, "chief@mossgarth.net", now) is None
    with database.reading() as session:
        (user,) = staff.members(session)
        assert (user.email, user.role, user.active) == ("chief@mossgarth.net", RoleName.ADMIN, True)
        assert passwords.fits(first[1], user.password)


def test_no_first_admin_is_made_where_everybody_was_let_out(database: Database, now: datetime) -> None:
    with database.writing() as session:
        staff.add(session, "a@example.com", RoleName.WRITER, PASSWORD, now).active = False
        session.flush()
        assert staff.ensure_first_admin(session, "chief@mossgarth.net", now) is None


def test_an_address_is_one_person_however_it_is_spelled(database: Database, now: datetime) -> None:
    with database.writing() as session:
        staff.add(session, " Anna@Example.com", RoleName.LEAD, PASSWORD, now)
        assert staff.find(session, "anna@EXAMPLE.com ") is not None
        with pytest.raises(StaffError, match="already"):
            staff.add(session, "ANNA@example.com", RoleName.LEAD, PASSWORD, now)


@pytest.mark.parametrize("email", ["", "no\0body", "nobody\n@example.com", "\ud800", "a" * 10_000])
def test_an_impossible_address_is_nobodys(email: str, database: Database) -> None:
    with database.reading() as session:
        assert staff.find(session, email) is None


def test_whoever_comes_back_gets_the_new_role_and_password(database: Database, now: datetime) -> None:
    with database.writing() as session:
        staff.add(session, "boss@example.com", RoleName.ADMIN, PASSWORD, now)
        user = staff.add(session, "anna@example.com", RoleName.LEAD, PASSWORD, now)
        staff.revoke(session, user)
        back = staff.add(session, "anna@example.com", RoleName.WRITER, "another good password", now)
        assert back.id == user.id
        assert (back.active, back.role) == (True, RoleName.WRITER)
        assert passwords.fits("another good password", back.password)


def test_somebody_who_is_let_in_again_has_no_use_of_an_old_cookie(database: Database, now: datetime) -> None:
    with database.writing() as session:
        user = staff.add(session, "anna@example.com", RoleName.LEAD, PASSWORD, now)
        seen = [user.fs_uniquifier]
        staff.revoke(session, user)
        seen.append(user.fs_uniquifier)
        staff.add(session, "anna@example.com", RoleName.LEAD, PASSWORD, now)
        seen.append(user.fs_uniquifier)
        staff.set_role(session, user, RoleName.WRITER)
        seen.append(user.fs_uniquifier)
        staff.set_password(session, user, PASSWORD)
        seen.append(user.fs_uniquifier)
        assert len(set(seen)) == 5


def test_the_only_admin_can_neither_leave_nor_step_down(database: Database, now: datetime) -> None:
    with database.writing() as session:
        admin = staff.add(session, "boss@example.com", RoleName.ADMIN, PASSWORD, now)
        for act in (lambda: staff.revoke(session, admin), lambda: staff.set_role(session, admin, RoleName.LEAD)):
            with pytest.raises(StaffError, match="only admin"):
                act()
        staff.add(session, "deputy@example.com", RoleName.ADMIN, PASSWORD, now)
        staff.revoke(session, admin)
        assert not admin.active


def test_a_bad_password_adds_nobody(database: Database, now: datetime) -> None:
    with pytest.raises(PasswordRefused), database.writing() as session:
        staff.add(session, "anna@example.com", RoleName.LEAD, "short", now)
    with database.reading() as session:
        assert staff.members(session) == []


def test_a_person_without_a_role_has_none() -> None:
    assert User(email="a@example.com").role is None

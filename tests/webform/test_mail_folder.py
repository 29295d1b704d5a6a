import stat
from datetime import UTC, datetime
from pathlib import Path

from webform.mail_folder import MailFolder
from webform.mailer import Parcel

MIME = b"Subject: Pump\r\n\r\nIt hums.\r\n"


def parcel(mime: bytes = MIME) -> Parcel:
    return Parcel("T-222222", "request", "bounce@example.com", ("team@example.com",), mime, datetime(2026, 11, 22, 9, 30, tzinfo=UTC))


def test_a_message_becomes_a_file_named_by_date_and_reference(tmp_path: Path) -> None:
    receipt = MailFolder(tmp_path / "mail").send(parcel())
    [path] = (tmp_path / "mail").iterdir()
    assert (path.name, path.read_bytes()) == ("2026-11-22T093000Z-T-222222-request.eml", MIME)
    assert receipt.refused == {}
    assert path.name in receipt.words


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    MailFolder(tmp_path / "mail").send(parcel())
    [path] = (tmp_path / "mail").iterdir()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path)] == [0o700, 0o600]


def test_a_repeat_replaces_the_file(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path)
    folder.send(parcel())
    folder.send(parcel())
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands in the way")
    receipt = MailFolder(tmp_path / "mail").send(parcel())
    [refusal] = receipt.refused.values()
    assert not refusal.permanent
    assert "could not be written" in refusal.words

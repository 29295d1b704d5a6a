import io
import zipfile
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.database import Database
from tests.webform.sending import accept
from webform import attachments
from webform.attachments import Attachment, AttachmentRefused, Refusal

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(20)


def keep(session: Session, now: datetime, filename: str = "photo.png", content: bytes = PNG, visit: str = "a-visit", **limits: int) -> Attachment:
    return attachments.keep(session, visit=visit, filename=filename, content=content, now=now, **limits)


def packed(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


ACCEPTED = [
    ("a.png", PNG, "image/png"),
    ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(30), "image/jpeg"),
    ("a.jpeg", b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + bytes(30), "image/jpeg"),
    ("a.gif", b"GIF89a" + bytes(30), "image/gif"),
    ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30), "image/webp"),
    ("a.heic", b"\0\0\0\x18ftypheic" + bytes(30), "image/heic"),
    ("a.heic", b"\0\0\0\x18ftypmif1" + bytes(30), "image/heic"),
    ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\n", "application/pdf"),
    ("a.zip", packed(a="b"), "application/zip"),
    ("a.docx", packed(word="x"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.ods", packed(mimetype="x"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("a.txt", "Насос гудит".encode(), "text/plain"),
    ("a.txt", "Насос гудит".encode("cp1251"), "text/plain"),
    ("a.txt", "Насос".encode("utf-16"), "text/plain"),
    ("a.log", b"\x1b[31mred\x1b[0m\r\n", "text/plain"),
    ("a.csv", b"a;b\n=1+1;2\n", "text/csv"),
    ("a.jpg", PNG, "image/png"),
    ("camera roll 2026.11.22 at 10", PNG, "image/png"),
]
REFUSED = [
    ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ("a.png", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
    ("a.txt", b"\xef\xbb\xbf \n<html>"),
    ("a.txt", "<svg onload=alert(1)>".encode("utf-16")),
    ("a.html", b"hello"),
    ("a.php", PNG),
    ("a.png.exe", PNG),
    ("a.exe", b"MZ" + bytes(100)),
    ("a.png", b"MZ" + bytes(100)),
    ("a.txt", b"\x7fELF" + bytes(60)),
    ("a.mp4", b"\0\0\0\x18ftypmp42" + bytes(30)),
    ("a.png", packed(a="b")),
    ("a.jar", packed(a="b")),
    ("README", b"words without an ending"),
    (".htaccess", b"AddHandler x .png"),
]


@pytest.mark.parametrize(("filename", "content", "kind"), ACCEPTED)
def test_a_file_is_what_is_in_it(filename: str, content: bytes, kind: str, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert keep(session, now, filename, content).content_type == kind


@pytest.mark.parametrize(("filename", "content"), REFUSED)
def test_a_file_that_runs_somewhere_is_refused(filename: str, content: bytes, database: Database, now: datetime) -> None:
    with database.writing() as session, pytest.raises(AttachmentRefused) as refused:
        keep(session, now, filename, content)
    assert refused.value.reason is Refusal.KIND


@pytest.mark.parametrize(
    ("filename", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\C:\\Users\\photo.PNG", "photo.png"),
        ("photo\u202egpj.png", "photogpj.png"),
        ("a\r\nContent-Type: text.png", "a Content-Type_ text.png"),
        ("a\0b.png", "ab.png"),
        ("x" * 300 + ".png", "x" * 100 + ".png"),
        ("....png", "png.png"),
        ("", "file.png"),
        ("фото насоса.png", "фото насоса.png"),
        ("photo.jpg", "photo.jpg.png"),
        ('a"b<c>.png', "a_b_c_.png"),
    ],
)
def test_a_file_name_is_only_a_name(filename: str, kept: str, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert keep(session, now, filename).filename == kept


def test_an_empty_a_large_and_one_file_too_many_are_refused(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for content, reason in ((b"", Refusal.EMPTY), (PNG + bytes(100), Refusal.TOO_LARGE)):
            with pytest.raises(AttachmentRefused) as refused:
                keep(session, now, content=content, most_bytes=100)
            assert refused.value.reason is reason
        keep(session, now, content=PNG + b"1", most_files=2, most_bytes=100)
        with pytest.raises(AttachmentRefused) as refused:
            keep(session, now, content=PNG + bytes(40), most_files=2, most_bytes=100)
        assert refused.value.reason is Refusal.TOO_LARGE
        keep(session, now, content=PNG + b"2", most_files=2, most_bytes=100)
        with pytest.raises(AttachmentRefused) as refused:
            keep(session, now, content=PNG + b"3", most_files=2, most_bytes=200)
        assert refused.value.reason is Refusal.TOO_MANY


def test_the_same_file_again_is_the_one_that_waits(database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = keep(session, now)
        assert keep(session, now + timedelta(minutes=30)) is first
        assert attachments.expire(session, now + timedelta(minutes=80)) == 0


def test_a_token_of_another_visit_is_no_file(database: Database, now: datetime) -> None:
    with database.writing() as session:
        other = keep(session, now, visit="another")
        assert len(other.token) == 43
        assert attachments.waiting(session, "a-visit", [other.token]) == []
        assert attachments.waiting(session, "another", [other.token]) == [other]


def test_files_that_are_not_sent_go_after_an_hour_and_sent_ones_stay(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        sent, left = keep(session, now), keep(session, now, content=PNG + b"left")
        ticket = accept(session, app, now, uploads=(sent.token,))
        assert attachments.expire(session, now + timedelta(minutes=59)) == 0
        assert attachments.expire(session, now + timedelta(minutes=61)) == 1
        assert attachments.content(session, left.id) is None
        assert attachments.of_ticket(session, ticket.id) == [sent]


def test_files_that_a_form_no_longer_names_make_room(database: Database, now: datetime) -> None:
    with database.writing() as session:
        named, unnamed = keep(session, now), keep(session, now, content=PNG + b"x")
        attachments.drop_others(session, "a-visit", [named.token], now)
        assert session.scalar(select(func.count()).select_from(Attachment)) == 2  # It may be the same form, sent twice at once.
        attachments.drop_others(session, "a-visit", [named.token], now + timedelta(minutes=1))
        assert attachments.waiting(session, "a-visit", [named.token, unnamed.token]) == [named]


def test_only_a_sent_file_is_given_to_staff(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        file = keep(session, now)
        assert attachments.content(session, file.id) is None
        accept(session, app, now, uploads=(file.token,))
    with database.reading() as session:
        found = attachments.content(session, file.id)
        assert found is not None
        assert (found.filename, found.content) == ("photo.png", PNG)

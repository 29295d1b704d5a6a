import random
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from tests.webform.old_mails import COMPANY, write
from webform.mailbox_files import MOST_OF_MAIL, Letter, Mailbox, MailboxError
from webform.mailbox_html import plain
from webform.mailbox_parts import text_of
from webform.mailbox_survey import Terms, question, questions, survey

TERMS = Terms((COMPANY,), "en", datetime(2026, 11, 30, tzinfo=UTC))
MAIL = b"From: Anna <anna@x.example>\nSubject: Pump\nMessage-ID: <%d@x>\n\nThe pump hums, but no water comes out\n"


def asked(path: Path) -> list[str]:
    mailbox = Mailbox(path)
    return [found.message for _, found in questions(mailbox, survey(mailbox, TERMS).begun, TERMS, after=0) if found is not None]


def test_a_mailbox_may_be_an_mbox_a_maildir_a_folder_or_a_table(tmp_path: Path) -> None:
    words = "The pump hums, but no water comes out"
    mbox = tmp_path / "old"
    mbox.write_bytes(b"".join(b"From a@x.example Mon Mar  2 10:15:00 2026\r\n" + MAIL % number + b"\n>From the tap\n\n" for number in (1, 2)))
    assert asked(mbox) == [f"{words}\n\nFrom the tap"] * 2
    for place in ("dir/cur/1:2,S", "dir/new/2", "dir/tmp/3", "dir/.Sent/cur/4", "mails/5.eml", "mails/deep/6.EML", "mails/note.txt"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(MAIL % len(place))
    (tmp_path / "mails" / "loop.eml").symlink_to(tmp_path / "mails" / "5.eml")
    assert asked(tmp_path / "dir") == [words] * 3
    assert asked(tmp_path / "mails") == [words] * 2
    assert asked(tmp_path / "mails" / "5.eml") == [words]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_a_table_has_a_question_in_each_row_whatever_its_columns_are_called(tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "old.csv"
    rows = 'Тема;Сообщение;Отправитель;Дата\r\nНасос;"Насос гудит;\nвода не идёт";i@x.example;02.03.2026 10:15\r\n;Наш ответ;team@mossgarth.example;\r\n;;;\r\n'
    table.write_bytes(rows.encode(encoding))
    assert asked(table) == ["Насос гудит;\nвода не идёт"]
    table.write_bytes("ticket,body\n1,The pump hums loudly\n1,It still hums loudly\n2,The hose leaks water\n".encode(encoding))
    assert asked(table) == ["The pump hums loudly", "The hose leaks water"], "a row of the same ticket goes on with it"
    table.write_bytes(b'body\n"never closed ' + b"x" * 400_000 + b"\nThe pump hums loudly\n")
    assert Mailbox(table).fingerprint
    list(Mailbox(table).letters())


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"%PDF-1.4"), ("a.mbox", b""), ("empty.zip", b"PK\3\4")])
def test_what_is_no_mailbox_is_said_to_be_none(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MailboxError, match="no mail"):
        Mailbox(tmp_path / name)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(MailboxError, match="no mail in it"):
        Mailbox(tmp_path / "nothing")


def test_the_words_of_a_page_are_found_without_what_is_quoted_signed_or_hidden() -> None:
    page = (
        "<style>p{}</style><p>The pump<br>hums &amp; <b>no</b> water</p><script>x</script><div style='display:none'>hidden</div>"
        "<div class='gmail_signature'>Anna</div><div class='gmail_quote'>On Monday wrote<blockquote>old</blockquote></div>"
    )
    assert plain(page) == "The pump\nhums & no water"
    assert plain("<div>New</div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'>From: x</div><p>old</p>") == "New"
    assert plain("<blockquote>Only passed on</blockquote>") == "Only passed on"
    assert plain("") == plain("<!-- -->") == ""


HEAD = b"From: a@x.example\nSubject: s\nContent-Type: "
HOSTILE = {
    "nested parts": b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(8000)),
    "many parts": HEAD + b"multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 60_000,
    "many fields": b"".join(b"X-%d: x\n" % number for number in range(60_000)) + b"\nhello",
    "one long line": b"From: a@x.example\n\n" + b"> " * 200_000,
    "deep page": HEAD + b"text/html\n\n" + b"<div><blockquote>" * 20_000,
    "wide page": HEAD + b"text/html\n\n" + b"<td>x" * 80_000,
    "entities": HEAD + b'text/html\n\n<!DOCTYPE a [<!ENTITY a "' + b"x" * 1000 + b'">]><p>' + b"&a;" * 50_000,
    "broken base64": HEAD + b"text/plain\nContent-Transfer-Encoding: base64\n\n" + b"!AA=A" * 90_000,
    "long boundary": HEAD + b'multipart/mixed; boundary="' + b"b" * 60_000 + b'"\n\n' + b"--" + b"b" * 300_000,
    "long address": b"From: " + b"<" * 30_000 + b"a@" * 30_000 + b"\nSubject: " + b"=?utf-8?B?" * 6000 + b"\n\nThe pump hums loudly",
    "many references": b"From: a@x.example\nReferences: " + b"<a@b> " * 10_000 + b"\n\nThe pump hums loudly",
    "many dates": b"From: a@x.example\n\n" + b"2026-01-01 10:15:00 <a@x.example> " * 14_000,
    "wrote wrote": b"From: a@x.example\n\n" + b"On 10:15 " * 50_000 + b"\n" + b"On 2026 wrote\n" * 5_000,
    "fields of a quote": b"From: a@x.example\n\n" + b"From: x\nSent: y\n" * 30_000,
    "nothing but returns": b"\r" * 400_000,
    "surrogates": HEAD + b"text/plain; charset=utf-16\n\n" + b"\x00\xd8" * 100_000,
    "digits": b"From: a@x.example\n\n" + b"1-" * 100_000,
    "names": b"From: a@x.example\n\nmy name is " + b"Anna " * 50_000,
    "parameters": HEAD + b"text/plain" + b'; a*0*="' * 8000 + b"\n\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_costs_little_and_breaks_nothing(name: str) -> None:
    letter = Letter(HOSTILE[name][:MOST_OF_MAIL])
    begun = process_time()
    text_of(letter.content)
    question(letter, 0, TERMS)
    assert process_time() - begun < 20, "seconds of work, on the slowest machine"


def test_mutated_mails_are_read_or_passed_over_but_never_break_anything(tmp_path: Path) -> None:
    drawn = random.Random(7)
    write(tmp_path / "old.mbox", 60, seed=3)
    good = (tmp_path / "old.mbox").read_bytes()
    for _ in range(25):
        bad = bytearray(good)
        for _ in range(drawn.randrange(1, 400)):
            at = drawn.randrange(len(bad))
            match drawn.randrange(4):
                case 0:
                    bad[at] = drawn.randrange(256)
                case 1:
                    del bad[at : at + drawn.randrange(40)]
                case 2:
                    bad[at:at] = drawn.choice([b"\n", b"\r\n\r\n", b"\nFrom ", b"--=_b", b"=?", b"\0", b"<", b'"', b";", b"\xff\xfe"])
                case _:
                    bad[at : at + 30] = bad[drawn.randrange(len(bad)) :][: drawn.randrange(60)]
        (tmp_path / "bad.mbox").write_bytes(b"From x@x.example Mon Mar  2 10:15:00 2026\n" + bytes(bad))
        asked(tmp_path / "bad.mbox")


def test_memory_does_not_grow_with_the_mailbox(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        write(tmp_path / "old.mbox", number, seed=2)
        tracemalloc.start()
        for letter in Mailbox(tmp_path / "old.mbox").letters():
            text_of(letter.content)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(20)  # What is made once.
    assert peak(600) < 3 * peak(100) + 4_000_000

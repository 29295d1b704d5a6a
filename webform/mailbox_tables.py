"""Tables of old mail: a row of a CSV made into a mail, so that everything after it is the same."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from webform.mailbox_charsets import decode

TABLES = (".csv", ".tsv")
MOST_CHARACTERS = 100_000
"""Characters of a cell that are read; a cell that is longer than the machine reads at once ends its row."""
_SAMPLE = 64 * 1024
_COLUMNS = {
    "Subject": ("subject", "title", "summary", "тема", "заголовок", "主题", "標題", "主旨"),
    "text": ("body", "text", "message", "description", "content", "question", "текст", "сообщение", "обращение", "вопрос", "正文", "内容", "內容", "问题"),
    "From": ("from", "email", "e-mail", "sender", "requester", "requester_email", "customer", "from_email", "отправитель", "от", "почта", "发件人", "寄件者"),
    "To": ("to", "recipient", "to_email", "кому", "收件人"),
    "Date": ("date", "created_at", "created", "sent_at", "received_at", "time", "timestamp", "sent", "дата", "создано", "日期", "时间"),
    "Message-ID": ("message_id", "message-id", "messageid"),
    "In-Reply-To": ("in_reply_to", "in-reply-to"),
    "thread": ("thread", "thread_id", "conversation", "conversation_id", "ticket", "ticket_id", "case", "обращение_id", "工单"),
}


def rows(file: Path) -> Iterator[tuple[bytes, int]]:
    """Give each row as a mail, with how many bytes of the file were read by then; a row that cannot be read is empty."""
    with file.open("rb") as raw:
        sample = raw.read(_SAMPLE)
    encoding = _encoding(sample)
    with file.open("r", encoding=encoding, errors="replace", newline="") as opened:
        reached = 0

        def lines() -> Iterator[str]:
            nonlocal reached
            while line := opened.readline(MOST_CHARACTERS):
                reached += len(line)
                yield line.replace("\0", "")

        reader = csv.reader(lines(), delimiter="\t" if file.suffix.lower() == ".tsv" else _delimiter(sample.decode(encoding, "replace")))
        columns: Mapping[str, int] | None = None
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield b"", reached
                continue
            if columns is None:
                columns = _columns(row)
            elif row:
                yield _mail(columns, row), reached


def _mail(columns: Mapping[str, int], row: list[str]) -> bytes:
    cells = {name: row[place][:MOST_CHARACTERS] for name, place in columns.items() if place < len(row)}
    text, thread = cells.pop("text", ""), cells.pop("thread", "").strip()
    if thread:
        cells["References"] = f"<{thread}@table>"
    head = "".join(f"{name}: {' '.join(words.split())}\n" for name, words in cells.items() if words.strip())
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}".encode(errors="replace")


def _columns(header: list[str]) -> dict[str, int]:
    """Find the columns by their names; a table without names that are known has its text in its longest, which is taken to be the last."""
    names = [name.strip().strip("\ufeff").lower().replace(" ", "_") for name in header]
    found = {role: next((names.index(name) for name in known if name in names), -1) for role, known in _COLUMNS.items()}
    known = {role: place for role, place in found.items() if place >= 0}
    return known if "text" in known or "Subject" in known else {"text": len(header) - 1}


def _encoding(sample: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return encoding
    return decode(sample.rpartition(b"\n")[0] or sample, "")[1]


def _delimiter(sample: str) -> str:
    first = sample.partition("\n")[0]
    return max(",;\t", key=first.count)

"""A seeded generator of old support mail in three languages, which knows of every mail what it is and what its customer asked."""

import heapq
import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from quopri import encodestring

from kb import sample

COMPANY = "mossgarth.example"
BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
QUERIES = Path(__file__).parents[1] / "kb"
LANGUAGES = ("en", "ru", "zh")
WEIGHTS = (50, 30, 20)
PEAK = (0, 10)
"""Weekday and hour, in UTC, in which most is asked."""

NAMES = {"en": ["Anna Kirby", "Tom O'Hara", "Grace Lee"], "ru": ["Иван Петров", "Мария Соколова", "Олег Ким"], "zh": ["张伟", "李娜", "王芳"]}
HELLO = {"en": ["Hello,", "Hi there,", "Dear support,", ""], "ru": ["Здравствуйте!", "Добрый день,", ""], "zh": ["您好，", "你好！", ""]}
BYE = {"en": "Best regards,", "ru": "С уважением,", "zh": "祝好，"}
PHONE = {"en": "Sent from my iPhone", "ru": "Отправлено с iPhone", "zh": "发自我的iPhone"}
ANSWER = {
    "en": "Thank you for writing. Please turn the tap and tell us.",
    "ru": "Спасибо за письмо. Поверните кран и напишите нам.",
    "zh": "感谢来信。请转动阀门后告诉我们。",
}
AGAIN = {"en": "That did not help, what else can I do?", "ru": "Это не помогло, что ещё можно сделать?", "zh": "这样没有用，还有什么办法？"}
QUOTE = {
    "en": ["On Mon, Mar 2, 2026 at 10:15 AM Support <support@{c}> wrote:", "-----Original Message-----\nFrom: Support\nSent: Monday\nTo: me\nSubject: x\n"],
    "ru": ["пн, 2 мар. 2026 г. в 10:15, Поддержка <support@{c}>:", "2 марта 2026 г., 10:15 пользователь Поддержка написал:",
        "От: Поддержка\nОтправлено: 2 марта\nКому: мне\nТема: х\n"],
    "zh": [
        "在 2026年3月2日 10:15，客服 <support@{c}> 写道：",
        "------------------ 原始邮件 ------------------\n发件人: 客服\n发送时间: 2026年3月2日\n主题: x\n",
        "客服 <support@{c}> 于2026年3月2日周一 10:15写道："],
}  # fmt: skip
RE = {"en": "Re: ", "ru": "Ответ: ", "zh": "回复："}
AWAY = {"en": "Out of office: holiday", "ru": "Автоответ: я в отпуске", "zh": "自动回复：外出"}
CHARSETS = {"en": ["utf-8", "us-ascii", "iso-8859-1"], "ru": ["utf-8", "koi8-r", "windows-1251"], "zh": ["utf-8", "gb2312", "gb18030"]}
PYTHON_NAMES = {"gb2312": "gb18030", "us-ascii": "utf-8", "iso-8859-1": "cp1252"}
LIES = {"koi8-r": "windows-1251", "windows-1251": "koi8-r", "gb18030": "us-ascii", "gb2312": "iso-8859-1", "utf-8": "iso-8859-1"}
NEWS = {"en": "Our spring offers for your garden are here", "ru": "Весенние скидки для вашего сада", "zh": "春季花园优惠来了"}


@dataclass(frozen=True, slots=True)
class Planted:
    """What a mail is: ``kind`` as `webform.mailbox_kinds.Kind`; of one that begins a conversation, what was asked and whether an article answers."""

    kind: str
    language: str = ""
    text: str = ""
    answerable: bool = False
    at: datetime = BEGIN


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that a customer may have written, and whether an article of the sample answers it."""

    text: str
    language: str
    answerable: bool


def queries() -> list[Asked]:
    """Give the labelled questions to the sample, which it has not learned from."""
    found = []
    for language in LANGUAGES:
        for line in (QUERIES / f"queries-{language}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append(Asked(row["text"], language, bool(row["article_ids"])))
    return found


def learned() -> list[Asked]:
    """Give the questions that the sample has learned from, so that what is planted is what is found, but for a few."""
    found = []
    for language in LANGUAGES:
        for line in (Path(sample.__file__).with_name("sample") / f"examples-{language}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append(Asked(row["text"], language, bool(row["article_id"])))
    return found


@dataclass
class Mailbox:
    """Mails in the order of their times; what follows a mail waits until its time has come."""

    seed: int
    texts: list[Asked]
    answerable_share: float = 0.6
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.drawn = random.Random(self.seed)
        self.pools = {
            (language, good): [text for text in self.texts if (text.language, text.answerable) == (language, good)]
            for language in LANGUAGES
            for good in (True, False)
        }
        self.later: list[tuple[datetime, int, Callable[[], tuple[bytes, Planted]]]] = []

    def mails(self, number: int) -> Iterator[tuple[bytes, Planted]]:
        at = BEGIN
        for _ in range(number):
            if self.later and self.later[0][0] <= at:
                yield heapq.heappop(self.later)[2]()
                continue
            at = self._next(at, number)
            kinds = ("question", "automatic", "bounce", "newsletter", "spam", "ours")
            yield getattr(self, f"_{self.drawn.choices(kinds, (62, 8, 4, 14, 4, 8))[0]}")(at)

    def _next(self, at: datetime, number: int) -> datetime:
        """Move on within a year; nights and weekends are quiet, and one hour of the week is busiest."""
        while True:
            at += timedelta(seconds=self.drawn.expovariate(number * 4 / (365 * 86400)))
            worth = 0.08 if at.weekday() > 4 else 0.1 if not 7 <= at.hour < 19 else 0.35
            if self.drawn.random() < (1.0 if (at.weekday(), at.hour) == PEAK else worth):
                return at

    def _question(self, at: datetime) -> tuple[bytes, Planted]:
        language = self.drawn.choices(LANGUAGES, WEIGHTS)[0]
        asked = self.drawn.choice(self.pools[language, self.drawn.random() < self.answerable_share])
        name, address = self.drawn.choice(NAMES[language]), f"c{next(self.numbers)}@customer.example"
        key, subject = f"<{next(self.numbers)}@customer.example>", " ".join(asked.text.split())[: self.drawn.randrange(12, 40)]
        body = "\n".join([self.drawn.choice(HELLO[language]), asked.text, *self._signature(language, name)])
        if self.drawn.random() < 0.7:
            self._go_on(at, language, subject, address, key)
        head = {"From": f"{name} <{address}>", "To": f"support@{COMPANY}", "Subject": subject, "Message-ID": key, "Date": format_datetime(at)}
        return self._packed(head, body, language), Planted("customer", language, asked.text, asked.answerable, at)

    def _go_on(self, at: datetime, language: str, subject: str, address: str, key: str) -> None:
        """Have our people answer, and some customers write again; some mail programs lose what they answer."""
        answered = f"<{next(self.numbers)}@{COMPANY}>"
        reply = {
            "From": f"Support <support@{COMPANY}>",
            "To": address,
            "Subject": f"{RE[language]}{subject}",
            "Message-ID": answered,
            "In-Reply-To": key,
            "References": key,
        }
        then = at + timedelta(hours=self.drawn.uniform(1, 30))
        self._wait(then, lambda: (self._packed({**reply, "Date": format_datetime(then)}, ANSWER[language], language), Planted("ours")))
        if self.drawn.random() < 0.4:
            again = then + timedelta(hours=self.drawn.uniform(1, 50))
            lost = self.drawn.random() < 0.2
            head = {"From": address, "To": f"support@{COMPANY}", "Subject": f"{RE[language]}{RE[language]}{subject}", "Message-ID": f"<{next(self.numbers)}@x>"}
            head |= {} if lost else {"In-Reply-To": answered, "References": f"{key} {answered}"}
            quote = self.drawn.choice(QUOTE[language]).format(c=COMPANY)
            body = f"{AGAIN[language]}\n\n{quote}\n> {ANSWER[language]}"
            self._wait(again, lambda: (self._packed({**head, "Date": format_datetime(again)}, body, language), Planted("later")))

    def _wait(self, at: datetime, make: Callable[[], tuple[bytes, Planted]]) -> None:
        heapq.heappush(self.later, (at, next(self.numbers), make))

    def _signature(self, language: str, name: str) -> list[str]:
        return self.drawn.choice([[], ["", BYE[language], name], ["", "-- ", name, "+49 30 1234567"], ["", PHONE[language]]])

    def _automatic(self, at: datetime) -> tuple[bytes, Planted]:
        language = self.drawn.choice(LANGUAGES)
        head = self._head(at, "person@customer.example", AWAY[language])
        marks: list[dict[str, str]] = [{"Auto-Submitted": "auto-replied"}, {"X-Autoreply": "yes"}, {"Precedence": "auto_reply"}, {}]
        return self._packed({**head, **self.drawn.choice(marks)}, ANSWER[language], language), Planted("automatic")

    def _bounce(self, at: datetime) -> tuple[bytes, Planted]:
        head = self._head(at, "MAILER-DAEMON@mx.example", self.drawn.choice(["Undelivered Mail Returned to Sender", "Недоставленное сообщение", "系统退信"]))
        if self.drawn.random() < 0.5:
            head |= {"From": "Mail System <postfix@mx.example>", "Return-Path": "<>"}
        return self._packed(head, "The mail system could not deliver.", "en"), Planted("bounce")

    def _newsletter(self, at: datetime) -> tuple[bytes, Planted]:
        language = self.drawn.choice(LANGUAGES)
        marks: list[dict[str, str]] = [{"List-Unsubscribe": "<https://shop.example/u>"}, {"Precedence": "bulk"}, {"List-Id": "<news.shop.example>"}]
        return self._packed({**self._head(at, "offers@shop.example", NEWS[language]), **self.drawn.choice(marks)}, NEWS[language], language), Planted(
            "newsletter"
        )

    def _spam(self, at: datetime) -> tuple[bytes, Planted]:
        return self._packed({**self._head(at, "rich@spam.example", "You have won"), "X-Spam-Flag": "YES"}, "Click here", "en"), Planted("spam")

    def _ours(self, at: datetime) -> tuple[bytes, Planted]:
        return self._packed(self._head(at, f"billing@{COMPANY}", "Your invoice"), "Here is your invoice.", "en"), Planted("ours")

    def _head(self, at: datetime, sender: str, subject: str) -> dict[str, str]:
        return {"From": sender, "To": f"support@{COMPANY}", "Subject": subject, "Message-ID": f"<{next(self.numbers)}@y>", "Date": format_datetime(at)}

    def _packed(self, head: dict[str, str], body: str, language: str) -> bytes:
        """Write a mail as one of many mail programs would; one in twenty lies about its charset."""
        charset = self.drawn.choice(CHARSETS[language])
        content = body.encode(PYTHON_NAMES.get(charset, charset), "replace")
        said = LIES.get(charset, charset) if self.drawn.random() < 0.05 else charset
        fields = "".join(f"{name}: {_word(value, self.drawn.choice(CHARSETS[language][:1]))}\n" for name, value in head.items()).encode()
        plain = _part("text/plain", said, content, self.drawn.choice(["8bit", "base64", "quoted-printable"]))
        shape = self.drawn.choices(("plain", "alternative", "html", "mixed"), (45, 30, 15, 10))[0]
        if shape == "plain":
            return fields + plain
        page = "".join(f"<div>{line or '<br>'}</div>" for line in body.split("\n")).encode(PYTHON_NAMES.get(charset, charset), "replace")
        web = _part("text/html", said, b"<html><style>p{}</style><body>" + page + b"</body></html>", "base64")
        if shape == "html":
            return fields + web
        parts = (
            [plain, web]
            if shape == "alternative"
            else [plain, _part("application/pdf", "", self.drawn.randbytes(3000), "base64", 'attachment; filename="a.pdf"')]
        )
        body_of_parts = b"".join(b"--=_b\n" + part + b"\n" for part in parts)
        return fields + f'MIME-Version: 1.0\nContent-Type: multipart/{shape}; boundary="=_b"\n\n'.encode() + body_of_parts + b"--=_b--\n"


def write(file: Path, number: int, *, seed: int = 1, texts: list[Asked] | None = None, answerable_share: float = 0.6) -> list[Planted]:
    """Write an mbox of some mails, and tell what each of them is."""
    told = []
    with file.open("wb") as opened:
        for mail, planted in Mailbox(seed, texts or queries(), answerable_share).mails(number):
            opened.write(
                b"From someone@x.example " + planted.at.strftime("%a %b %d %H:%M:%S %Y").encode() + b"\n" + mail.replace(b"\nFrom ", b"\n>From ") + b"\n\n"
            )
            told.append(planted)
    return told


def _part(kind: str, charset: str, content: bytes, encoding: str, disposition: str = "") -> bytes:
    match encoding:
        case "base64":
            packed = b64encode(content)
            packed = b"\n".join(packed[at : at + 76] for at in range(0, len(packed), 76))
        case "quoted-printable":
            packed = encodestring(content)
        case _:
            packed = content
    head = f"Content-Type: {kind}" + (f"; charset={charset}" if charset else "") + f"\nContent-Transfer-Encoding: {encoding}\n"
    return (head + (f"Content-Disposition: {disposition}\n" if disposition else "")).encode() + b"\n" + packed


def _word(text: str, charset: str) -> str:
    """Write what a field says; an address stays as it is."""
    words, _, address = text.partition(" <")
    if words.isascii():
        return text
    coded = " ".join(f"=?{charset}?B?{b64encode(words[at : at + 12].encode(charset)).decode()}?=" for at in range(0, len(words), 12))
    return f"{coded} <{address}" if address else coded

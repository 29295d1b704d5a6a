from datetime import UTC, datetime

from webform.mailbox_files import Letter
from webform.mailbox_heads import bare, read
from webform.mailbox_kinds import Kind, kind_of
from webform.mailbox_threads import Threads

NOW = datetime(2026, 11, 30, tzinfo=UTC)
OURS = ("yours.example",)


def head(number: int, sender: str = "anna@x.example", subject: str = "Pump", answers: str = "", day: int = 1, **more: str) -> Letter:
    fields = {"From": sender, "To": "support@yours.example", "Subject": subject, "Message-ID": f"<{number}@x>", "Date": f"{day} Mar 2026 10:15 +0300", **more}
    if answers:
        fields["In-Reply-To"] = answers
    return Letter("".join(f"{name.replace('_', '-')}: {words}\n" for name, words in fields.items()).encode() + b"\ntext")


def first(*letters: Letter) -> list[int]:
    threads = Threads()
    for place, letter in enumerate(letters):
        told = read(letter, NOW)
        threads.add(place, told, kind_of(told, OURS))
    return threads.first()


def test_a_conversation_counts_once_as_what_its_customer_wrote_first() -> None:
    assert first(head(1), head(2, "support@yours.example", "Re: Pump", "<1@x>"), head(3, subject="Re: Pump", answers="<2@x>")) == [0]
    assert first(head(3, answers="<2@x>", day=3), head(2, "support@yours.example", answers="<1@x>", day=2), head(1, day=1)) == [2], "in whatever order"
    assert first(head(2, answers="<1@x>", day=2), head(3, answers="<1@x>", day=3)) == [0], "also when what they answer is not there"
    assert first(head(1, "billing@yours.example", "Invoice"), head(2, subject="Re: Invoice", answers="<1@x>")) == [1], "also one that we began"
    assert first(head(1), head(1)) == [0], "a mail that is there twice is one"


def test_a_reply_that_lost_what_it_answers_is_known_by_its_subject_and_its_customer() -> None:
    assert first(head(1), head(2, subject="RE: [T-123] Pump", day=9)) == [0]
    assert first(head(1), head(2, subject="Re: Pump", sender="bob@x.example")) == [0, 1], "not somebody else's"
    assert first(head(1), head(2, subject="Pump", day=9)) == [0, 1], "not what is no reply"
    assert first(head(1, "billing@yours.example", "Invoice", To="anna@x.example"), head(2, subject="Ответ: Invoice", day=2)) == [1]
    assert first(head(1), head(2, subject="Re: Pump", Date="1 Sep 2026 10:15 +0300")) == [0, 1]


def test_what_programs_send_binds_nothing_together() -> None:
    away = head(3, "x@x.example", "Out of office", "<1@x>", References="<1@x> <2@x>")
    assert first(head(1), head(2, "bob@x.example", "Hose"), away) == [0, 1]


def test_subjects_are_told_without_what_was_put_in_front_of_them() -> None:
    for subject in ("Re: Fwd: Pump", "RE: [ticket 17] Pump", "Ответ: Re: Pump", "回复：转发：Pump", "AW: Re[2]: Pump (#12345)", "[ext] Re: Pump"):
        assert bare(subject) == "Pump", subject


def test_moments_are_believed_only_where_they_can_be_true() -> None:
    def sent(letter: Letter) -> datetime | None:
        return read(letter, NOW).sent_at

    assert sent(head(1)) == datetime(2026, 3, 1, 7, 15, tzinfo=UTC)
    assert sent(head(1, Date="Mon, 1 Jan 2068 10:00:00 +0000")) is None
    assert sent(head(1, Date="yesterday", Received="by mx; 2 Mar 2026 08:00:00 -0000")) == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert sent(Letter(b"From: a@x.example\n\nhello", b"From a@x.example Mon Mar  2 10:15:00 2026")) == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
    assert sent(head(1, Date="02.03.2026 10:15")) == sent(head(1, Date="2026-03-02 10:15:00")) == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
    assert sent(head(1, Date="Mon, 99 Foo 20266 99:99:99 +9999999")) is None


def test_mails_are_told_by_what_they_are() -> None:
    kinds = {
        Kind.CUSTOMER: [head(1), head(1, List_Id="<support.yours.example>", Precedence="list"), head(1, Auto_Submitted="no"),
            head(1, subject="自动回复功能怎么关闭？")],
        Kind.OURS: [head(1, "Bob <BOB@yours.example>"), head(1, "x@mail.yours.example")],
        Kind.AUTOMATIC: [
            head(1, Auto_Submitted="auto-replied"), head(1, subject="Автоответ: в отпуске"), head(1, subject="Out of Office: Bob"),
            head(1, "noreply@shop.example"),
            head(1, Precedence="auto_reply"), head(1, Content_Type="multipart/report; report-type=disposition-notification"), head(1, subject="自动回复：外出"),
        ],
        Kind.BOUNCE: [
            head(1, "MAILER-DAEMON@mx.example"), head(1, Content_Type="multipart/report; report-type=delivery-status"),
            head(1, "postmaster@mx.example"), head(1, subject="系统退信", Return_Path="<>"),
        ],
        Kind.NEWSLETTER: [head(1, List_Unsubscribe="<https://shop.example>"), head(1, Precedence="bulk"), head(1, List_Id="<news.shop.example>")],
        Kind.SPAM: [head(1, X_Spam_Flag="YES"), head(1, X_Gmail_Labels="Spam,Unread")],
        Kind.UNREADABLE: [Letter(b""), Letter(b"\0\1\2" * 100), Letter(b"no head at all")],
    }  # fmt: skip
    for kind, letters in kinds.items():
        assert [kind_of(read(letter, NOW), OURS) for letter in letters] == [kind] * len(letters), kind

import pytest

from webform.mailbox_quotes import own_words

QUESTION = {"en": "The pump hums, but no water comes out.", "ru": "Насос гудит, а вода не идёт.", "zh": "水泵响但是不出水。"}
UNMARKED = """On Mon, Mar 2, 2026 at 10:15 AM Bob <bob@x.example> wrote:
On 2 March 2026 10:15, Bob Smith wrote:
Am 02.03.2026 um 10:15 schrieb Bob:
-----Original Message-----
---------- Forwarded message ---------
From: Bob <bob@x.example>|Sent: Monday|To: me|Subject: pump
*From:* Bob|*Date:* Monday|*To:* me
пн, 2 мар. 2026 г. в 10:15, Иван <i@x.example>:
2 марта 2026 г., 10:15 пользователь Иван <i@x.example> написал:
Понедельник, 2 марта 2026, 10:15 +03:00 от Иван <i@x.example>:
02.03.2026, 10:15, "Иван" <i@x.example>:
02.03.2026 10:15, Иван Петров пишет:
Вы писали 2 марта 2026 г., 10:15:22:
-------- Исходное сообщение --------
-----Пересылаемое сообщение-----
От: Иван|Отправлено: 2 марта|Кому: мне|Тема: насос
От кого: Иван|Дата: 2 марта|Тема: насос
在 2026年3月2日，10:15，张三 <z@x.example> 写道：
张三 <z@x.example> 于2026年3月2日周一 10:15写道：
At 2026-03-02 10:15:00, "张三" <z@x.example> wrote:
在 2026-03-02 10:15:00，"张三" <z@x.example> 写道：
------------------ 原始邮件 ------------------
-----邮件原件-----
发件人: 张三|发送时间: 2026年3月2日|收件人: 我|主题: 水泵
寄件者: 張三|寄件日期: 2026年3月2日|收件者: 我|主旨: 水泵
________________________________""".splitlines()
SIGNED = {
    "en": ["-- \nBob\n+1 555 0100", "Best regards,\nBob Smith\nBakery Ltd", "Thanks in advance!\nBob", "Sent from my iPhone", "Get Outlook for iOS"],
    "ru": ["--\nИван", "С уважением,\nИван Петров\nтел. 123", "Заранее спасибо!", "Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru"],
    "zh": ["--\n张三", "祝好！\n张三", "此致\n敬礼\n张三", "谢谢！", "发自我的iPhone"],
}
HELLO = {"en": "Dear support team,", "ru": "Добрый день!", "zh": "您好，"}


@pytest.mark.parametrize("introduced", UNMARKED)
def test_what_follows_an_introduction_is_not_the_customers(introduced: str) -> None:
    quote = introduced.replace("|", "\n")
    assert [own_words(f"{words}\n\n{quote}\n\nold words of somebody else") for words in QUESTION.values()] == list(QUESTION.values())


@pytest.mark.parametrize("introduced", [each for each in UNMARKED if each.endswith((":", "："))])
def test_an_answer_under_a_marked_quote_is_kept(introduced: str) -> None:
    assert own_words(f"{introduced}\n> old words\n>\n> of somebody else\n\n{QUESTION['ru']}") == QUESTION["ru"]


@pytest.mark.parametrize(("language", "signature"), [(language, each) for language, all_of_it in SIGNED.items() for each in all_of_it])
def test_greetings_and_signatures_are_left_out(language: str, signature: str) -> None:
    assert own_words(f"{HELLO[language]}\n{QUESTION[language]}\n\n{signature}") == QUESTION[language]


@pytest.mark.parametrize(
    "text",
    [
        "From: the tap\nto the hose nothing drips.",
        "Thanks to your answer it works,\nbut now the pump hums.\nThanks for the hose, but how do I connect it to the tap of the kitchen?",
        "It says: 10:15 error\nwhat does that mean?",
        "Спасибо за ответ, но это не помогло: насос гудит в 10:15 каждый день",
        "谢谢您的回复，但是水泵还是不出水。",
        "I wrote:\nplease help",
        "- first the pump\n- then the hose",
    ],
)
def test_words_that_only_look_like_a_quote_or_a_signature_stay(text: str) -> None:
    assert own_words(text) == text


def test_a_wrapped_introduction_goes_whole_and_a_mail_that_was_only_passed_on_says_what_is_in_it() -> None:
    assert own_words("It hums.\n\nOn Mon, Mar 2, 2026 at 10:15 AM Bob Smith of Bakery\n<bob@x.example> wrote:\n> old\n") == "It hums."
    passed_on = "---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: Monday\nSubject: pump\nTo: me\n\nIt hums and no water comes."
    assert own_words(passed_on) == "It hums and no water comes."
    assert own_words("> It hums\n> and no water comes") == "It hums\nand no water comes"
    assert own_words("") == own_words("\n\n") == ""

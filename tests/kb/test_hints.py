"""What an editor would say: only with a reason that was measured."""

from datetime import datetime

from kb.articles import Status, save_translation
from kb.database import Database
from kb.hints import FEWEST_PASSAGES, Hints, Said, length_hint, title_hint, words_hint
from kb.passages import cut
from kb.rehearsal import draft_entry

WHISTLES = ("the pump whistles", "why is it whistling at night", "Whistle from the pump", "a loud whistle")
BODY = "A noise comes from the pump.\n\n## Low water\n\nFill the tank."


def test_a_title_that_customers_do_not_speak_like_is_told_with_what_they_say() -> None:
    hint = title_hint("Acoustic emissions", WHISTLES, "en")
    assert hint
    assert (hint.met, hint.texts) == (0, 4)
    assert hint.words[0] == Said("whistle", 4)
    assert Said("pump", 2) in hint.words


def test_a_title_with_the_customers_words_or_without_customers_needs_no_hint() -> None:
    assert title_hint("The pump whistles", WHISTLES, "en") is None
    assert title_hint("Acoustic emissions", WHISTLES[:2], "en") is None


def test_words_that_the_article_lacks_are_counted_and_those_that_all_say_are_left_out() -> None:
    entry = draft_entry("Noise of the pump", "", "", "en", cut(BODY))
    background = [*WHISTLES, *(f"my order {number} at night" for number in range(12))]
    hint = words_hint(entry, [*WHISTLES, "it whistles every night"], background)
    assert hint
    assert hint.texts == 5
    assert [said.word for said in hint.words] == ["whistle"] or hint.words[0].word.startswith("whistl")
    assert hint.words[0].texts == 5
    assert "night" not in [said.word for said in hint.words]


def test_words_in_russian_and_chinese_are_told_as_customers_write_them() -> None:
    russian = words_hint(draft_entry("Шум", "", "", "ru", cut("Шум насоса.")), ["насос свистит", "свистит ночью", "он свистит"], [])
    chinese = words_hint(draft_entry("噪音", "", "", "zh", cut("水泵有噪音。")), ["水泵有哨声", "哨声很大", "晚上哨声"], [])
    assert russian
    assert russian.words[0] == Said("свистит", 3)
    assert chinese
    assert chinese.words[0] == Said("哨声", 3)


def test_a_passage_much_longer_than_the_usual_ones_is_told_with_both_lengths(database: Database, now: datetime) -> None:
    long = cut(f"Short.\n\n## All about it\n\n{'It whistles and hums. ' * 30}")
    with database.writing() as session:
        assert length_hint(session, long, "en") is None  # Nothing to compare it with.
        for number in range(FEWEST_PASSAGES):
            body = f"The noise has {number} causes. " * 5
            save_translation(session, external_id=f"a{number}", language="en", title=f"Noise {number}", body=body, status=Status.PUBLISHED, now=now)
        hint = length_hint(session, long, "en")
        assert hint
        assert (hint.heading, hint.characters) == ("All about it", len(long[1].text))
        assert 100 < hint.usual < 150
        assert length_hint(session, cut("Short."), "en") is None
        assert length_hint(session, long, "ru") is None


def test_there_is_silence_where_nothing_is_to_be_said() -> None:
    assert not Hints()
    assert Hints(words=words_hint(draft_entry("Noise", "", "", "en", cut("Noise.")), WHISTLES, []))

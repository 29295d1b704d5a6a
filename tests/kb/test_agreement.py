"""Whom we believe: nobody alone, however often."""

from datetime import datetime

from kb.agreement import Voice, agreed, settle
from kb.articles import Status, save_translation
from kb.database import Database
from kb.examples import Example, Standing, add_example
from kb.voices import Speaker, keep_voice

HUM = ("The pump hums but no water comes", "My pump hums and no water comes out", "Pump is humming, no water comes out of it")


def voice(number: int, text: str, article: int, network: str | None, *, fits: bool = True) -> Voice:
    return Voice(number, text, "en", (article, fits), network)


def test_three_networks_that_say_the_same_of_like_texts_agree() -> None:
    assert agreed([voice(number, text, 1, f"network {number}") for number, text in enumerate(HUM)]) == {0, 1, 2}


def test_one_network_never_agrees_with_itself() -> None:
    assert agreed([voice(number, HUM[number % 3], 1, "the one network") for number in range(100)]) == set()


def test_a_voice_that_one_of_ours_gave_seconds_another() -> None:
    assert agreed([voice(0, HUM[0], 1, None), voice(1, HUM[1], 1, "somebody")]) == {1}


def test_of_one_network_one_voice_counts_for_an_article() -> None:
    voices = [voice(0, HUM[0], 1, None), *(voice(number, HUM[1], 1, "somebody") for number in range(1, 50))]
    assert agreed(voices) == {1}


def test_those_who_say_the_same_of_other_texts_do_not_agree() -> None:
    texts = ("The pump hums but no water comes", "Where is my invoice for the last order", "The battery of the sensor is empty")
    assert agreed([voice(number, text, 1, f"network {number}") for number, text in enumerate(texts)]) == set()


def test_a_claim_against_what_others_say_more_of_such_texts_is_not_believed() -> None:
    others = [voice(number, text, 1, f"network {number}") for number, text in enumerate(HUM)]
    related = [voice(10 + number, f"The app says the pump runs, {end}", 2, f"other {number}") for number, end in enumerate(("now what", "but why", "again"))]
    assert 99 not in agreed([*others, *related, voice(99, HUM[0], 2, "an attacker")])


def test_the_title_of_an_article_speaks_against_another_and_never_for_its_own() -> None:
    voices = [voice(0, "Track a parcel", 1, "an attacker"), voice(1, "Track my parcel", 1, "a friend"), voice(2, "Track the parcel", 1, "another")]
    assert agreed(voices) == {0, 1, 2}
    assert agreed(voices, [("Track a parcel", "en", 2)]) == set()
    assert agreed(voices[:1], [("Track a parcel", "en", 1)]) == set()


def test_settling_notes_who_is_believed_and_takes_it_back_when_the_others_are_gone(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = save_translation(session, external_id="pump", language="en", title="Air", body="Air.", status=Status.PUBLISHED, now=now).article_id
        trusted = add_example(session, HUM[0], "en", article, "staff", now).id
        said = keep_voice(session, HUM[1], "en", article, Speaker("visit", "network"), now=now)
        assert said is not None
    assert settle(database) == 1
    assert settle(database) == 0
    with database.writing() as session:
        assert session.get_one(Example, said.id).standing == Standing.AGREED
        session.delete(session.get_one(Example, trusted))
    assert settle(database) == 1
    with database.reading() as session:
        assert session.get_one(Example, said.id).standing == Standing.WAITING

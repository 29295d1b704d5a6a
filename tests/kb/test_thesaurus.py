"""The thesaurus: what its files hold, and that texts find articles that say the same in other words."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kb.analysis import stem, terms
from kb.features import CONCEPT, MOST_TERMS, WORD_BITS, _hashes, _numbers, features, names
from kb.marks import find
from kb.passages import Passage
from kb.shelf import Damaged, Shelf, read_manifest
from kb.showing import best_passage, passage_fits
from kb.thesaurus import Thesaurus, thesaurus_mark, thesaurus_of, written
from kb.wording import Words

LANGUAGES = ("en", "ru", "zh")
LINES = "# money\nrefund = money back = reimburse\ncharge = fee\ncharge = load the battery\n\nlog in = sign in"


def said(text: str, thesaurus: Thesaurus) -> list[str]:
    """Name the concepts of a text."""
    return [thesaurus.concepts[met.concept].name for met in thesaurus.met([term.text for term in terms(text, thesaurus.language)])]


def test_phrases_are_met_by_their_stems_and_only_whole() -> None:
    """Inflections meet, a part of a phrase does not, and a word of two lines names both concepts."""
    thesaurus = Thesaurus(LINES, "en")
    assert said("I was reimbursed, no MONEY BACK yet", thesaurus) == ["refund"]
    assert said("my money is with my back", thesaurus) == []
    assert said("charges for signing in", thesaurus) == ["charge", "charge", "log in"]
    assert said("", thesaurus) == []
    assert said("I want to, please", Thesaurus("want = would like = please", "en")) == []


def test_files_are_sound() -> None:
    """Every line names a concept of its own, has something to join, and no two concepts are one feature."""
    assert {file.stem for file in written()} == set(LANGUAGES)
    for language in LANGUAGES:
        concepts = thesaurus_of(language).concepts
        assert [name for name, count in Counter(concept.name for concept in concepts).items() if count > 1] == []
        assert [concept.name for concept in concepts if len({tuple(t.text for t in terms(p, language)) for p in concept.phrases} - {()}) < 2] == []
        numbers = _numbers(_hashes([concept.key for concept in concepts]), WORD_BITS)
        assert len(set(numbers.tolist())) >= len(concepts) - 2  # Four million places: chance may join one or two.


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "I want my money back", "How refunds work"),
        ("en", "can't sign in", "Unable to log in"),
        ("ru", "верните деньги", "Возврат средств"),
        ("ru", "когда придёт зп", "Сроки выплаты заработной платы"),
        ("zh", "登不上去了", "无法登录"),
    ],
)
def test_a_text_and_an_article_have_a_concept_in_common(language: str, one: str, other: str) -> None:
    """What customers say and what articles say meet in a feature that is no word of either."""
    typed, written_down = features(one, language, bounded=True), features(other, language)
    common = set(typed.words.tolist()) & set(written_down.words.tolist())
    shared = [number for number in common if any("≈" in label for label in names(one, language).words[number])]
    assert shared
    for found in (typed, written_down):
        assert found.word_counts[np.isin(found.words, shared)].tolist() == pytest.approx([CONCEPT] * len(shared))


def test_a_language_without_a_file_knows_nothing_and_a_name_is_no_path() -> None:
    """Languages come from outside."""
    assert thesaurus_of("de").concepts == ()
    assert thesaurus_of("../thesauri/en").concepts == ()
    assert thesaurus_of("en-GB").concepts == thesaurus_of("en").concepts
    assert thesaurus_mark() == thesaurus_mark() != 0


@pytest.mark.parametrize("sign", ["!=", "≠", "！="])
def test_staff_keep_apart_what_is_not_the_same_here(sign: str) -> None:
    """A line takes the concept out of texts, and nothing else."""
    plain, apart = Words("en", "", ""), Words("en", f"refund {sign} money back\nwifi = wireless", "")
    assert "refund" in {phrase for concept in plain.concepts("money back please") for phrase in concept.phrases}
    left = features("money back", "en", apart=apart.apart).words.tolist()
    assert set(left) < set(features("money back", "en").words.tolist())
    assert len(apart.synonyms.rules) == 1
    assert not any({"refund", "money back"} <= set(concept.phrases) for concept in apart.concepts("money back please"))


def test_articles_are_analysed_anew_when_the_thesaurus_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version of the product may bring other lines; what was made with the old ones does not fit texts any more."""
    shelf = Shelf(tmp_path)
    made = shelf.publish(shelf.begin(), {})
    assert read_manifest(made)["files"] == {}
    monkeypatch.setattr("kb.shelf.thesaurus_mark", lambda: 1)
    with pytest.raises(Damaged, match="another version"):
        read_manifest(made)


def test_other_words_for_what_was_said_are_marked_unless_they_are_kept_apart() -> None:
    asked = "I want my money back"
    wanted = Words("en", "", "").word(asked).wanted("en")
    assert (wanted["money"], wanted["refund"]) == (1.0, CONCEPT)
    apart = Words("en", "refund ≠ money back", "").word(asked)
    assert "refund" not in apart.wanted("en")
    assert "refund" not in Words("en", "", "").word("pump " * MOST_TERMS + asked).wanted("en"), "no more is looked at than the engine looks at"


@pytest.mark.parametrize(
    ("phrase", "text", "language"), [("заем", "за", "ru"), ("наем", "на стол", "ru"), ("менять", "у меня", "ru"), ("evening", "even", "en")]
)
def test_a_word_that_looks_like_one_that_says_nothing_is_no_phrase(phrase: str, text: str, language: str) -> None:
    thesaurus = Thesaurus(f"credit = {phrase} = pump", language)
    assert said(text, thesaurus) == said(phrase, thesaurus) == []
    assert thesaurus.meant([stem("credit", language)]) == {stem("credit", language): "credit", stem("pump", language): "pump"}
    assert not any(concept.phrases and phrase in concept.phrases for concept in Words(language, "", "").concepts(text))


def test_the_passage_about_what_was_meant_is_opened() -> None:
    passages = [
        Passage(heading="", text="We answer on the same day."),
        Passage(heading="Ways to pay", text="By card."),
        Passage(heading="After a return", text="The refund arrives within a week."),
    ]
    wanted = Words("en", "", "").word("I want my money back").wanted("en")
    best = best_passage(passages, wanted, "Something else", "en")
    assert best is passages[2]
    assert [passages[2].text[start:end] for start, end in find(passages[2].text, wanted, "en")] == ["refund"]


def test_other_words_for_a_title_give_the_beginning_no_head_start() -> None:
    passages = [Passage(heading="", text="Write to us."), Passage(heading="", text="It comes on a card.")]
    fits = passage_fits(passages, {"refund": CONCEPT, "card": 1.0}, "Refunds", "en")
    assert [fit.head_start for fit in fits] == [0.0, 0.0]
    assert passage_fits(passages, {"refund": 1.0, "card": 1.0}, "Refunds", "en")[0].head_start > 0


def test_a_term_in_the_heading_of_a_passage_counts_twice() -> None:
    passages = [Passage(heading="", text="Send a photo."), Passage(heading="Photos", text="Send three.")]
    first, second = passage_fits(passages, {"photo": 1.0}, "Broken", "en")
    assert second.terms["photo"] / first.terms["photo"] == pytest.approx(2, rel=0.02)

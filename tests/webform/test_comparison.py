"""What a draft gains, keeps and loses, from what is shown now and what would be."""

from datetime import UTC, datetime

from kb.engine import Belief, Candidate
from kb.placing import Weighed
from kb.rule_book import NO_TACT
from webform.comparison import Fate, Filled, Since, compare, read_ranks, write_ranks
from webform.rehearsals import Account, PastText, Rehearsed, Source

DRAFT, NOISE, OTHER = 7, 1, 2
WHEN = datetime(2026, 11, 1, tzinfo=UTC)


def weighed(*articles: int) -> Weighed:
    """Show these articles, each less sure than the one before."""
    candidates = tuple(Candidate(article, 0.5 / 2**place) for place, article in enumerate(articles))
    return Weighed(NO_TACT, Belief(0.9 if articles else 0.0, candidates), frozenset())


def past(number: int, source: Source = Source.REQUEST, *, right: int = 0, wrong: int = 0, silent: bool = False, gap: int = 0) -> PastText:
    said = {"gap": gap, "right": frozenset({right} - {0}), "wrong": frozenset({wrong} - {0}), "is_unanswerable": silent}
    return PastText(source, number, "", "It whistles", "en", "en", WHEN, **said)  # type: ignore[arg-type]


def account(*texts: Rehearsed) -> Account:
    return Account(None, texts, len(texts), len(texts), 0.5, 0.1)


def test_gained_kept_and_lost_follow_from_the_ranks_of_the_draft() -> None:
    told = compare(
        account(
            Rehearsed(past(1), weighed(), weighed(DRAFT)),
            Rehearsed(past(2), weighed(DRAFT, NOISE), weighed(NOISE, DRAFT)),
            Rehearsed(past(3), weighed(DRAFT), weighed()),
            Rehearsed(past(4), weighed(NOISE), weighed(NOISE)),
        ),
        DRAFT,
    )
    assert {case.past.number: (case.fate, case.before, case.after) for case in told.cases} == {
        1: (Fate.GAINED, 0, 1),
        2: (Fate.KEPT, 1, 2),
        3: (Fate.LOST, 1, 0),
    }
    assert (told.answered, told.from_silence) == (2, 1)
    assert told.ranks == {1: 1, 2: 2, 3: 0, 4: 0}


def test_a_right_article_that_is_pushed_out_is_lost_and_comes_first() -> None:
    told = compare(
        account(
            Rehearsed(past(1), weighed(), weighed(DRAFT)),
            Rehearsed(past(2, right=NOISE), weighed(3, OTHER, NOISE), weighed(DRAFT, 3, OTHER)),
        ),
        DRAFT,
    )
    assert [case.fate for case in told.cases] == [Fate.OUSTED, Fate.GAINED]
    assert told.cases[0].right == NOISE
    assert told.cases[0].right_ranks == (3, 0)
    assert told.known.right == (1, 0)


def test_what_is_right_is_never_invented() -> None:
    texts = [past(1), past(2, right=DRAFT), past(3, wrong=DRAFT), past(4, silent=True), past(5, right=NOISE)]
    told = compare(account(*(Rehearsed(each, weighed(), weighed(DRAFT)) for each in texts)), DRAFT)
    assert {case.past.number: case.is_right for case in told.cases} == {1: None, 2: True, 3: False, 4: False, 5: None}


def test_an_article_that_comes_later_is_named_with_how_often_and_how_often_it_is_known_to_be_right() -> None:
    told = compare(
        account(
            Rehearsed(past(1, right=NOISE), weighed(NOISE), weighed(DRAFT, NOISE)),
            Rehearsed(past(2), weighed(NOISE), weighed(DRAFT, NOISE)),
            Rehearsed(past(3), weighed(OTHER), weighed(DRAFT)),
            Rehearsed(past(4), weighed(NOISE, OTHER), weighed(OTHER, NOISE)),  # Not the draft's doing.
        ),
        DRAFT,
    )
    assert [(push.article_id, push.before, push.after, push.requests, push.known) for push in told.pushes] == [(NOISE, 1, 2, 2, 1), (OTHER, 1, 0, 1, 0)]


def test_texts_without_an_answer_that_are_shown_something_are_counted_among_requests_and_examples() -> None:
    told = compare(
        account(
            Rehearsed(past(1, silent=True), weighed(), weighed(DRAFT)),
            Rehearsed(past(1, Source.EXAMPLE, silent=True), weighed(), weighed()),
            Rehearsed(past(2, Source.EXAMPLE, silent=True), weighed(NOISE), weighed(NOISE)),
            Rehearsed(past(3, Source.EXAMPLE, right=NOISE), weighed(NOISE), weighed(DRAFT)),
        ),
        DRAFT,
    )
    assert (told.known.silent, told.known.false) == (3, (1, 2))
    assert (told.known.answered, told.known.right) == (1, (1, 0))
    assert told.answered == 1  # Examples are no requests.


def test_the_last_wording_is_compared_where_it_was_looked_at() -> None:
    texts = [Rehearsed(past(number), weighed(), weighed(*([DRAFT] if number < 3 else []))) for number in (1, 2, 3, 4)]
    told = compare(account(*texts), DRAFT, {1: 2, 2: 0, 3: 1})
    assert {case.past.number: case.since for case in told.cases} == {1: Since.SAME, 2: Since.NEW, 3: Since.GONE}
    assert (told.since(Since.NEW), told.since(Since.GONE)) == (1, 1)


def test_ranks_that_were_written_down_are_read_again_and_nothing_else_is() -> None:
    assert read_ranks(write_ranks({5: 1, 6: 0})) == {5: 1, 6: 0}
    for foreign in ("", "5", "5:9", "a:1", "5:1;6:1", "9" * 40 + ":1", "²:1"):
        assert read_ranks(foreign) is None


def test_gaps_are_counted_with_older_requests_of_theirs_which_are_not_among_the_last() -> None:
    told = compare(
        account(
            Rehearsed(past(1, gap=5), weighed(), weighed(DRAFT)),
            Rehearsed(past(2, gap=5), weighed(), weighed()),
            Rehearsed(past(3, Source.GAP, gap=5), weighed(), weighed(DRAFT)),
            Rehearsed(past(4, gap=6), weighed(), weighed()),
        ),
        DRAFT,
    )
    assert told.filled == (Filled(5, 2, 3),)
    assert (told.answered, sorted(told.ranks)) == (1, [1, 2, 4])

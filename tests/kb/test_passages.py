from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from kb.articles import Status, save_translation
from kb.database import Database
from kb.markdown import headings, render
from kb.passages import LONGEST_TEXT, Passage, Section, cut


def test_a_body_is_cut_at_its_headings() -> None:
    body = "Before.\n\n## Clean *it*\nRinse `well`.\n\n- one\n- two\n\n### Deeper\n[Dry](/help/en/dry) it."
    assert cut(body) == [
        Section("", "", "Before.", "<p>Before.</p>"),
        Section("Clean it", "clean-it", "Rinse well.\none\ntwo", "<p>Rinse <code>well</code>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        Section("Deeper", "deeper", "Dry it.", '<p><a href="/help/en/dry">Dry</a> it.</p>'),
    ]


def test_an_empty_body_has_one_empty_section() -> None:
    assert cut("") == cut("## Only a heading") == [Section("", "", "", "")]


def test_a_heading_with_nothing_under_it_makes_no_section() -> None:
    assert [section.heading for section in cut("## Parent\n### Child\ntext")] == ["Child"]


def test_a_heading_in_a_quotation_cuts_nothing() -> None:
    (section,) = cut("> ## Loud\n> words")
    assert section.text == "Loud\nwords"


def test_a_table_row_is_a_line_and_code_is_kept() -> None:
    (section,) = cut("| A | B |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n```")
    assert section.text == "A · B\n1 · 2\nx = 1"


def test_the_anchors_of_sections_are_those_of_the_page() -> None:
    body = "## Фильтр\nа\n## Фильтр\nб\n# 滤网\n一\n"
    assert [section.anchor for section in cut(body)] == [heading.anchor for heading in headings(body)] == ["фильтр", "фильтр-2", "滤网"]


def test_a_long_section_is_continued_between_blocks_under_its_heading() -> None:
    paragraph = "word " * 100
    sections = cut("## Long\n\n" + "\n\n".join([paragraph] * 9))
    assert [(section.heading, section.anchor) for section in sections] == [("Long", "long")] * len(sections)
    assert 1 < len(sections) <= 5
    assert all(300 <= len(section.text) <= LONGEST_TEXT for section in sections)
    assert "".join(section.html for section in sections).count("<p>") == 9


def test_a_short_rest_stays_with_its_section() -> None:
    (section,) = cut("word " * 299 + "\n\nThe end.")
    assert section.text.endswith("The end.")


def test_a_list_is_never_torn() -> None:
    sections = cut("\n".join(f"{number}. " + "word " * 20 for number in range(1, 41)))
    assert len(sections) == 1


@given(
    st.lists(
        st.sampled_from(["# A", "## A", "text", "", "- item", "> quote", "| a | b |\n|---|---|\n| c | d |", "```\ncode\n```", "文字", "word " * 120]),
        max_size=12,
    )
)
def test_nothing_is_lost_by_cutting(lines: list[str]) -> None:
    body = "\n\n".join(lines)
    joined = "".join(section.html for section in cut(body)).replace("\n", "")
    whole = render(body).replace("\n", "")
    for heading in headings(body):
        whole = whole.replace(f'<h{heading.level} id="{heading.anchor}">{heading.text}</h{heading.level}>', "")
    assert joined == whole


def test_saving_puts_the_passages_in_place_of_the_old_ones(database: Database, now) -> None:
    for body in ("## A\none\n## B\ntwo", "## C\nthree"):
        with database.writing() as session:
            save_translation(session, external_id="x", language="en", title="T", body=body, status=Status.PUBLISHED, now=now)
    with database.reading() as session:
        kept = [(passage.position, passage.heading, passage.text) for passage in session.scalars(select(Passage))]
    assert kept == [(0, "C", "three")]

"""Terms remembered word by word: the same as those of the whole text, for both engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.analysis import LONGEST_TERM, terms
from kb.kept_terms import TermAnalyzer, said_texts, term_places, term_set, term_texts

WRITTEN = st.text(st.sampled_from("aeEtT  \n\t\u00a0\u3000\u200b.,-_'’‐é́ё水泵ปั漢ポ1290x/") | st.characters(), max_size=80)


@given(WRITTEN, st.sampled_from(("en", "ru", "zh-Hans", "de", "ar")))
def test_what_is_remembered_word_by_word_is_what_the_whole_text_has(text: str, language: str) -> None:
    whole = list(terms(text, language))
    assert term_texts(text, language) == [term.text for term in whole]
    assert list(said_texts(text, language)) == [term.text for term in whole if not term.stop]
    assert term_set(text, language) == {term.text for term in whole} == set(term_places(text, language))
    assert [token.text for token in TermAnalyzer(language)(text)] == [term.text for term in whole if not term.stop]


@pytest.mark.parametrize("many", [LONGEST_TERM, LONGEST_TERM + 1, 5000])
def test_a_clause_without_spaces_is_read_whole(many: int) -> None:
    assert len(term_texts("水" * many, "zh")) == many - 1

"""The nearest name: that of `difflib`, found without comparing every name letter by letter."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from facts.nearest import nearest

NAMES = ["leg_weakness", "walking_effect", "spasms", "pain_where.leg", "pain_where.lower_back", "age"]
WORDS = st.text("aegknpsw_.1é", max_size=12) | st.sampled_from(NAMES) | st.text(max_size=4)


@given(WORDS, st.lists(WORDS, max_size=6), st.sampled_from([0.5, 0.6, 0.8, 0.95, 1]))
@example("ab", ["ba", "ab"], 0.5)
@example("aab", ["ab", "abb"], 0.6)
@example("a" * 300, ["a" * 290, "ab"], 0.6)
def test_it_is_the_closest_match_of_difflib(word, names, cutoff):
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    assert nearest(word.casefold(), folded, cutoff) == (close[0] if close else "")


@pytest.mark.parametrize("cutoff", [0.6, 0.8])
def test_most_names_are_passed_over_without_being_compared(cutoff, monkeypatch):
    compared = []
    ratio = difflib.SequenceMatcher.ratio
    monkeypatch.setattr(difflib.SequenceMatcher, "ratio", lambda self: compared.append(self.a) or ratio(self))
    assert not any(nearest(f"strange_{at}_x", NAMES, cutoff) for at in range(200))
    assert not compared
    assert nearest("leg_weaknes", NAMES, cutoff) == "leg_weakness"
    assert compared == ["leg_weakness"]


def test_a_word_that_was_looked_for_is_not_looked_for_again(monkeypatch):
    made = []
    matcher = difflib.SequenceMatcher
    monkeypatch.setattr(difflib, "SequenceMatcher", lambda **named: made.append(1) or matcher(**named))
    for _ in range(50):
        assert nearest("walking_efect", list(NAMES)) == "walking_effect"
    assert len(made) <= 1

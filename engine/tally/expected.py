"""The levels that cases should have, read from a column of words and counted beside those they have.

In: a column of text, or of categories. Out: a code a row, and how often which word is no level, so that a
misspelt expectation is told and not just missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.tally.tally import NONE, REST, Key

MOST_WORDS = 20
"""Maximum number of different words in a segment that are not levels."""
LONGEST = 60
"""Maximum number of characters kept of such a word."""


def codes(expect: pl.Series, levels: Sequence[str]) -> tuple[pl.Series, dict[Key, int]]:
    """The place of each expected level, 0 for none and null where nothing is expected; and what is no level.

    A word is a level's name or `none`, with or without space around it.
    """
    words = expect.cast(pl.String).str.strip_chars()
    found = words.cast(pl.Enum([NONE, *levels]), strict=False)
    return found.to_physical(), _strange(words.filter(found.is_null() & (words != "")))


def _strange(words: pl.Series) -> dict[Key, int]:
    """The words that are no level: the most frequent ones, and the rest together."""
    counted = words.str.slice(0, LONGEST).value_counts(name="cases").rows()
    ranked = sorted(counted, key=lambda each: (-each[1], each[0]))
    found = {("no_level", word): cases for word, cases in ranked[:MOST_WORDS]}
    rest = sum(cases for _, cases in ranked[MOST_WORDS:])
    return found | ({("no_level", REST): rest} if rest else {})

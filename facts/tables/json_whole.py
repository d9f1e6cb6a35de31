"""Check whether Polars read JSON lines completely.

Given a schema of strings, Polars silently drops unknown keys and unexpected values. In: lines, and the frame
that Polars made of them. Out: a mask of the lines read completely: those with as many values as keys. A key
with a null value yields no value, so it must be a known key. The check is cautious: it may fail for a line
that was read completely.
"""

from __future__ import annotations

from collections.abc import Sequence
from re import escape

import polars as pl

from facts.answer import DONT_KNOW, NONE

KEY, EMPTY_KEY = r'"[^"]*"\s*:', r'"[^"]*"\s*:\s*null'
KEYS_IN, NULLS_IN = r'"\s*:', r'"\s*:\s*null'
ANSWERS = r'"answers"\s*:\s*\{([^{}]*)\}'
EXPECTED = r'^\{"triage": (\{"level": "[^"]*"\}|"[^"]*")\}$'
NO_TEXT = r'"\s*:\s*[^"{\s]'
# A string that begins with a bracket or has escaped quotes may be mistaken for a list or object.
LOOKS_LIKE = r'"[\[{]|\\"'
HAS_OBJECTS = r"(?s)^\{|^\[.*\{"
LINE = "\0line"


def is_whole(
    frame: pl.DataFrame,
    lines: pl.Series,
    texts: Sequence[str],
    questions: Sequence[str],
    choices: Sequence[str],
    expect: str,
    left_out: Sequence[str] = (),
) -> pl.Series:
    """Return a mask of the lines that the frame holds completely as written; `answers` is a struct, all else
    text.

    `choices` are the questions that take any number of options. For the ignored keys in `left_out`, only
    their presence must have been read; lines in which they contain objects, and examples that have them, are
    not in the mask.
    """
    top, answers = [pl.col(name) for name in texts], pl.col("answers")
    given = [answers.struct.field(name) for name in questions]
    others = [pl.col(name) for name in left_out]
    there = (answers, *top, *given, *others)
    values = pl.sum_horizontal([each.is_not_null().cast(pl.UInt32) for each in there])
    inner = pl.sum_horizontal([_keys(each) for each in (pl.col(expect), *given)])
    keys = pl.col(LINE).str.count_matches(KEYS_IN) - pl.col(LINE).str.count_matches(NULLS_IN)
    # Text that begins with a bracket may have been a list or an object.
    plain = [
        ~each.str.contains(r"^[\[{]").fill_null(False) for each in top if each.meta.output_name() != expect
    ]
    usual = pl.col(expect).str.contains(EXPECTED) | ~pl.col(expect).str.contains(r"^[\[{]")
    usual = usual & ~pl.col(LINE).str.contains(f'"{escape(expect)}{NO_TEXT}')
    whole = (
        answers.is_not_null() & (keys == values + inner) & usual.fill_null(True) & pl.all_horizontal(plain)
    )
    is_example = pl.col(expect).str.starts_with("{").fill_null(False)
    barred = [(each.str.contains(HAS_OBJECTS) | is_example).fill_null(False) for each in others]
    bare = [_is_word(answers.struct.field(name)) for name in choices]
    written = pl.col(LINE).str.contains(LOOKS_LIKE) | pl.col(LINE).str.contains(_numbers(texts))
    whole = whole & ~pl.any_horizontal([written, *bare, *barred])
    found = frame.with_columns(lines.alias(LINE)).select(whole.fill_null(False)).to_series()
    return found & ~_doubtful(lines.alias(LINE), questions, [*texts, *left_out])


def _is_word(text: pl.Expr) -> pl.Expr:
    """Whether a single word takes the place of a list of options, which leaves the other options open."""
    return ~(text.str.contains(r"^[\[{]") | text.is_in([NONE, DONT_KNOW])).fill_null(True)


def _numbers(texts: Sequence[str]) -> str:
    """Return a pattern for values of text keys that are not strings and that Polars may change."""
    return rf'"(?:{"|".join(map(escape, texts))})"\s*:\s*(?:-|[0-9]+\.|t|f)'


def _keys(text: pl.Expr) -> pl.Expr:
    """Return the number of keys of an object that was read as text."""
    return pl.when(text.str.starts_with("{")).then(text.str.count_matches(KEYS_IN)).otherwise(0)


def _doubtful(lines: pl.Series, questions: Sequence[str], beside: Sequence[str]) -> pl.Series:
    """Return a mask of the lines with null values, except where all keys are distinct and the null ones
    known.
    """
    nulls = lines.str.count_matches(NULLS_IN)
    some = (nulls > 0).arg_true()
    parts = (
        (pl.col(LINE).str.extract(ANSWERS), questions),
        (pl.col(LINE).str.replace(ANSWERS, ""), beside),
    )
    fine = pl.all_horizontal([_are_known(part, known) for part, known in parts])
    empty = pl.sum_horizontal([part.str.count_matches(NULLS_IN) for part, _ in parts])
    fine = fine & (empty == pl.col(LINE).str.count_matches(NULLS_IN))
    said = lines.gather(some).to_frame().select(fine.fill_null(False)).to_series()
    return (nulls > 0).scatter(some.filter(said), False) if some.len() else nulls > 0


def _are_known(part: pl.Expr, known: Sequence[str]) -> pl.Expr:
    """Whether all keys in a part of a line are distinct, and those with a null value are known."""
    keys, empty = part.str.extract_all(KEY).list, part.str.extract_all(EMPTY_KEY)
    is_known = pl.element().str.extract(r'"([^"]*)"').is_in(list(known))
    return empty.list.eval(is_known).list.all() & (keys.n_unique() == keys.len())


def expected(text: pl.Expr) -> pl.Expr:
    """Return the expected level, given as a word or as `{triage: {level: ...}}`."""
    by_name, alone = (text.str.json_path_match(path) for path in ("$.triage.level", "$.triage"))
    return pl.coalesce(by_name, *(pl.when(~each.str.starts_with("{")).then(each) for each in (alone, text)))

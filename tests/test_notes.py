"""Warnings that come with cases: each once, and of many keys the first and a number."""

from __future__ import annotations

import pytest

from facts.case_keys import key_left_out
from facts.other_names.columns import MAX_COLUMNS
from facts.other_names.formerly import OLD
from facts.other_names.notes import NOT_READ, Told, comes_with_cases, listed, once
from facts.problem import Problem, Span

FILE = Span("f")


def key(number: int, span: Span = FILE) -> Problem:
    return Problem(NOT_READ, f"key {number}", span, severity="warning")


def old(name: str) -> Problem:
    return Problem(OLD, f"old {name}", FILE, severity="warning")


def test_each_warning_once_where_it_comes_first():
    assert once([old("b"), key(1), old("a"), key(1), old("b"), key(0)]) == (
        old("b"),
        key(1),
        old("a"),
        key(0),
    )


def test_so_many_keys_are_remembered_and_all_old_names():
    keys = list(map(key, range(MAX_COLUMNS + 2)))
    assert once([old("a"), *keys[:-2]]) == (old("a"), *keys[:-2])
    assert once([old("a"), *keys, old("b"), old("a")]) == (old("a"), *keys[:-2], old("b"))


def test_what_was_told_is_not_told_again():
    told = Told()
    assert list(told.new([old("a"), key(0), old("a")])) == [old("a"), key(0)]
    assert list(told.new([key(0), old("a"), old("b"), key(1)])) == [old("b"), key(1)]
    assert list(told.rest()) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (12, None),
        (13, "1 more key is not read either"),
        (14, "2 more keys are not read either"),
        (MAX_COLUMNS - 1, "1,987 more keys are not read either"),
        (MAX_COLUMNS, "at least 1,988 more keys are not read either"),
        (MAX_COLUMNS + 5, "at least 1,988 more keys are not read either"),
    ],
)
def test_of_many_keys_the_others_are_counted_at_the_line_of_the_first_of_them(keys, said):
    notes = [key(at, Span("f", at + 1, 5, 9, "a line")) for at in range(keys)]
    *named, last = listed([*notes, *notes])
    if said is None:
        assert [*named, last] == notes
    else:
        assert named == notes[:12]
        assert (last.message, last.severity, last.code) == (said, "warning", NOT_READ)
        assert last.span == Span("f", 13, 0, 9, "")


def test_what_comes_with_cases_costs_none():
    assert all(map(comes_with_cases, [key(0), old("a"), key_left_out("site")]))
    assert not comes_with_cases(Problem(NOT_READ, "a case has no `x`", Span("f")))
    assert not comes_with_cases(Problem("empty-folder", "it is empty", Span("f"), severity="warning"))

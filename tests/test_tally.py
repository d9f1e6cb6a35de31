"""Tallies against a naive count, case by case, over assessments and over what `holds` says of each part."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from generators import bases_with_cases
from hypothesis import given
from segments import tallied
from sweeps import examples

from engine import KnowledgeBase, load
from engine.meaning.asking import Asking
from engine.meaning.assembly import assemble
from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation, prepare
from engine.model.assessment import Assessment
from engine.model.parts import All, Always, Count
from engine.sampling.sample import sample
from engine.tally import holding_open
from engine.tally import near_misses as near
from engine.tally.tally import NONE, Key, Tally, rejected, tally_from_plain, tally_of
from facts.case import Case, from_mapping
from facts.tables.frame import cases_of, frame_of
from facts.vocabulary import UNKNOWN

SMALL = sorted(path for path in (Path(__file__).parent / "bases").iterdir() if path.is_dir())


def naive(kb: KnowledgeBase, cases: Iterable[Case], expect: Iterable[str | None] = ()) -> Tally:
    """The tally of some cases, counted one by one."""
    prepared, counts = prepare(kb), Counter[Key]()
    expected = iter(expect)
    for case in cases:
        valuation = Valuation(prepared, case.answers)
        found = assemble(valuation, case.id)
        counts.update(of_assessment(valuation, found, next(expected, None)))
        counts.update(of_questions(valuation, found))
        counts.update(of_near_misses(valuation))
    return tally_of(counts)


def of_assessment(case: Valuation, found: Assessment, expected: str | None) -> list[Key]:
    kb = case.prepared.kb
    keys: list[Key] = [("cases",)]
    if found.inconsistencies:
        keys.append(("inconsistent",))
    if kb.scope:
        keys.append(("scope", {True: "yes", False: "no", None: "open"}[found.in_scope]))
    if found.triage:
        reach = (found.triage.level or NONE, found.triage.ceiling or NONE)
        keys.append(("triage", *reach))
        keys += [("expected", expected, *reach)] if expected else []
        rules = found.triage.rules
        keys += [("decides", reach[0], id, "cases") for id in rules]
        keys += [("decides", reach[0], rules[0], "alone")] if len(rules) == 1 else []
    keys += [("condition", each.name, each.support or "open") for each in found.conditions]
    keys += [("finding", name) for name in found.findings]
    keys += [("class", name, *(("in", own) if own else ("open",))) for name, own in found.classes.items()]
    keys += [("rule", id, "fired") for id in found.fired]
    keys += [("rule", id, "open") for id in found.open]
    return keys + [("clash", each.name) for each in found.inconsistencies]


def of_questions(case: Valuation, found: Assessment) -> list[Key]:
    levels = list(case.prepared.kb.levels)
    triage = found.triage
    ranks = Asking(case).open_questions(triage.level if triage else None)
    holding = [name for name, rank in ranks.items() if rank > 0 or not levels]
    keys: list[Key] = [("looked_at",), *[("held_open",)] * bool(holding)]
    for name in holding:
        keys.append(("question", name, "holds"))
        keys += [("question", name, "alone")] if len(holding) == 1 else []
        keys += [("question", name, "unknown")] if case.answers.get(name) is UNKNOWN else []
    if triage:
        assert bool(holding) is not triage.settled
    return keys


def of_near_misses(case: Valuation) -> list[Key]:
    keys: list[Key] = [("near_looked_at",)]
    for id, rule in case.prepared.kb.rules.items():
        match rule.when:
            case All(parts):
                parts = tuple(part for part in parts if not isinstance(part, Always))
                count = len(parts)
            case Count(count, None, parts):
                pass
            case _:
                continue
        truths = [holds(part, case) for part in parts]
        if count > 1 and truths.count(True) == count - 1:
            keys.append(("near", id))
            for place, truth in enumerate(truths, 1):
                words = {False: "false", None: "unknown"}
                keys += [] if truth else [("lacks", id, str(place), words[truth])]
    return keys


def differing(one: Tally, other: Tally) -> dict[Key, tuple[int, int]]:
    return {key: (one[key], other[key]) for key in one.counts.keys() | other.counts if one[key] != other[key]}


def expectations(kb: KnowledgeBase, cases: int) -> list[str | None]:
    names = [None, NONE, *kb.levels]
    return [names[at % len(names)] for at in range(cases)]


def of_names(values: list[str | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


@examples(25, 75)
@given(bases_with_cases())
def test_the_tally_of_a_drawn_base_is_what_is_counted_one_by_one(read, drawn):
    text, answers = drawn
    kb = read(text)
    cases = [from_mapping(each, kb.questions, f"person-{at}") for at, each in enumerate(answers)]
    expect = expectations(kb, len(cases))
    found = tallied(kb, frame_of(cases, kb.questions), of_names(expect))
    assert differing(found, naive(kb, cases, expect)) == {}


def test_the_tally_of_the_bundled_base_is_what_is_counted_one_by_one(kb):
    frame = sample(kb, 200)
    expect = expectations(kb, 200)
    found = tallied(kb, frame, of_names(expect))
    assert differing(found, naive(kb, cases_of(frame, kb.questions), expect)) == {}
    assert {key[0] for key in found.counts} >= {"triage", "expected", "clash", "scope", "lacks", "question"}


@pytest.mark.parametrize("base", SMALL, ids=lambda path: path.name)
def test_the_tally_of_a_small_base_is_what_is_counted_one_by_one(base):
    kb = load(base)
    frame = sample(kb, 200)
    assert differing(tallied(kb, frame), naive(kb, cases_of(frame, kb.questions))) == {}


AT_LEAST = """
knowledge_base: {name: counts, version: 1}
questions:
  a: {ask: a, kind: yes_no}
  b: {ask: b, kind: yes_no}
  c: {ask: c, kind: yes_no}
findings: {several: several}
rules:
  two-of-three:
    when: {at_least: {count: 2, of: [{a: yes}, {b: yes}, {c: yes}]}}
    then: [{finding: several}]
    because: we say so
    ours: true
  all-but-one:
    when: {a: yes, b: yes}
    unless: {c: yes}
    then: [{finding: several}]
    because: we say so
    ours: true
  any-of-them:
    when: {any: [{a: yes}, {b: yes}]}
    then: [{finding: several}]
    because: we say so
    ours: true
  one:
    when: {a: yes}
    then: [{finding: several}]
    because: we say so
    ours: true
  always-one:
    when: {all: [always, {b: yes}]}
    then: [{finding: several}]
    because: we say so
    ours: true
  always-two:
    when: {all: [always, {b: yes}, {c: yes}]}
    then: [{finding: several}]
    because: we say so
    ours: true
"""


def near_misses(kb: KnowledgeBase, *answers: dict[str, object]) -> dict[str, int]:
    cases = [from_mapping(each, kb.questions, str(at)) for at, each in enumerate(answers)]
    counts = tallied(kb, frame_of(cases, kb.questions)).counts
    return {" ".join(key): count for key, count in counts.items() if key[0] in ("near", "lacks")}


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"b": False}, {}),
        (
            {"a": True, "b": True, "c": False},
            {"near always-two": 1, "lacks always-two 2 false": 1},
        ),
        (
            {"a": False, "b": True},
            {
                "near two-of-three": 1,
                "lacks two-of-three 1 false": 1,
                "lacks two-of-three 3 unknown": 1,
                "near always-two": 1,
                "lacks always-two 2 unknown": 1,
            },
        ),
        (
            {"a": True, "b": False},
            {
                "near two-of-three": 1,
                "lacks two-of-three 2 false": 1,
                "lacks two-of-three 3 unknown": 1,
            },
        ),
        (
            {"a": True, "b": True},
            {
                "near all-but-one": 1,
                "lacks all-but-one 3 unknown": 1,
                "near always-two": 1,
                "lacks always-two 2 unknown": 1,
            },
        ),
        ({"a": True, "b": True, "c": True}, {"near all-but-one": 1, "lacks all-but-one 3 false": 1}),
        ({}, {}),
    ],
)
def test_near_misses(read, answers, found):
    assert near_misses(read(AT_LEAST), answers) == found


@pytest.mark.parametrize("rows", [1, 3, 19, 20, 21])
def test_near_misses_are_counted_however_the_rows_are_cut(rows, kb, monkeypatch):
    frame = sample(kb, 20)
    monkeypatch.setattr(near, "SLICE", rows)
    wanted = naive(kb, cases_of(frame, kb.questions))
    found = tallied(kb, frame)
    for kind in ("near_looked_at", "near", "lacks"):
        assert found.below(kind) == wanted.below(kind)
    assert (found["near_looked_at"], found.below("near") != {}) == (20, True)


ALWAYS = """
knowledge_base: {name: always, version: 1}
triage: {low: {text: Low}}
questions: {a: {ask: a, kind: yes_no}}
rules:
  for-everybody: {when: always, then: [{triage: low}], because: it is so, ours: true}
"""


def test_where_no_question_can_change_anything_all_cases_are_settled(read):
    kb = read(ALWAYS)
    frame = sample(kb, 5)
    found = tallied(kb, frame)
    assert found == naive(kb, cases_of(frame, kb.questions))
    assert (found["looked_at"], found["held_open"], found["triage", "low", "low"]) == (5, 0, 5)


def test_a_segment_of_no_rows_counts_nothing(kb):
    assert tallied(kb, sample(kb, 0)) == Tally()


def test_tallies_of_segments_add_up_to_that_of_the_whole(kb):
    frame = sample(kb, 300)
    whole = tallied(kb, frame)
    parts = [tallied(kb, frame[:7]), tallied(kb, frame[7:250]), tallied(kb, frame[250:])]
    assert sum(parts, Tally()) == whole
    assert sum(reversed(parts), Tally()) == whole
    assert sum(parts, Tally()).to_plain() == whole.to_plain()


def test_a_tally_is_the_same_when_it_was_written_and_read(kb):
    tally = tallied(kb, sample(kb, 50)) + rejected({"torn-line": 1})
    assert tally_from_plain(json.loads(json.dumps(tally.to_plain()))) == tally


@pytest.mark.parametrize(
    ("words", "expected", "strange"),
    [
        ([" emergency ", "none", "", None], {"emergency": 1, "none": 1}, {}),
        (["urgnt", "Emergency", "urgnt"], {}, {"urgnt": 2, "Emergency": 1}),
        (["x" * 100], {}, {"x" * 60: 1}),
        ([None, None], {}, {}),
    ],
)
def test_an_expectation_is_a_level_or_is_told(kb, words, expected, strange):
    tally = tallied(kb, sample(kb, len(words)), pl.Series(words, dtype=pl.String))
    assert Counter(key[0] for key in tally.below("expected")) == expected
    assert tally.below("no_level") == {(word,): count for word, count in strange.items()}


def test_of_many_words_that_are_no_level_the_most_frequent_are_told(kb):
    words = [f"word-{at:02}" for at in range(30)] + ["word-29"]
    found = tallied(kb, sample(kb, 31), of_names(words)).below("no_level")
    assert (len(found), found["word-29",], found["…",]) == (21, 2, 10)


def test_expectations_may_be_categories(kb):
    frame = sample(kb, 4)
    words = ["emergency", "none", None, "urgent"]
    by_text, *by_category = (
        tallied(kb, frame, pl.Series(words, dtype=dtype))
        for dtype in (pl.String, pl.Categorical, pl.Enum(["none", "urgent", "emergency"]))
    )
    assert by_category == [by_text, by_text]


def test_of_a_large_segment_the_same_few_rows_are_looked_at_and_scaled(kb, monkeypatch):
    frame = sample(kb, 1000)
    few = tallied(kb, frame.gather_every(10))
    monkeypatch.setattr(holding_open, "MOST", 100)
    found = tallied(kb, frame)
    assert (found["cases"], found["looked_at"], found["held_open"]) == (1000, 100, 10 * few["held_open"])
    assert found.below("question") == {key: 10 * count for key, count in few.below("question").items()}


def test_no_more_is_held_open_than_there_is(kb, monkeypatch):
    monkeypatch.setattr(holding_open, "MOST", 2)
    found = tallied(kb, frame_of([from_mapping({}, kb.questions, str(at)) for at in range(5)], kb.questions))
    assert (found["looked_at"], found["held_open"]) == (2, 5)

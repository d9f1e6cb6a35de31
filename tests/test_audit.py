"""The audit of a run: which rows are drawn, and that a difference between the machines is found."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from segments import evaluated
from test_summary import LEVELS

from engine.batch.audit import (
    Disagreement,
    Drawn,
    audited,
    draw,
    drawn_from_plain,
    expected_of,
    lowest,
    lowest_red_flag,
)
from engine.batch.counts import Counts, counts_from_plain
from engine.experta_target import Engine
from engine.meaning.assembly import assemble
from engine.meaning.valuation import prepare
from engine.tally.tally import tally_of
from facts.case import from_mapping
from facts.tables.canonical import frame_of

ROWS, TRIES = 9, 400
PEOPLE = [
    {},
    {"bad": True},
    {"bad": False, "worse": True},
    {"bad": True, "worse": True},
    {"worse": "unknown"},
]


@pytest.fixture(scope="module")
def kb(read):
    return read(LEVELS)


@pytest.fixture(scope="module")
def draws(kb):
    """Many draws of all rows and of some rows of a small segment."""
    cases = [from_mapping({"bad": True}, kb.questions, f"p{at}") for at in range(ROWS)]
    answers = frame_of(cases, kb.questions)
    found = evaluated(prepare(kb), answers)

    def one(count: int, seed: str, below: float = 1) -> list[Drawn]:
        return draw(answers, found, kb.questions, count, seed, below)

    return one


def test_the_numbers_of_a_draw_are_those_of_uniform_numbers_in_order(draws):
    """The k-th lowest of n uniform numbers is k / (n + 1) on average."""
    lots = [[each.lot for each in draws(ROWS, str(seed))] for seed in range(TRIES)]
    assert all(0 < low < high < 1 for drawn in lots for low, high in pairwise(drawn))
    means = [sum(column) / TRIES for column in zip(*lots, strict=True)]
    assert means == [pytest.approx(at / (ROWS + 1), abs=0.03) for at in range(1, ROWS + 1)]


def test_every_row_is_drawn_as_often_as_any_other(draws):
    rows = Counter(each.id for seed in range(TRIES) for each in draws(3, str(seed)))
    assert rows.total() == 3 * TRIES
    assert {id: count / TRIES for id, count in rows.items()} == {
        f"p{at}": pytest.approx(3 / ROWS, abs=0.09) for at in range(ROWS)
    }


def test_a_draw_depends_on_the_seed_alone(draws):
    assert draws(3, "a") == draws(3, "a") != draws(3, "b")
    assert [len(draws(count, "a")) for count in (0, 1, ROWS, ROWS + 1)] == [0, 1, ROWS, ROWS]


def test_only_rows_below_a_number_are_drawn(draws):
    every = draws(ROWS, "a")
    for below in (0, every[0].lot, every[4].lot, 1):
        assert draws(ROWS, "a", below) == [each for each in every if each.lot < below]


def test_a_sample_has_the_lowest_numbers_of_all_segments(draws):
    one, other = draws(4, "a"), draws(4, "b")
    assert lowest([*one, *other], 5) == sorted([*one, *other], key=lambda each: each.lot)[:5]
    assert drawn_from_plain(json.loads(json.dumps(one[0].to_plain()))) == one[0]


def test_counts_keep_of_a_sample_what_is_in_that_of_all(draws):
    one, other = (Counts(tally_of(Counter({("cases",): 4})), 4, sample=draws(4, seed)) for seed in "ab")
    together = one.plus(other, 3)
    assert (together.assessed, together.sample) == (8, lowest([*one.sample, *other.sample], 3))
    kept = [each for part in (one, other) for each in part.among(together).sample]
    assert sorted(kept, key=lambda each: each.lot) == together.sample
    assert len(kept) < len(one.sample) + len(other.sample)
    assert counts_from_plain(json.loads(json.dumps(one.to_plain()))) == one


def test_counts_add_up():
    one = Counts(tally_of(Counter({("cases",): 4})), 4, Counter(bad=2, torn=1), unread=1, blank=6)
    other = Counts(tally_of(Counter({("cases",): 5})), 5, Counter(bad=1), unread=2, blank=1)
    both = one.plus(other, 20)
    assert (Counts().rows, Counts().unread, Counts().summary.counts) == (0, 0, {})
    assert (both.rows, both.assessed, both.rejected, both.unread, both.blank) == (20, 9, 4, 3, 7)
    assert both.summary.counts == {("cases",): 9, ("reject", "bad"): 3, ("reject", "torn"): 1}
    assert counts_from_plain(json.loads(json.dumps(both.to_plain()))) == both


def test_an_answer_of_a_sample_may_be_that_somebody_does_not_know(kb):
    answers = frame_of([from_mapping({"bad": "unknown"}, kb.questions, "p")], kb.questions)
    (drawn,) = draw(answers, evaluated(prepare(kb), answers), kb.questions, 1, "a", 1)
    assert json.loads(json.dumps(drawn.to_plain()))["answers"] == {"bad": "unknown"}


# Whether experta says the same


@pytest.fixture(scope="module")
def engine(kb):
    return Engine(prepare(kb))


@pytest.fixture(scope="module")
def sample(kb):
    """What the columns say of some people."""
    cases = [from_mapping(each, kb.questions, f"p{at}") for at, each in enumerate(PEOPLE)]
    found = evaluated(prepare(kb), frame_of(cases, kb.questions)).drop("id").to_dicts()
    drawn = zip(cases, PEOPLE, found, strict=True)
    return [Drawn(0.5, case.id, answers, values) for case, answers, values in drawn]


def nothing(cases):
    return [{} for _ in cases]


def complete(kb, engine, **changed):
    """Complete assessments, with something else in the last of them."""

    def made(cases):
        said = [json.loads(assemble(engine.fire(case.answers), case.id).to_json()) for case in cases]
        return [*said[:-1], said[-1] | changed]

    return made


def test_columns_and_experta_agree(kb, engine, sample):
    assert audited(sample, engine, nothing) == []
    assert audited(sample, engine, complete(kb, engine)) == []


def test_every_column_of_wide_results_is_compared(engine, sample):
    names = [name for name in sample[-1].found if name != "id"]
    assert {"level", "ceiling", "settled", "inconsistent", "red_flags_open", "rule:bad"} <= set(names)
    for name in names:
        wrong = replace(sample[-1], found=sample[-1].found | {name: "something else"})
        assert audited([*sample[:-1], wrong], engine, nothing) == [Disagreement("p4", (name,))]


def test_complete_assessments_are_compared(kb, engine, sample):
    for changed in ({"fired": ["mild"]}, {"scores": {"s": 1}}, {"ask_next": []}):
        found = audited(sample, engine, complete(kb, engine, **changed))
        assert found == [Disagreement("p4", tuple(changed))]


ADVISING = f"""{LEVELS}  sit: {{when: {{worse: yes}}, then: [{{give: sit}}], because: so, ours: true}}
advice_kinds: {{soon: soon}}
advice: {{sit: {{kind: soon, text: sit}}}}
"""


def test_only_the_questions_behind_pending_items_are_not_compared(read):
    kb = read(ADVISING)
    engine = Engine(prepare(kb))
    drawn = [Drawn(0.5, "p", {}, {})]
    (whole,) = complete(kb, engine)([from_mapping({}, kb.questions, "p")])
    (pending,) = whole["advice"]["pending"]
    assert pending["questions"] == ["worse"]
    for changed, names in (({"questions": []}, ()), ({"item": "lie"}, ("advice",))):
        said = whole | {"advice": whole["advice"] | {"pending": [pending | changed]}}
        found = audited(drawn, engine, lambda cases, said=said: [said])
        assert found == ([Disagreement("p", names)] if names else [])


TIRED = LEVELS.replace("  worse: {ask", "  tired: {ask: Are you tired?, kind: yes_no}\n  worse: {ask") + (
    "  tired: {when: {tired: yes}, then: [{triage: rest}], because: so, ours: true}\n"
)


@pytest.mark.parametrize("answers", PEOPLE)
def test_open_red_flags_are_counted_as_columns_count_them(answers, read):
    kb = read(TIRED)
    case = from_mapping(answers, kb.questions, "p")
    row = evaluated(prepare(kb), frame_of([case], kb.questions)).row(0, named=True)
    valued = Engine(prepare(kb)).fire(case.answers)
    says = expected_of(valued, assemble(valued, "p"))
    assert says.pop("in_scope") is None
    assert says == {name: row[name] for name in says}
    assert "red_flags_open" in says


@pytest.mark.parametrize(
    ("flags", "first"),
    [
        ([], None),
        ([False, False], None),
        ([False, True, True], 1),
        ([True, True], 0),
        ([False, False, True], 2),
        ([False, True, False], None),
        ([True, False, True], None),
    ],
)
def test_the_lowest_level_of_red_flags(flags, first, kb):
    level = next(iter(kb.levels.values()))
    levels = {f"l{at}": replace(level, red_flag=flag) for at, flag in enumerate(flags)}
    assert lowest_red_flag(replace(kb, levels=levels)) == first


def test_a_sample_of_no_rows(kb, engine):
    assert draw(pl.DataFrame({"id": []}), pl.DataFrame({"id": []}), kb.questions, 5, "a", 1) == []
    assert audited([], engine, nothing) == []

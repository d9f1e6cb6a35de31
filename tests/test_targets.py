"""One meaning, three machines: each gives what the oracle gives, on drawn knowledge bases and on every case.

Also what only a machine has: the trace of experta, and that neither grows with the branches of a rule.
"""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path

import oracle
import pytest
from generators import bases_with_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeps import examples

from engine import KnowledgeBase, load
from engine.assessments.complete import compile_plan
from engine.experta_target import Engine, Firing
from engine.experta_target.memory import AnswerFact, ConclusionFact, PartFact, RuleFact, fact_of
from engine.meaning.holds import contribution, enough, keeps, passes, points_for
from engine.meaning.network import Compare, Gate, Keeps, Literal, Total
from engine.meaning.valuation import prepare
from engine.model.assessment import as_json
from engine.model.knowledge_base import SUPPORT
from engine.model.scores import Points
from facts.case import Case, from_mapping
from facts.files.cases import read_cases
from facts.problem import Rejected
from facts.vocabulary import Unknown

ROOT = Path(__file__).parent.parent
BASES = [ROOT / "kb", *sorted(path for path in (ROOT / "tests" / "bases").iterdir() if path.is_dir())]
MACHINES = pytest.mark.parametrize("target", ["experta", "columns"], indirect=True)
EACH_BASE = pytest.mark.parametrize("base", BASES, ids=lambda path: path.name)


def cases_of(base: Path, kb: KnowledgeBase) -> list[Case]:
    return [case for case in read_cases([base / "cases"], kb.questions) if isinstance(case, Case)]


def people(kb: KnowledgeBase, answers: list[dict[str, object]]) -> list[Case]:
    return [from_mapping(each, kb.questions, f"person-{at}") for at, each in enumerate(answers)]


def without_questions(assessment: dict[str, object]) -> dict[str, object]:
    """What columns give: a pending item without the questions behind it."""
    shorter = copy.deepcopy(assessment)
    for pending in shorter["advice"]["pending"]:
        pending.pop("questions", None)
    return shorter


def assert_same(kb: KnowledgeBase, cases: list[Case], found: list[dict[str, object]]) -> None:
    """Equal whole assessments, down to the bytes."""
    assert_equal([oracle.assess(kb, case) for case in cases], found)


def assert_equal(by_oracle: list[dict[str, object]], found: list[dict[str, object]]) -> None:
    assert len(found) == len(by_oracle)
    for wanted, assessment in zip(by_oracle, found, strict=True):
        if not any("questions" in each for each in assessment["advice"]["pending"]):
            wanted = without_questions(wanted)
        for key, value in wanted.items():
            assert assessment[key] == value, f"{key} of {wanted['id']}"
        assert as_json(assessment) == as_json(wanted)


# Equal assessments


@MACHINES
@settings(max_examples=40)
@given(bases_with_cases())
def test_a_drawn_base(target, read, drawn):
    text, answers = drawn
    kb = read(text)
    cases = people(kb, answers)
    assert_same(kb, cases, target(kb, cases))


@pytest.mark.sweep
@MACHINES
@settings(max_examples=500)
@given(bases_with_cases(cases=10))
def test_many_drawn_bases(target, read, drawn):
    text, answers = drawn
    kb = read(text)
    cases = people(kb, answers)
    assert_same(kb, cases, target(kb, cases))


@MACHINES
@pytest.mark.parametrize("base", BASES[1:], ids=lambda path: path.name)
def test_every_case_of_a_small_base(target, base):
    kb = load(base)
    cases = cases_of(base, kb)
    assert cases
    assert_same(kb, cases, target(kb, cases))


@pytest.mark.parametrize("machine", ["experta", "columns"])
def test_every_case_of_the_bundled_base(machine, bundled):
    assert_equal(bundled("oracle"), bundled(machine))


def test_experta_says_which_questions_are_behind_a_pending_item(bundled):
    for assessment in bundled("experta"):
        assert all("questions" in each for each in assessment["advice"]["pending"])


@MACHINES
@EACH_BASE
def test_nobody_and_a_person_who_knows_nothing(target, base):
    kb = load(base)
    cases = people(kb, [{}, dict.fromkeys(kb.questions, "unknown")])
    assert_same(kb, cases, target(kb, cases))
    assert target(kb, []) == []


NAMED = """
knowledge_base: {{name: named, version: 1}}
questions:
  first: {{ask: first, kind: yes_no}}
  {name}: {{ask: second, kind: yes_no, asked_when: {{first: yes}}}}
findings: {{found: found}}
rules: {{only: {{when: {{{name}: yes}}, then: {{finding: found}}, because: so, ours: yes}}}}
"""


@MACHINES
@pytest.mark.parametrize("name", ["established", "in_scope", "conditions", "scores", "fired", "open", "kb"])
def test_a_question_may_be_called_like_a_field(target, read, name):
    kb = read(NAMED.format(name=name))
    cases = people(kb, [{"first": False, name: True}, {"first": False}, {name: "unknown"}])
    assert_same(kb, cases, target(kb, cases))


def test_no_question_may_be_called_like_the_column_of_ids(read):
    with pytest.raises(Rejected, match="`id` cannot name a question"):
        read(NAMED.format(name="id"))


# The trace of experta


def known_by_answers(engine: Engine, case: Case) -> dict[str, bool]:
    tests = {name: node for name, node in engine.network.nodes.items() if isinstance(node, Compare)}
    found = {name: passes(node.test, case.answers.get(node.question)) for name, node in tests.items()}
    return {name: truth for name, truth in found.items() if truth is not None}


class Only:
    """A fact base of the facts that one firing used, and of the answers."""

    def __init__(self, engine: Engine, case: Case, known: dict[str, bool]) -> None:
        self.answers, self.known, self.engine = case.answers, known, engine

    def value(self, name: str) -> bool | None:
        return self.known.get(name) if name in self.engine.network.nodes else True

    def score(self, name: str):
        return self.engine.prepared.kb.scores[name]


def justified(engine: Engine, case: Case, firing: Firing, known: dict, totals: dict) -> object:
    """What follows from the facts that a firing used, and from these alone."""
    node = engine.network.nodes[firing.name]
    used = {literal.node: literal.positive for literal in firing.used if literal.node not in totals}

    def truth(literal: Literal) -> bool | None:
        return None if literal.node not in used else used[literal.node] is literal.positive

    match node:
        case Compare(_, _, asked):
            return False if used == {asked: False} else None
        case Gate(count, literals):
            return enough(count, [truth(each) for each in literals])
        case Keeps(total, bound):
            assert [literal.node for literal in firing.used] == [total]
            return keeps(bound, totals[total])
        case Total(score, literals, _):
            facts = Only(engine, case, known)
            ends = [
                points_for(line.ticks, truth(literal))
                if isinstance(line, Points)
                else contribution(line, facts)
                for line, literal in zip(score.lines, literals, strict=True)
            ]
            return sum(low for low, _ in ends), sum(high for _, high in ends)


def assert_trace(engine: Engine, case: Case) -> None:
    """Strata in order, each firing once, and justified by what was declared before it."""
    engine.fire(case.answers)
    known, totals = known_by_answers(engine, case), {}
    place = {
        name: at for at, name in enumerate(name for stratum in engine.network.strata for name in stratum)
    }
    places = [place[firing.name] for firing in engine.trace]
    assert places == sorted(set(places))
    for firing in engine.trace:
        for literal in firing.used:
            assert literal.node in totals or known[literal.node] is literal.positive
        assert firing.name not in known
        assert justified(engine, case, firing, known, totals) == firing.value
        if isinstance(firing.value, bool):
            known[firing.name] = firing.value
        else:
            totals[firing.name] = firing.value


@EACH_BASE
def test_every_firing_is_justified_by_earlier_facts(base):
    kb = load(base)
    engine = Engine(prepare(kb))
    for case in cases_of(base, kb):
        assert_trace(engine, case)


@examples(25, 60)
@given(bases_with_cases())
def test_every_firing_of_a_drawn_base_is_justified(read, drawn):
    text, answers = drawn
    kb = read(text)
    engine = Engine(prepare(kb))
    for case in people(kb, answers):
        assert_trace(engine, case)


class OnExpertasMatcher(Engine):
    """The same productions on experta's own network."""

    __matcher__ = Engine.__base__.__matcher__


@pytest.mark.parametrize("every", [25, pytest.param(4, marks=pytest.mark.sweep)])
def test_the_ground_matcher_fires_as_expertas_own(every, kb):
    ours, stock = Engine(prepare(kb)), OnExpertasMatcher(prepare(kb))
    for case in cases_of(ROOT / "kb", kb)[::every]:
        assert ours.fire(case.answers) == stock.fire(case.answers)
        assert ours.trace == stock.trace


@examples(20, 60)
@given(bases_with_cases())
def test_the_ground_matcher_fires_as_expertas_own_on_a_drawn_base(read, drawn):
    text, answers = drawn
    kb = read(text)
    ours, stock = Engine(prepare(kb)), OnExpertasMatcher(prepare(kb))
    for case in people(kb, answers):
        ours.fire(case.answers)
        stock.fire(case.answers)
        assert ours.trace == stock.trace


def test_a_case_leaves_nothing_behind(kb):
    cases = cases_of(ROOT / "kb", kb)[:10]
    used_again, answers = Engine(prepare(kb)), {"leg_weakness": True}
    for case in cases:
        used_again.fire(answers)
        used_again.fire(case.answers)
        fresh = Engine(prepare(kb))
        fresh.fire(case.answers)
        assert used_again.trace == fresh.trace


def test_a_rule_fires_once_whatever_the_branches(read):
    concluded = []

    class Listening(Engine):
        def conclude(self, name, value, used):
            concluded.append(name)
            super().conclude(name, value, used)

    kb = read(
        """
knowledge_base: {name: branches, version: 1}
questions:
  where: {ask: where, kind: choices, options: {leg: leg, foot: foot}}
findings: {leg: leg, foot: foot, hurts: it hurts}
rules:
  leg: {when: {where: leg}, then: {finding: leg}, because: so, ours: yes}
  foot: {when: {where: foot}, then: {finding: foot}, because: so, ours: yes}
  either: {when: {any: [{finding: leg}, {finding: foot}]}, then: {finding: hurts}, because: so, ours: yes}
"""
    )
    engine = Listening(prepare(kb))
    for case in people(kb, [{"where": ["leg", "foot"]}, {"where": []}]):
        concluded.clear()
        engine.fire(case.answers)
        assert len(concluded) == len(set(concluded)) == 6


def test_what_experta_concluded_is_not_worked_out_again(read, monkeypatch):
    kb = read(chain(5))
    for answers, truth in (({"q": True}, True), ({"q": False}, False), ({}, None)):
        case = Engine(prepare(kb)).fire(answers)
        with monkeypatch.context() as patched:
            patched.setattr("engine.meaning.valuation.holds", lambda *_: 1 / 0)
            names = [f"{kind}{at}" for at in range(5) for kind in ("rule:r", "finding:f")]
            assert {case.value(name) for name in names} == {truth}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("answer:q:yes", AnswerFact),
        ("rule:r", RuleFact),
        ("part:rule:r/1", PartFact),
        ("asked:q", PartFact),
        ("finding:f", ConclusionFact),
        ("condition:c:typical", ConclusionFact),
    ],
)
def test_the_kind_of_a_fact_is_that_of_its_name(name, kind):
    for literal in (Literal(name), ~Literal(name)):
        fact = fact_of(literal)
        assert (type(fact), fact["name"], fact["holds"]) == (kind, name, literal.positive)


HASHES = """
import hashlib, sys
from engine import load
from engine.meaning.assembly import assemble
from engine.experta_target import Engine
from engine.meaning.valuation import prepare
from facts.files.cases import read_cases
kb = load(sys.argv[1])
engine, digest = Engine(prepare(kb)), hashlib.sha256()
for case in [*read_cases([sys.argv[1] + "/cases"], kb.questions)][:: int(sys.argv[2])]:
    digest.update(assemble(engine.fire(case.answers), case.id).to_json().encode())
    digest.update(repr(engine.trace).encode())
print(digest.hexdigest(), hash("a word"))
"""


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.sweep)])
def test_neither_trace_nor_assessment_depends_on_hash_seeds(every):
    said = [
        subprocess.run(
            [sys.executable, "-c", HASHES, str(ROOT / "kb"), str(every)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PATH": ""},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in ("0", "1", "42")
    ]
    digests, words = zip(*said, strict=True)
    assert len(set(digests)) == 1
    assert len(set(words)) == 3, "the seeds had no effect"


# No blow-up


def wide(parts: int, enough: int) -> str:
    """So many of the parts, as a count and as a score of as many lines."""
    names = [f"q{at}" for at in range(parts)]
    of = ", ".join(f"{{any: [{{{name}: yes}}, {{not: {{spare: no}}}}]}}" for name in names)
    lines = ", ".join(f"{{points: 0.5, when: {{{name}: yes}}}}" for name in names)
    return "\n".join(
        [
            "knowledge_base: {name: wide, version: 1}",
            "questions:",
            *(f"  {name}: {{ask: {name}, kind: yes_no}}" for name in [*names, "spare"]),
            "findings: {counted: counted, summed: summed}",
            f"scores: {{sum: {{text: sum, parts: [{lines}], ours: yes}}}}",
            "rules:",
            f"  counted: {{when: {{at_least: {{count: {enough}, of: [{of}]}}}}, then: {{finding: counted}},"
            " because: so, ours: yes}",
            f"  summed: {{when: {{score: {{sum: {{at_least: {enough / 2}}}}}}}, then: {{finding: summed}},"
            " because: so, ours: yes}",
        ]
    )


@pytest.mark.parametrize(
    ("yes", "no", "expected"),
    [
        (10, 0, True),
        (9, 11, False),
        (9, 10, None),
        (9, 0, None),
        (10, 10, True),
        (0, 10, None),
        (0, 11, False),
    ],
)
def test_ten_of_twenty(target, read, yes, no, expected):
    kb = read(wide(20, 10))
    answers = {f"q{at}": at < yes for at in range(yes + no)} | {"spare": False}
    (found,) = target(kb, people(kb, [answers]))
    for rule in ("counted", "summed"):
        assert (rule in found["fired"], rule in found["open"]) == (expected is True, expected is None)
    assert found["scores"]["sum"] == {"low": yes / 2, "high": (20 - no) / 2}


def productions(kb: KnowledgeBase) -> int:
    return len(Engine(prepare(kb)).productions)


def expressions(kb: KnowledgeBase) -> int:
    """The size of all expressions of the plan, as they are written out."""
    plan = compile_plan(prepare(kb))
    packed = [column for each in plan.shape.lists for column in each.packed()]
    steps = [*plan.steps, *plan.shape.steps, plan.shape.alone.values(), packed, plan.shape.fields]
    return sum(len(str(each)) for step in steps for each in step)


@pytest.mark.parametrize("size", [productions, expressions])
def test_twice_the_parts_are_twice_the_work(read, size):
    ten, twenty, forty = (size(read(wide(parts, parts // 2))) for parts in (10, 20, 40))
    assert ten < twenty < forty
    assert forty - twenty <= 2.2 * (twenty - ten)


def chain(length: int) -> str:
    """Findings that each read the one before."""
    names = [f"f{at}" for at in range(length)]
    rules = [
        f"  r{at}: {{when: {{finding: f{at - 1}}}, then: {{finding: f{at}}}, because: so, ours: yes}}"
        for at in range(1, length)
    ]
    return "\n".join(
        [
            "knowledge_base: {name: chain, version: 1}",
            "questions: {q: {ask: q, kind: yes_no}}",
            "findings:",
            *(f"  {name}: {name}" for name in names),
            "rules:",
            "  r0: {when: {q: yes}, then: {finding: f0}, because: so, ours: yes}",
            *rules,
        ]
    )


@MACHINES
def test_a_long_chain_of_findings(target, read):
    kb = read(chain(200))
    yes, no, nobody = target(kb, people(kb, [{"q": True}, {"q": False}, {}]))
    assert len(yes["findings"]) == 200
    assert (no["findings"], no["open"]) == ([], [])
    assert len(nobody["open"]) == 200
    assert nobody["ask_next"] == ["q"]


# Every answer only adds


def earlier(raw: dict[str, object], spoken: list[int]) -> dict[str, object]:
    """What a person had said before: nothing, all, or of several options the first few."""
    said = {}
    for (question, answer), how_much in zip(raw.items(), spoken, strict=False):
        if how_much == 1:
            said[question] = answer
        elif how_much == 2 and isinstance(answer, dict):
            said[question] = dict(list(answer.items())[: len(answer) // 2])
    return said


def rank(levels: list[str], name: str | None) -> int:
    return -1 if name is None else levels.index(name)


def assert_only_added(kb: KnowledgeBase, before: dict, after: dict) -> None:
    levels, grades = list(kb.levels), list(SUPPORT)
    for key in ("fired", "findings", "texts", "disagreements"):
        assert set(before[key]) <= set(after[key])
    assert set(after["open"]) <= set(before["open"])
    assert before["in_scope"] in (None, after["in_scope"])
    if kb.levels:
        reaches = [("", before["triage"], after["triage"])]
        by_source = before["triage"]["by_source"]
        reaches += [(name, each, after["triage"]["by_source"][name]) for name, each in by_source.items()]
        for name, old, new in reaches:
            assert rank(levels, old["level"]) <= rank(levels, new["level"]), name
            assert rank(levels, old["ceiling"]) >= rank(levels, new["ceiling"]), name
    suspected = {each["name"]: each for each in before["conditions"]}
    for new in after["conditions"]:
        old = suspected[new["name"]]
        assert rank(grades, old["support"]) <= rank(grades, new["support"])
        assert rank(grades, old["could_reach"]) >= rank(grades, new["could_reach"])
        assert set(old["against"]) <= set(new["against"])
    for name, old in before["scores"].items():
        assert old["low"] <= after["scores"][name]["low"] <= after["scores"][name]["high"] <= old["high"]
    given = [{each["item"] for each in found["advice"]["given"]} for found in (before, after)]
    assert given[0] <= given[1]
    clashes = [{each["name"] for each in found["inconsistencies"]} for found in (before, after)]
    assert clashes[0] <= clashes[1]


@examples(20, 60)
@given(bases_with_cases(cases=3), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_answers_to_questions_that_apply_take_nothing_away(target, read, drawn, spoken):
    text, answers = drawn
    kb = read(text)
    for raw in answers:
        (before,) = people(kb, [earlier(raw, spoken)])
        so_far = oracle.Truths(kb, dict(before.answers))
        later = {name: each for name, each in raw.items() if so_far.value(f"asked:{name}") is not False}
        (after,) = people(kb, [earlier(raw, spoken) | later])
        assert_only_added(kb, *target(kb, [before, after]))


def test_an_answer_to_a_question_that_did_not_apply_can_take_away(target, read):
    text = """
knowledge_base: {name: away, version: 1}
questions:
  weak: {ask: weak, kind: yes_no}
  fast: {ask: fast, kind: yes_no, asked_when: {weak: yes}}
findings: {calm: calm}
rules: {calm: {when: {not: {fast: yes}}, then: {finding: calm}, because: so, ours: yes}}
"""
    kb = read(text)
    before, after = target(kb, people(kb, [{"weak": False}, {"weak": False, "fast": True}]))
    assert (before["findings"], after["findings"]) == (["calm"], [])
    assert [each["name"] for each in after["inconsistencies"]] == ["asked_when:fast"]


def test_i_dont_know_changes_only_what_is_asked(target, kb):
    cases = cases_of(ROOT / "kb", kb)[:20]
    silent = [
        Case(case.id, {name: each for name, each in case.answers.items() if not isinstance(each, Unknown)})
        for case in cases
    ]
    unsure = [
        Case(case.id, {**dict.fromkeys(kb.questions, Unknown.UNKNOWN), **case.answers}) for case in silent
    ]
    for case, nothing, unknown in zip(silent, target(kb, silent), target(kb, unsure), strict=True):
        partly = [name for name in nothing["ask_next"] if name in case.answers]
        asked = {
            "ask_next": partly,
            "kept_open_by": sorted(name for name in nothing["ask_next"] if name not in partly),
        }
        assert nothing | asked == unknown | {"kept_open_by": sorted(unknown["kept_open_by"])}

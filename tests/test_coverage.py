"""What the cases show of the rules: counted once a pattern of truths, equal to counting case by case."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine import KnowledgeBase
from engine.coverage.extent import stretches
from engine.coverage.gaps import gaps
from engine.coverage.listing import listed
from engine.coverage.measure import Coverage, RuleCoverage, Tally, measured
from engine.coverage.shape import in_order
from engine.coverage.summary import Summary, red_flags, summed
from engine.meaning.marking import deciding, marked
from engine.meaning.valuation import Valuation, prepare
from engine.words.rule_text import written
from facts.case import Case, from_mapping
from facts.files.cases import read_cases
from facts.problem import render

ROOT = Path(__file__).parent.parent

BASE = """
questions:
  a: {{ask: A?, kind: yes_no}}
  b: {{ask: B?, kind: yes_no}}
  c: {{ask: C?, kind: yes_no}}
findings: {{f: something}}
rules: {{r: {{when: {when}, then: {{finding: f}}, because: So it is., ours: true}}}}
"""


def people(kb: KnowledgeBase, *persons: str) -> list[Case]:
    """A case for each person, named by the truths of a, b and c: `+-?`."""
    said = {"+": True, "-": False, "?": None}
    return [
        from_mapping(dict(zip("abc", map(said.get, each), strict=False)), kb.questions, each)
        for each in persons
    ]


def rule_of(read, when: str, *persons: str) -> RuleCoverage:
    """The coverage of a rule by such people."""
    kb = read(BASE.format(when=when))
    return measured(kb, people(kb, *persons)).rules[0]


def decided(rule: RuleCoverage) -> dict[str, str]:
    """For each innermost part the truths with which it decided."""
    truths = {"+": "true", "-": "false", "?": "unknown"}
    return {
        written(part.placed.part): "".join(
            sign for sign, truth in truths.items() if getattr(part, truth).decided
        )
        for part in rule.innermost
    }


@pytest.mark.parametrize(
    ("when", "persons", "parts"),
    [
        ("{a: yes}", ["+??"], {"a: yes": "+"}),
        ("{a: yes, b: yes}", ["++?"], {"a: yes": "+", "b: yes": "+"}),
        ("{a: yes, b: yes}", ["--?"], {"a: yes": "", "b: yes": ""}),
        ("{a: yes, b: yes}", ["-+?"], {"a: yes": "-", "b: yes": ""}),
        ("{a: yes, b: yes}", ["-??"], {"a: yes": "-", "b: yes": ""}),
        ("{a: yes, b: yes}", ["+??"], {"a: yes": "", "b: yes": "?"}),  # open: a has decided nothing yet
        ("{any: [{a: yes}, {b: yes}]}", ["++?"], {"a: yes": "", "b: yes": ""}),
        ("{any: [{a: yes}, {b: yes}]}", ["+-?", "--?"], {"a: yes": "+-", "b: yes": "-"}),
        ("{not: {a: yes}, b: yes}", ["++?", "-+?"], {"a: yes": "+-", "b: yes": "+"}),
        (
            "{at_least: {count: 2, of: [{a: yes}, {b: yes}, {c: yes}]}}",
            ["+++", "+-+", "-+-"],
            {"a: yes": "+-", "b: yes": "", "c: yes": "+-"},
        ),
    ],
)
def test_a_part_decides_where_the_rule_came_out_as_it_did_because_of_it(when, persons, parts, read):
    assert decided(rule_of(read, when, *persons)) == parts


def test_a_tally_counts_and_names_the_first_case_in_which_the_part_decided(read):
    rule = rule_of(read, "{a: yes, b: yes}", "--?", "-+?", "+-?", "++?", "-??", "???")
    a = rule.innermost[0]
    assert a.true == Tally(2, 1, "++?")
    assert a.false == Tally(3, 2, "-+?")
    assert a.unknown == Tally(1, 1, "???")
    assert (rule.fired, rule.blocked, rule.open) == (
        Tally(1, 1, "++?"),
        Tally(4, 4, "--?"),
        Tally(1, 1, "???"),
    )


def test_always_has_nothing_to_cover(read):
    rule = rule_of(read, "always", "+++")
    assert rule.fired.cases == 1
    assert rule.covered
    assert not rule.innermost
    assert not list(gaps([rule]))
    assert summed([rule]) == Summary(1, 1, 1, 0, 0, 0)
    assert summed([rule]).percent == 100


def test_a_part_that_stands_twice_is_counted_twice(read):
    rule = rule_of(read, "{any: [{a: yes}, {a: yes, b: yes}]}", "++?")
    assert [part.true.decided for part in rule.innermost] == [0, 0]
    assert written(rule.parts[-1].placed.part) == "b: yes"
    assert rule.parts[-1].impossible == {True, False}


@examples(20, 60)
@given(bases_with_cases())
def test_counting_patterns_is_counting_cases(read, drawn):
    text, answers = drawn
    kb = read(text)
    cases = [from_mapping(each, kb.questions, id=f"case-{at}") for at, each in enumerate(answers)]
    expected = case_by_case(kb, cases)
    for rule in measured(kb, cases).rules:
        for at, part in enumerate(rule.parts):
            for truth, tally in ((True, part.true), (False, part.false), (None, part.unknown)):
                so, because = expected[rule.rule.id, at, truth]
                assert (tally.cases, tally.decided) == (len(so), len(because))
                assert tally.witness == (because or so or [""])[0]


def case_by_case(kb: KnowledgeBase, cases: list[Case]):
    """The cases in which each part had each truth, and those of them in which it decided."""
    found = defaultdict(lambda: ([], []))
    prepared = prepare(kb)
    for case in cases:
        valuation = Valuation(prepared, case.answers)
        for rule in kb.rules.values():
            whole = marked(rule.when, valuation)
            deciders = [id(each) for each in deciding(whole)]
            for at, each in enumerate(in_order(whole)):
                so, because = found[rule.id, at, each.truth]
                so.append(case.id)
                if id(each) in deciders and (whole.truth is not None or each.truth is None):
                    because.append(case.id)
    return found


def test_cases_are_counted_over_chunks(read, monkeypatch):
    kb = read(BASE.format(when="{a: yes, b: yes}"))
    cases = people(kb, "++?1", "+-?2", "++?3", "-+?4", "++?5", "-+?6", "???7")
    whole = measured(kb, cases)
    monkeypatch.setattr("engine.coverage.measure.CHUNK", 2)
    assert measured(kb, cases) == whole
    assert whole.rules[0].fired == Tally(3, 3, "++?1")


@examples(20, 60)
@given(bases_with_cases(cases=12))
def test_what_is_made_of_covered_parts_is_covered(read, drawn):
    """So it is enough to count innermost parts and exact counts, and a rule without gaps has fired and been
    blocked.
    """
    text, answers = drawn
    kb = read(text)
    cases = [from_mapping(each, kb.questions, id=f"case-{at}") for at, each in enumerate(answers)]
    for rule in measured(kb, cases).rules:
        for at, part in enumerate(rule.parts):
            inside = [each for each in rule.innermost if at in each.placed.above]
            is_covered = all(each.covered and not each.impossible for each in inside)
            if inside and is_covered and not part.counts:
                assert part.covered


# What is missing


def said(rule: RuleCoverage) -> list[str]:
    return [f"{gap.code}: {gap.message} / {gap.help}" for gap in gaps([rule])]


@pytest.mark.parametrize(
    ("when", "persons", "gap"),
    [
        (
            "{a: yes}",
            ["-??", "???"],
            "never-fired: rule `r` never fires: blocked in 1 case, open in 1 case / add a case that fires it",
        ),
        (
            "{a: yes}",
            ["+??"],
            "never-blocked: rule `r` is never blocked: fired in 1 case, open in no case"
            " / add a near miss, a case whose answers rule it out",
        ),
        (
            "{a: yes, b: yes}",
            ["++?", "+-?"],
            "never-false: `a: yes` of rule `r` never decides as false (false in no case)"
            " / add a case in which this part is false, while `b: yes` is true; "
            "the closest case is `++?`, where this part is true",
        ),
        (
            "{any: [{a: yes}, {b: yes}]}",
            ["--?", "-+?", "++?"],
            "never-true: `a: yes` of rule `r` never decides as true (true in 1 case, decisive in none)"
            " / add a case in which this part is true, while `b: yes` is false; "
            "the closest case is `--?`, where this part is false",
        ),
        (
            "{at_least: {count: 2, of: [{a: yes}, {b: yes}, {c: yes}]}}",
            ["---", "-++", "+++"],
            "never-decides: `a: yes` of rule `r` never decides (true in 1 case, decisive in none; false in 2 "
            "cases, decisive in none) / add a case in which this part is true, while exactly 1 of the other "
            "2 parts of the same `at_least 2 of 3` is true; the closest case is `+++`, where 2 of the other "
            "parts of the same `at_least 2 of 3` are true",
        ),
    ],
)
def test_a_gap_says_which_case_is_missing_and_which_comes_closest(when, persons, gap, read):
    assert gap in said(rule_of(read, when, *persons))


def test_what_is_unknown_beside_a_part_of_a_count_is_a_difference(read):
    at_least = "{at_least: {count: 2, of: [{a: yes}, {b: yes}, {c: yes}]}}"
    gap = said(rule_of(read, at_least, "++?"))[1]
    assert gap.endswith(
        "this part is true and 1 of the other parts of the same `at_least 2 of 3` is true and 1 unknown"
    )


def test_a_rule_of_one_part_has_one_gap(read):
    assert len(said(rule_of(read, "{a: yes}", "+??"))) == 1


@examples(15, 40)
@given(bases_with_cases(cases=3))
def test_every_uncovered_part_has_a_gap_with_a_place_and_a_help(read, drawn):
    text, answers = drawn
    kb = read(text)
    cases = [from_mapping(each, kb.questions, id=f"case-{at}") for at, each in enumerate(answers)]
    for rule in measured(kb, cases).rules:
        found = list(gaps([rule]))
        assert bool(found) is not rule.covered
        assert all(gap.span.line and gap.span.column and gap.help for gap in found)
        assert len(found) >= sum(not part.covered for part in rule.innermost)


@pytest.mark.parametrize(
    ("covered", "parts", "percent", "reached", "missed"),
    [
        (2, 3, "66.6", "66.66", "66.67"),
        (999, 1000, "99.9", "99.9", "100"),
        (9999, 10000, "99.9", "99.99", "100"),
    ],
)
def test_a_share_is_rounded_down_and_compared_exactly(covered, parts, percent, reached, missed):
    found = Summary(1, 0, 1, 1, parts, covered)
    assert str(found.percent) == percent
    assert found.reaches(Decimal(reached))
    assert not found.reaches(Decimal(missed))


# Where a part stands


EXTENTS = """\
questions:
  a: {ask: A?, kind: yes_no}
  o: {ask: O?, kind: choices, options: {x: x, w: w, z: z}}
  num: {ask: N?, kind: number, unit: days, minimum: 0, maximum: 9}
findings: {f: something, g: more}
conditions: {c: {text: c}}
scores:
  s:
    text: s
    parts: [{points: 1, when: {a: yes}}, {points: 1, when: {o: x}}]
    classes: {low: {at_most: 0}, some: {at_most: 1}, high: otherwise}
rules:
  g: {when: {a: yes}, then: [{finding: g}, {condition: c, support: typical}], because: So., ours: true}
  r:
    when:
      all:
%s
    then: {finding: f}
    because: So it is.
    ours: true
"""


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("- a: yes  # said", ["a: yes"]),
        ("- {a: yes, o: [x, w]}", ["a: yes", "o: [x, w]"]),
        ("- o: [x,\n     w]  # two\n- a: no", ["o: [x,", "w]", "a: no"]),
        ("- o:\n    - x\n    - w\n- a: no", ["o:", "- x", "- w", "a: no"]),
        ("- o:\n  - x\n- a: no", ["o:", "- x", "a: no"]),
        ("- o:\n  - x\n  a: no", ["o:", "- x", "a: no"]),
        ("- o: none", ["o: none"]),
        ('- "a": yes', ['"a": yes']),
        ("- num: {at_least: 2}", ["num: {at_least: 2}"]),
        ("- num: {above: 2, at_most: 5}", ["num", "above: 2", "at_most: 5"]),
        ("- num:\n    at_least: 2", ["at_least: 2"]),
        ("- num: {between: [2, 5]}", ["num", *["num: {between: [2, 5]}"] * 2]),
        ("- o: {at_least: 2}", ["o: {at_least: 2}"]),
        ("- finding: g", ["finding: g"]),
        ("- condition: {c: typical}", ["c: typical"]),
        ("- condition: c", ["condition: c"]),
        ("- score: {s: {at_least: 1}}", ["s: {at_least: 1}"]),
        ("- not: {any: [{a: yes}, {o: x}]}", ["not", "any", "a: yes", "o: x"]),
        ("- at_least: {count: 1, of: [{a: yes}, {o: x}]}", ["at_least", "a: yes", "o: x"]),
        ("- at_most: {count: 1, of: [{a: yes}, {o: x}]}", ["at_most", "a: yes", "o: x"]),
        ("- exactly: {count: 1, of: [{a: yes}, {o: x}]}", ["exactly", "a: yes", "o: x"]),
        ("- class: {s: high}", ["class: {s: high"]),
        ("- class: {s: [low, some]}", ["class: {s: [low, some]"]),
        ("- always", []),
    ],
)
def test_a_part_is_marked_from_its_word_to_the_end_of_its_value(text, marked, read):
    source = EXTENTS % "\n".join(f"        {line}" for line in text.split("\n"))
    rule, lines = rule_named(read(source), "r"), source.split("\n")
    found = [each for part in rule.parts for each in stretches(part.placed.part, lines)]
    in_text = sorted((each.line, each.start, each.end) for each in found)
    assert [lines[line - 1][start:end] for line, start, end in in_text] == ["all", *marked]


def rule_named(kb: KnowledgeBase, id: str) -> RuleCoverage:
    found = measured(kb, [from_mapping({}, kb.questions)])
    return next(rule for rule in found.rules if rule.rule.id == id)


@examples(15, 40)
@given(bases_with_cases(cases=1))
def test_a_listing_has_every_line_as_it_is_written(read, drawn):
    text, answers = drawn
    kb = read(text)
    found = measured(kb, [from_mapping(answers[0], kb.questions)]).rules
    file, lines = found[0].rule.span.file, text.split("\n")
    blocks = next(listed(found, {file: lines})).blocks
    shown = ["".join(run.text for run in line.runs) for block in blocks for line in block.lines]
    assert shown == lines


@examples(15, 40)
@given(bases_with_cases(cases=1))
def test_every_innermost_part_is_marked_somewhere(read, drawn):
    text, answers = drawn
    kb = read(text)
    lines = text.split("\n")
    for rule in measured(kb, [from_mapping(answers[0], kb.questions)]).rules:
        for part in rule.innermost:
            found = stretches(part.placed.part, lines)
            assert found
            assert all(0 <= each.start < each.end <= len(lines[each.line - 1]) for each in found)


# The bundled knowledge base


@pytest.fixture(scope="module")
def bundled_coverage(kb) -> Coverage:
    read = read_cases([ROOT / "kb" / "cases"], kb.questions)
    return measured(kb, [case for case in read if isinstance(case, Case)])


def explained(start: str, rules: list[RuleCoverage]) -> str:
    return "\n\n".join([start, *(render(gap) for gap in gaps(rules))])


def test_every_rule_of_the_bundled_base_fires_and_is_blocked(bundled_coverage):
    lacking = [
        rule
        for rule in bundled_coverage.rules
        if not rule.fired.cases or not (rule.blocked.cases or rule.is_for_everybody)
    ]
    assert not lacking, explained("no case of kb/cases fires these, or none blocks them:", lacking)


def test_every_part_of_a_red_flag_of_the_bundled_base_decides_as_true_and_as_false(bundled_coverage):
    flagged = red_flags(bundled_coverage.rules)
    assert len(flagged) >= 12
    lacking = [rule for rule in flagged if not rule.covered]
    assert not lacking, explained("add the missing cases to kb/cases:", lacking)


def test_what_red_flags_read_is_covered_too(bundled_coverage, kb):
    """A red flag that reads a finding is only as sure as the rules for it."""
    by_id = {rule.rule.id: rule for rule in bundled_coverage.rules}
    prepared = prepare(kb)
    read = {
        written(part.placed.part).removeprefix("finding: ")
        for rule in red_flags(bundled_coverage.rules)
        for part in rule.innermost
        if written(part.placed.part).startswith("finding: ")
    }
    assert read
    lacking = [
        by_id[id] for name in read for id in prepared.rules_for[f"finding:{name}"] if not by_id[id].covered
    ]
    assert not lacking, explained("red flags read what these conclude:", lacking)

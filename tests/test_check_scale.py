"""Checks grow with a knowledge base, not with its square, whatever its shape, and stay exact in large ones.

Work is counted in calls, which are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from pathlib import Path

import pytest
from test_loader_size import large_base

from engine.assessments.complete import compile_plan
from engine.checks import findings
from engine.checks.domains import passing
from engine.checks.examination import examination
from engine.loading import read_knowledge_base
from engine.meaning.valuation import prepare
from facts.case import Case
from facts.problem import Problem, render


def crowded(rules: int) -> str:
    """Every rule reads one question, and half of them what the other half concludes; all cite one claim."""
    a_rule = (
        "  a{0}: {{when: {{days: {{above: {0}}}, sort: o{1}}}, then: {{finding: long}},"
        " because: reason {0}, claims: [S1-1]}}\n"
        "  b{0}: {{when: {{finding: long, days: {{below: {2}}}}}, then: {{give: rest}},"
        " because: further {0}, claims: [S1-1]}}\n"
    )
    days = f"ask: For how long?, kind: number, unit: days, minimum: 0, maximum: {rules + 9}"
    options = ", ".join(f"o{at}: option {at}" for at in range(7))
    return (
        "sources: {S1: {title: One}}\nclaims: {S1-1: {source: S1, claim: all of it}}\n"
        f"questions:\n  days: {{{days}}}\n"
        f"  sort: {{ask: Of which sort?, kind: choice, options: {{{options}}}}}\n"
        "findings: {long: it is long}\nadvice_kinds: {home: At home}\n"
        "advice: {rest: {kind: home, text: Rest.}}\n"
        "rules:\n" + "".join(a_rule.format(at, at % 7, at + 9) for at in range(rules // 2))
    )


def chain(rules: int) -> str:
    """Every rule reads what the one before concludes, and a question of its own."""
    questions = "\n".join(f"  q{at}: {{ask: And {at}?, kind: yes_no}}" for at in range(rules))
    names = "\n".join(f"  f{at}: finding {at}" for at in range(rules))
    links = "\n".join(
        f"  r{at}: {{when: {{q{at}: yes{f', finding: f{at - 1}' if at else ''}}}, then: {{finding: f{at}}},"
        f" because: reason {at}, ours: true}}"
        for at in range(rules)
    )
    return f"questions:\n{questions}\nfindings:\n{names}\nrules:\n{links}\n"


def apart(rules: int) -> str:
    """Every rule cites the same claim, and has nothing in common with any other."""
    questions = "\n".join(f"  q{at}: {{ask: And {at}?, kind: yes_no}}" for at in range(rules))
    names = "\n".join(f"  f{at}: finding {at}" for at in range(rules))
    entries = "\n".join(
        f"  r{at}: {{when: {{q{at}: yes}}, then: {{finding: f{at}}}, because: reason {at}, claims: [S1-1]}}"
        for at in range(rules)
    )
    claims = "sources: {S1: {title: One}}\nclaims: {S1-1: {source: S1, claim: all of it}}"
    return f"{claims}\nquestions:\n{questions}\nfindings:\n{names}\nrules:\n{entries}\n"


def checked(folder: Path, text: str) -> list[Problem]:
    path = folder / "base.yaml"
    path.write_text(text)
    kb, problems = read_knowledge_base(path)
    assert kb is not None, render(problems[0])
    return findings(examination(kb, str(path), ()))


def calls(work: Callable[[], object]) -> int:
    """How many functions are called."""
    profile = Profile()
    profile.runcall(work)
    return sum(each.callcount for each in profile.getstats())


SIZES = pytest.mark.parametrize("sizes", [(200, 800), pytest.param((400, 1_600), marks=pytest.mark.sweep)])


@pytest.mark.parametrize("shape", [large_base, pytest.param(crowded, marks=pytest.mark.sweep), chain, apart])
@SIZES
def test_four_times_the_rules_are_at_most_six_times_the_work(sizes, shape, tmp_path):
    taken = []
    for rules in sizes:
        path = tmp_path / f"{rules}.yaml"
        path.write_text(shape(rules))
        kb, problems = read_knowledge_base(path)
        assert kb is not None, render(problems[0])
        examined = examination(kb, str(path), ())
        taken.append(calls(lambda examined=examined: findings(examined)))
    assert taken[1] < 6 * taken[0]


@SIZES
def test_four_times_the_rules_and_cases_are_at_most_six_times_the_work(sizes, tmp_path):
    """With two cases a rule, each of which names it; the questions are the same."""
    taken = []
    for rules in sizes:
        path = tmp_path / f"{rules}.yaml"
        path.write_text(crowded(rules))
        kb, _ = read_knowledge_base(path)
        answers = [{"days": at % 100, "sort": f"o{at % 7}"} for at in range(rules)]
        named = [{"fired": [f"{'ab'[at % 2]}{at // 2}"]} for at in range(rules)]
        both = list(zip(answers, named, strict=True))
        cases = [Case(f"a{at}", given, f"a {at}", each) for at, (given, each) in enumerate(both)]
        cases += [Case(f"b{at}", given, f"b {at}", {}, each) for at, (given, each) in enumerate(both)]
        examined = examination(kb, str(path), cases)
        taken.append(calls(lambda examined=examined: findings(examined)))
    assert taken[1] < 6 * taken[0]


def test_a_test_that_many_rules_repeat_is_worked_out_once(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "engine.checks.boxes.passing", lambda test, kind: asked.append(test) or passing(test, kind)
    )
    path = tmp_path / "400.yaml"
    path.write_text(large_base(400))
    kb, _ = read_knowledge_base(path)
    findings(examination(kb, str(path), ()))
    assert 0 < len(asked) <= 2 * len(kb.questions)


@SIZES
def test_a_plan_grows_with_the_rules_too(sizes, tmp_path):
    taken = []
    for rules in sizes:
        path = tmp_path / f"{rules}.yaml"
        path.write_text(large_base(rules))
        kb, _ = read_knowledge_base(path)
        taken.append(calls(lambda kb=kb: compile_plan(prepare(kb))))
    assert taken[1] < 6 * taken[0]


BECAUSE = 8
"""How many lines below the name of a rule of `large_base` its reason stands."""
FAULTS = {
    "never-fires": "    when: {all: [{q0: yes}, {q0: no}]}\n",
    "same-part-twice": "    when:\n      any:\n        - q0: yes\n        - q4: no\n        - q0: yes\n",
    "roundabout": "    when: {any: [{q0: yes}]}\n",
    "always-fires": "    when: {any: [{q0: yes}, {q0: no}]}\n",
}


def test_a_fault_among_very_many_rules_is_told_once_at_its_place(tmp_path):
    text = large_base(400)
    lines, clean = text.splitlines(), checked(tmp_path, text)
    start = lines.index("  r320:")
    end = lines.index("  r321:")
    for code, when in FAULTS.items():
        at = next(at for at in range(start, end) if lines[at].startswith("    then:"))
        faulty = [*lines[: start + 1], *when.splitlines(), *lines[at:]]
        found = [each for each in checked(tmp_path, "\n".join(faulty) + "\n") if each.code == code]
        usual = {each.span.line for each in clean if each.code == code}
        inside = [each for each in found if start < each.span.line <= start + 1 + when.count("\n")]
        assert len(inside) == 1, code
        assert len(found) == len(usual) + 1, code


LARGE = pytest.mark.parametrize("rules", [1_000, pytest.param(10_000, marks=pytest.mark.sweep)])


@LARGE
def test_as_many_findings_as_faults_each_at_its_place(rules, tmp_path):
    lines = large_base(rules).splitlines()
    places = [at for at, line in enumerate(lines) if line.startswith("    because: ")][:: rules // 100]
    for at in places:
        lines[at] = "    because: one and the same reason"
    found = [each for each in checked(tmp_path, "\n".join(lines) + "\n") if each.code == "because-twice"]
    assert [each.span.line + BECAUSE for each in found] == [at + 1 for at in places[1:]]
    assert {each.earlier.line + BECAUSE for each in found} == {places[0] + 1}


@LARGE
def test_one_error_is_told_alone_and_at_its_place(rules, run, write):
    lines = large_base(rules).splitlines()
    at = next(at for at in range(len(lines) - 90, len(lines)) if "then: {finding: f" in lines[at])
    lines[at] = "    then: {finding: f1x}"
    done = run("check", write("base.yaml", "\n".join(lines) + "\n"), "--format", "compact")
    assert done.exit_code == 2
    assert done.stdout == f"base.yaml:{at + 1}:21: error[unknown-finding]: there is no finding `f1x`\n"

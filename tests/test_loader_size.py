"""Loading grows with a knowledge base, not with its square, whether the base is right or full of mistakes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.loading import read_knowledge_base
from facts.problem import render


def large_base(rules: int) -> str:
    """A knowledge base of so many rules, with a tenth as many questions and a quarter as many findings."""
    questions, few = rules // 10, rules // 20
    kinds = [
        "kind: yes_no",
        "kind: choice, options: {a: a, b: b, c: c}",
        "kind: choices, options: {a: a, b: b, c: c}",
        "kind: number, unit: days, minimum: 0, maximum: 100",
    ]
    values = ["yes", "[a, b]", "{at_least: 2}", "{at_least: 10, below: 50}"]
    heads = ["finding: f%d", "condition: c%d, support: typical", "triage: l%d", "give: a%d"]
    sizes = [rules // 4, few, 5, few]
    lines = ["sources: {S1: {title: One}}", "claims:"]
    lines += [
        f"  S1-{at}: {{source: S1, claim: what the article says, number {at}}}" for at in range(rules // 2)
    ]
    lines = [line.replace(", number", " in number") for line in lines] + ["questions:"]
    lines += [f"  q{at}: {{ask: what about {at}?, {kinds[at % 4]}}}" for at in range(questions)]
    lines += ["findings:", *(f"  f{at}: finding {at}" for at in range(rules // 4))]
    lines += ["conditions:", *(f"  c{at}: {{text: condition {at}}}" for at in range(few))]
    lines += [
        "triage:",
        *(f"  l{at}: {{text: level {at}}}" for at in range(5)),
        "advice_kinds: {home: at home}",
    ]
    lines += ["advice:", *(f"  a{at}: {{kind: home, text: item {at}}}" for at in range(few))]
    lines.append("scores:")
    for at in range(questions // 4):
        first, second = f"{{points: 1, when: {{q{at * 4}: no}}}}", f"{{question: q{at * 4 + 3}, times: 2}}"
        lines.append(f"  s{at}: {{parts: [{first}, {second}]}}")
    lines.append("rules:")
    for at in range(rules):
        reads = [
            f"q{(at * 7 + step) % questions}: {values[(at * 7 + step) % questions % 4]}" for step in range(4)
        ]
        lines += [
            f"  r{at}:",
            "    when:",
            "      all:",
            f"        - {reads[0]}",
            f"        - any: [{{{reads[1]}}}, {{{reads[2]}}}]",
            f"        - not: {{{reads[3]}}}",
            f"        - finding: f{at % (rules // 4)}" if at % 4 else f"        - {reads[1]}",
            f"    then: {{{heads[at % 4] % (at // 4 % sizes[at % 4])}}}",
            f"    because: reason number {at}",
            f"    claims: [S1-{at % (rules // 2)}]",
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.sweep
def test_ten_thousand_rules(tmp_path: Path) -> None:
    """Time grows with the number of rules, not with its square; the figures are printed."""
    taken: dict[int, float] = {}
    for rules in (1_000, 10_000):
        path = tmp_path / f"{rules}.yaml"
        path.write_text(large_base(rules))
        start = time.process_time()
        kb, problems = read_knowledge_base(path)
        taken[rules] = time.process_time() - start
        assert [render(problem) for problem in problems[:3]] == []
        assert kb is not None
        assert len(kb.rules) == rules
    print(f"loading: {taken[1_000]:.2f} s for 1,000 rules, {taken[10_000]:.2f} s for 10,000")
    assert taken[10_000] < 10
    assert taken[10_000] < 20 * taken[1_000]


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    claims: [S1", "    claims: [T1"),
        ("- q", "- x"),
        ("    then: {finding: f", "    then: {finding: g"),
    ],
    ids=["claims", "questions", "findings"],
)
def test_ten_thousand_mistakes(old: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / "mistakes.yaml"
    path.write_text(large_base(10_000).replace(old, new))
    start = time.process_time()
    _, problems = read_knowledge_base(path)
    assert len(problems) == 1001
    assert time.process_time() - start < 15

"""Why a case does not give what it must: said for any rules, any answers and any difference, and briefly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine import KnowledgeBase, load
from engine.casetest.expectation import members_of
from engine.casetest.grounds import MOST, grounds, lines
from engine.casetest.report import paragraph
from engine.casetest.running import judged
from engine.casetest.spelling import Fields, Members, Shape, Word, shape_of
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from facts.case import Case, from_mapping
from facts.files.cases import read_cases

BASES = [Path(__file__).parent.parent / "kb", *sorted((Path(__file__).parent / "bases").iterdir())]

Read = Callable[[str], KnowledgeBase]


def all_of(found: object, shape: Shape) -> object:
    """All that an assessment says, as an expectation; None where that is nothing."""
    match shape:
        case Word(known=known):
            return found if known is not None and found is not None else None
        case Members():
            return list(members_of(found)) or None
        case Fields(fields) if isinstance(found, Mapping):
            return inner(fields, lambda key, each: all_of(found[key], each))
    return None


def none_of(found: object, shape: Shape) -> object:
    """What an assessment does not say, as an expectation."""
    match shape:
        case Word(known=known):
            return next((each for each in known or () if each != found and each is not None), None)
        case Members(name):
            return [each for each in name.known or () if each not in members_of(found)] or None
        case Fields(fields) if isinstance(found, Mapping):
            return inner(fields, lambda key, each: none_of(found[key], each))
    return None


def inner(fields: Mapping[str, Shape], said: Callable[[str, Shape], object]) -> dict[str, object] | None:
    every = {key: said(key, shape) for key, shape in fields.items()}
    return {key: each for key, each in every.items() if each is not None} or None


def assert_explained(kb: KnowledgeBase, cases: list[Case]) -> int:
    """Everything expected that is not so, nothing allowed that is: all of it is told, and why."""
    prepared, shape, told = prepare(kb), shape_of(kb), 0
    for case in cases:
        valuation = Valuation(prepared, case.answers)
        found = assemble(valuation, case.id).to_dict()
        wrong = replace(case, expect=none_of(found, shape) or {}, expect_not=all_of(found, shape) or {})
        outcome = judged(wrong, found, valuation, shape)
        assert not outcome.misspelt
        assert len(outcome.differences) >= named(wrong.expect) + named(wrong.expect_not)
        told += len(outcome.differences)
        for difference, why in outcome.differences:
            assert why, difference.sentence
            shown = list(lines(why, set()))
            assert len(shown) <= 60, (difference.sentence, shown)
        assert all(line.isprintable() for line in paragraph(outcome))
    return told


def named(expected: object) -> int:
    """How many words an expectation has."""
    if isinstance(expected, Mapping):
        return sum(map(named, expected.values()))
    return len(expected) if isinstance(expected, list) else 1


@examples(25, 100)
@given(bases_with_cases(cases=3))
def test_drawn_rules(read: Read, drawn: tuple[str, list[dict[str, object]]]) -> None:
    text, answers = drawn
    kb = read(text)
    assert_explained(kb, [from_mapping(each, kb.questions, f"c{at}") for at, each in enumerate(answers)])


@pytest.mark.parametrize("base", BASES, ids=lambda path: path.name)
def test_the_cases_of_a_base(base: Path) -> None:
    kb = load(base)
    cases = [case for case in read_cases([base / "cases"], kb.questions) if isinstance(case, Case)]
    assert assert_explained(kb, cases[::40]) > 20


@pytest.mark.parametrize(("parts", "followed"), [(MOST - 1, True), (MOST, True), (MOST + 1, False)])
def test_many_parts_are_named_and_not_followed(read: Read, parts: int, followed: bool) -> None:
    names = [f"f{at}" for at in range(parts)]
    rules = "".join(
        f"  {name}: {{when: {{coughs: yes}}, then: {{finding: {name}}}, because: so, ours: yes}}\n"
        for name in names
    )
    reads = ", ".join(f"{{finding: {name}}}" for name in names)
    base = f"""
questions: {{coughs: {{ask: do you cough, kind: yes_no}}}}
findings: {{all: all of them, {", ".join(f"{name}: {name}" for name in names)}}}
rules:
{rules}  all-of-them: {{when: {{all: [{reads}]}}, then: {{finding: all-found}}, because: so, ours: yes}}
""".replace("{all: all of them, ", "{all-found: all of them, ")
    case = Valuation(prepare(read(base)), {"coughs": True})
    below = grounds(case.prepared.definitions["rule:all-of-them"], case)
    assert [each.said for each in below] == [f"`finding: {name}` holds" for name in names]
    assert [bool(each.below) for each in below] == [followed] * parts

"""What checks say of all cases is held against cases: on drawn knowledge bases they never cry wolf."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import examined
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine.checks import CHECKS, findings
from engine.checks.check import Examined
from engine.checks.domains import Chosen, Domain, Interval, Values, either, failing, passing, shared
from engine.checks.examination import examination
from engine.checks.reach import out_of_place
from engine.checks.siblings import subsumed
from engine.columns import truth_of
from engine.loading import load
from engine.meaning.holds import passes
from engine.meaning.valuation import Valuation
from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf
from engine.sampling.sample import sample
from facts.case import from_mapping
from facts.problem import in_order
from facts.vocabulary import Answer, Choice, Choices, Number, Unknown, YesNo

KB = Path(__file__).parent.parent / "kb"


def lies_in(answer: Answer | None, domain: Domain, decimals: int) -> bool:
    """Whether an answer lies in a domain, as `engine.checks.domains` describes it."""
    if answer is None or isinstance(answer, Unknown):
        return False
    match domain:
        case Values(allowed):
            return answer in allowed
        case Interval(low, high):
            return low <= round(answer * 10**decimals) <= high
        case Chosen(_, clauses, excluded, least, most):
            chosen = {option for option, is_chosen in answer.items() if is_chosen}
            denied = {option for option, is_chosen in answer.items() if not is_chosen}
            could_be = set(domain.options) - denied
            holds = all(chosen & clause for clause in clauses) and excluded <= denied
            return holds and least <= len(chosen) and len(could_be) <= most


@examples(50, 150)
@given(bases_with_cases())
def test_whatever_is_true_or_false_lies_in_its_box(read, drawn):
    text, answers = drawn
    kb = read(text)
    looked_at = Examined(kb, "kb")
    for each in answers:
        case = Valuation(looked_at.prepared, from_mapping(each, kb.questions).answers)
        for name in looked_at.prepared.definitions:
            sides, truth = looked_at.boxes[name], case.value(name)
            box = {True: sides.true, False: sides.false}.get(truth, {})
            assert box is not None, f"{name} is {truth}, which it was said never to be"
            for key, domain in box.items():
                question = kb.questions.get(key)
                if question is None:
                    assert case.value(key) in domain.allowed
                else:
                    decimals = getattr(question.kind, "decimals", 0)
                    assert lies_in(case.answers.get(key), domain, decimals), (name, truth, key, domain)


@examples(25, 60)
@given(bases_with_cases(cases=1))
def test_what_is_said_never_to_be_is_in_no_drawn_case(read, drawn):
    looked_at = Examined(read(drawn[0]), "kb")
    kb, names = looked_at.kb, list(looked_at.prepared.definitions)
    truths = truth_of(looked_at.prepared, sample(kb, 400), names)
    for name in names:
        sides = looked_at.boxes[name]
        assert sides.true is not None or True not in truths[name]
        assert sides.false is not None or False not in truths[name]


@examples(25, 60)
@given(bases_with_cases(cases=1))
def test_a_superfluous_rule_never_fires_alone(read, drawn):
    looked_at = Examined(read(drawn[0]), "kb")
    kb, by_place = looked_at.kb, {rule.span: id for id, rule in looked_at.kb.rules.items()}
    truths = truth_of(looked_at.prepared, sample(kb, 400), [f"rule:{id}" for id in kb.rules])
    for each in subsumed(looked_at):
        strict, loose = (truths[f"rule:{by_place[span]}"] for span in (each.span, each.earlier))
        assert not any(here and not there for here, there in zip(strict, loose, strict=True)), each.message


@examples(25, 60)
@given(bases_with_cases(cases=1))
def test_a_rule_out_of_place_never_fires_where_its_question_applies(read, drawn):
    looked_at = Examined(read(drawn[0]), "kb")
    kb, by_place = looked_at.kb, {rule.span: id for id, rule in looked_at.kb.rules.items()}
    asked = {question.span: f"asked:{name}" for name, question in kb.questions.items()}
    told = list(out_of_place(looked_at))
    truths = (
        truth_of(looked_at.prepared, sample(kb, 400), list(looked_at.prepared.definitions)) if told else {}
    )
    for each in told:
        fired, applies = truths[f"rule:{by_place[each.span]}"], truths[asked[each.earlier]]
        assert not any(here and there for here, there in zip(fired, applies, strict=True)), each.message


@examples(25, 60)
@given(bases_with_cases())
def test_every_check_can_look_at_every_knowledge_base(read, drawn):
    kb = read(drawn[0])
    cases = [from_mapping(each, kb.questions, f"case-{at}") for at, each in enumerate(drawn[1])]
    found = findings(Examined(kb, "kb", tuple(cases)))
    assert found == in_order(found)
    assert {each.code for each in found} <= {check.id for check in CHECKS}
    assert all(each.span.line or each.span.file for each in found)


def rules(*whens: str) -> str:
    entry = "  r{}:\n    when: {}\n    then: {{finding: ill}}\n    because: Reason {}.\n    ours: true\n"
    return "rules:\n" + "".join(entry.format(at, when, at) for at, when in enumerate(whens))


def boxes_of(folder: Path, when: str, more: str = "") -> tuple[bool, bool]:
    """Whether a rule can hold, and whether it can be ruled out."""
    found = examined(folder, more + rules(when)).boxes["rule:r0"]
    return found.true is not None, found.false is not None


@pytest.mark.parametrize(
    "when",
    [
        "{all: [{fever: yes}, {fever: no}]}",
        "{strength: mild, not: {strength: [mild, moderate]}}",
        "{all: [{eased_by: none}, {eased_by: [resting, sitting]}]}",
        "{all: [{eased_by: {at_least: 3}}, {not: {eased_by: bending}}]}",
        "{all: [{eased_by: resting}, {eased_by: sitting}, {eased_by: {at_most: 1}}]}",
        "{all: [{weeks: {above: 4}}, {weeks: {below: 5}}]}",
        "{all: [{finding: eased}, {not: {finding: eased}}]}",
        "{all: [{finding: eased}, {eased_by: none}]}",
        "{all: [{condition: {infection: typical}}, {fever: no}]}",
        "{all: [{any: [{fever: yes, chills: yes}, {fever: yes, weak_legs: yes}]}, {fever: no}]}",
        "{all: [{at_least: {count: 2, of: [{fever: yes}, {fever: yes, chills: yes}, {weak_legs: yes}]}},"
        " {fever: no}]}",
        "{not: {any: [{strength: mild}, {strength: [moderate, severe]}]}}",
        "{not: {weeks: {at_least: 0}}}",
    ],
)
def test_contradictions_are_seen(when, tmp_path):
    assert boxes_of(tmp_path / "kb", when)[0] is False


@pytest.mark.parametrize(
    "when",
    [
        "{all: [{eased_by: resting}, {eased_by: sitting}]}",
        "{all: [{weeks: {above: 4}}, {weeks: {below: 6}}]}",
        "{at_least: {count: 2, of: [{fever: yes}, {fever: no}, {chills: yes}]}}",
        "{weak_legs: no, not: {weakness_onset: rapid}}",
        "{not: {finding: eased}, fever: yes}",
    ],
)
def test_what_can_be_is_not_called_a_contradiction(when, tmp_path):
    assert boxes_of(tmp_path / "kb", when) == (True, True)


@pytest.mark.parametrize(
    "when",
    [
        "{any: [{fever: yes}, {fever: no}]}",
        "{strength: [mild, moderate, severe]}",
        "{any: [{eased_by: none}, {eased_by: {at_least: 1}}]}",
        "{weeks: {at_least: 0}}",
        "{any: [{finding: eased}, {not: {finding: eased}}]}",
        "{not: {all: [{fever: yes}, {fever: no}]}}",
    ],
)
def test_what_no_answer_can_make_false_is_seen(when, tmp_path):
    assert boxes_of(tmp_path / "kb", when) == (True, False)


def test_a_question_that_does_not_apply_can_rule_out_what_every_answer_makes_true(tmp_path):
    assert boxes_of(tmp_path / "kb", "{weakness_onset: [rapid, gradual, long_ago]}") == (True, True)


def test_a_score_that_every_sum_keeps_or_none(tmp_path):
    score = "scores:\n  s: {parts: [{points: 1, when: {fever: yes}}, {points: 2, when: {chills: yes}}]}\n"
    assert boxes_of(tmp_path / "a", "{score: {s: {at_least: 0}}}", score) == (True, False)
    assert boxes_of(tmp_path / "b", "{score: {s: {above: 3}}}", score) == (False, True)
    assert boxes_of(tmp_path / "c", "{score: {s: {at_least: 1}}}", score) == (True, True)


KINDS = {
    "yes_no": (YesNo(), [Is(True), Is(False)], [True, False]),
    "choice": (Choice(dict.fromkeys("abc", "")), [OneOf(("a",)), OneOf(("a", "b"))], list("abc")),
    "choices": (
        Choices(dict.fromkeys("abc", "")),
        [
            *(OneOf(("a",)), OneOf(("a", "b")), NoneOf(("a", "b", "c"))),
            *(ChosenBound(Bound("at_least", 2), tuple("abc")), ChosenBound(Bound("below", 2), tuple("abc"))),
        ],
        [{key: bool(at >> bit & 1) for bit, key in enumerate("abc")} for at in range(8)],
    ),
    "number": (
        Number("cm", -1, 2, 1),
        [Bound("at_least", 0.5), Bound("above", 0.25), Bound("at_most", 1), Bound("below", -0.5)],
        [at / 10 for at in range(-10, 21)],
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_domains_hold_exactly_the_answers_that_pass_or_fail(name):
    kind, tests, answers = KINDS[name]
    decimals = getattr(kind, "decimals", 0)
    for test in tests:
        for answer in answers:
            for domain, truth in ((passing(test, kind), True), (failing(test, kind), False)):
                lies = domain is not None and lies_in(answer, domain, decimals)
                assert lies == (passes(test, answer) is truth), (test, answer, domain)


@pytest.mark.parametrize("name", KINDS)
def test_what_two_domains_share_lies_in_both_and_either_holds_all_of_both(name):
    kind, tests, answers = KINDS[name]
    decimals = getattr(kind, "decimals", 0)
    domains = [each for test in tests for each in (passing(test, kind), failing(test, kind)) if each]
    for one in domains:
        for other in domains:
            both, any_of = shared(one, other), either(one, other)
            for answer in answers:
                lies = [lies_in(answer, each, decimals) for each in (one, other)]
                assert (both is not None and lies_in(answer, both, decimals)) == all(lies)
                assert lies_in(answer, any_of, decimals) or not any(lies)


def test_no_rule_of_the_bundled_base_is_out_of_reach():
    boxes = examination(load(KB), str(KB), None).boxes
    assert [name for name, sides in boxes.items() if name.startswith("rule:") and sides.true is None] == []

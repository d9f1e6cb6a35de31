"""What must hold for every case: the language of properties, and those of the bundled base.

Each property of `kb/safety.yaml` is held against more than 400,000 generated cases, and against the same
cases with more answers. A base that is broken on purpose must be caught.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

import oracle
import polars as pl
import pytest
from generators import bases_with_cases
from hypothesis import given, settings

from engine import KnowledgeBase, load
from engine.assessments.complete import compile_plan
from engine.columns.properties import verdicts, violations
from engine.meaning.definitions import parts_of
from engine.meaning.valuation import prepare
from engine.model.knowledge_base import Property, Rule, Triages, Withholds
from engine.model.parts import All, Always, Answered, Is, Not
from engine.sampling.sample import Shares, extend, sample
from facts.case import Case, from_mapping
from facts.cases.text import text_of
from facts.files.cases import read_cases
from facts.tables.canonical import frame_of
from facts.tables.frame import cases_of

CASES = 200_000
TELLINGS = 100
ENOUGH = 50
KEPT, BROKEN, SILENT = True, False, None

# The language

BASE = """
knowledge_base: {name: properties, version: 1}
questions:
  weak: {ask: weak, kind: yes_no}
  fast: {ask: fast, kind: yes_no, asked_when: {weak: yes}}
  signs: {ask: signs, kind: choices, options: {fever: fever, chills: chills}}
  age: {ask: age, kind: number, unit: years, minimum: 0, maximum: 120}
findings: {calm: calm}
triage: {rest: {text: rest}, doctor: {text: doctor}, run: {text: run}}
advice_kinds: {home: at home, way: on the way, unused: nothing}
advice:
  heat: {kind: home, text: heat}
  cold: {kind: home, text: cold}
  sit: {kind: way, text: sit}
rules:
  rest: {when: {age: {below: 65}}, then: {triage: rest}, because: so, ours: yes}
  doctor: {when: {weak: yes}, then: {triage: doctor}, because: so, ours: yes}
  run: {when: {signs: [fever, chills]}, then: {triage: run}, because: so, ours: yes}
  calm: {when: {not: {fast: yes}}, then: {finding: calm}, because: so, ours: yes}
  home: {when: always, then: {give: [heat, cold]}, because: so, ours: yes}
  sit: {when: {age: {at_least: 1}}, then: {give: sit}, because: so, ours: yes}
  not-weak: {when: {weak: yes}, then: {hold: heat}, because: so, ours: yes}
  not-fast: {when: {fast: yes}, then: {hold: [heat, cold]}, because: so, ours: yes}
"""

ONE_CASE = [
    ("must: true", "must: {weak: yes}", {"weak": True}, KEPT),
    ("must: false", "must: {weak: yes}", {"weak": False}, BROKEN),
    ("must: unknown is not true", "must: {weak: yes}", {}, BROKEN),
    ("never: true", "never: {weak: yes}", {"weak": True}, BROKEN),
    ("never: false", "never: {weak: yes}", {"weak": False}, KEPT),
    ("never: unknown is not true", "never: {weak: yes}", {}, KEPT),
    ("not_ruled_out: true", "not_ruled_out: {weak: yes}", {"weak": True}, KEPT),
    ("not_ruled_out: false", "not_ruled_out: {weak: yes}", {"weak": False}, BROKEN),
    ("not_ruled_out: unknown", "not_ruled_out: {weak: yes}", {"weak": "unknown"}, KEPT),
    ("always true", "must: always", {}, KEPT),
    ("when: true", "when: {age: {above: 5}}, must: {weak: yes}", {"age": 6}, BROKEN),
    ("when: false", "when: {age: {above: 5}}, must: {weak: yes}", {"age": 5}, SILENT),
    ("when: unknown is silent", "when: {age: {above: 5}}, must: {weak: yes}", {}, SILENT),
    ("unanswered: no answer", "unanswered: age, must: {weak: yes}", {}, BROKEN),
    ("unanswered: i don't know", "unanswered: age, must: {weak: yes}", {"age": "unknown"}, BROKEN),
    ("unanswered: an answer", "unanswered: age, must: {weak: yes}", {"age": 5}, SILENT),
    ("unanswered: one of two", "unanswered: [age, weak], must: {weak: yes}", {"age": 5}, BROKEN),
    (
        "unanswered: none of two",
        "unanswered: [age, weak], must: {weak: yes}",
        {"age": 5, "weak": False},
        SILENT,
    ),
    (
        "unanswered: an answer in part",
        "unanswered: signs, never: always",
        {"signs": {"fever": False}},
        SILENT,
    ),
    (
        "unanswered: nothing known of any",
        "unanswered: signs, never: always",
        {"signs": {"fever": None}},
        BROKEN,
    ),
    ("unanswered: it applies", "unanswered: fast, never: always", {"weak": True}, BROKEN),
    ("unanswered: it may apply", "unanswered: fast, never: always", {}, BROKEN),
    ("unanswered: it does not apply", "unanswered: fast, never: always", {"weak": False}, SILENT),
    ("when and unanswered", "when: {weak: yes}, unanswered: age, never: always", {"weak": True}, BROKEN),
    (
        "when but answered",
        "when: {weak: yes}, unanswered: age, never: always",
        {"weak": True, "age": 1},
        SILENT,
    ),
    ("unanswered but not when", "when: {weak: yes}, unanswered: age, never: always", {"weak": False}, SILENT),
    ("a kind: one item given", "must: {advice_kind: home}", {"weak": True, "fast": False}, KEPT),
    ("a kind: no item given", "must: {advice_kind: home}", {"weak": True, "fast": True}, BROKEN),
    ("a kind: given unless is not given", "never: {advice_kind: home}", {}, KEPT),
    ("a kind: open", "not_ruled_out: {advice_kind: home}", {}, KEPT),
    ("a kind: all held", "not_ruled_out: {advice_kind: home}", {"fast": True}, BROKEN),
    ("kinds: any of them", "must: {advice_kind: [home, way]}", {"fast": True, "age": 5}, KEPT),
    ("a kind of no item", "not_ruled_out: {advice_kind: unused}", {}, BROKEN),
    ("a level: its rule fired", "must: {triage: rest}", {"age": 5}, KEPT),
    ("a level: only a higher one's", "must: {triage: rest}", {"age": 70, "weak": True}, BROKEN),
    ("at least a level: a higher one's", "must: {triage_at_least: rest}", {"age": 70, "weak": True}, KEPT),
    ("a level: beside a higher one", "must: {triage: rest}", {"age": 5, "weak": True}, KEPT),
    ("a level: open", "never: {triage: rest}", {}, KEPT),
    ("levels: any of them", "must: {triage: [rest, run]}", {"age": 70, "signs": ["fever"]}, KEPT),
    ("held: a hold fired", "must: {held: heat}", {"weak": True}, KEPT),
    ("held: no hold fired", "must: {held: heat}", {"weak": False}, BROKEN),
    ("held: open", "never: {held: heat}", {}, KEPT),
    ("held: any of them", "must: {held: [heat, cold]}", {"weak": True}, KEPT),
    ("held: each of them", "must: {all: [{held: heat}, {held: cold}]}", {"weak": True}, BROKEN),
    ("held: an item without holds", "not_ruled_out: {held: sit}", {}, BROKEN),
    ("words inside words", "never: {not: {any: [{held: heat}, {advice_kind: way}]}}", {"weak": True}, KEPT),
]

TWO_CASES = [
    ("it stays", "stays: {triage: doctor}", {"weak": True}, {"weak": True, "age": 5}, KEPT),
    ("it was not true yet", "stays: {triage: doctor}", {}, {"weak": True}, SILENT),
    ("it becomes false", "stays: {finding: calm}", {"weak": False}, {"weak": False, "fast": True}, BROKEN),
    ("not yet true, then false", "stays: {finding: calm}", {}, {"fast": True}, SILENT),
    (
        "when is about the case before",
        "when: {weak: no}, stays: {finding: calm}",
        {"weak": False},
        {"weak": False, "fast": True},
        BROKEN,
    ),
    (
        "when was not true",
        "when: {age: {above: 5}}, stays: {finding: calm}",
        {"weak": False},
        {"weak": False, "fast": True, "age": 70},
        SILENT,
    ),
    (
        "unanswered before",
        "unanswered: age, stays: {finding: calm}",
        {"weak": False},
        {"weak": False, "fast": True, "age": 70},
        BROKEN,
    ),
    (
        "answered before",
        "unanswered: age, stays: {finding: calm}",
        {"weak": False, "age": 70},
        {"weak": False, "fast": True, "age": 70},
        SILENT,
    ),
]


def with_property(read: Callable[[str], KnowledgeBase], said: str) -> KnowledgeBase:
    return read(f"{BASE}\nsafety: {{it: {{{said}, because: so, ours: yes}}}}\n")


@pytest.mark.parametrize(
    ("said", "answers", "expected"), [each[1:] for each in ONE_CASE], ids=[each[0] for each in ONE_CASE]
)
def test_one_case(read, said, answers, expected):
    kb = with_property(read, said)
    case = from_mapping(answers, kb.questions)
    assert verdicts(kb, frame_of([case], kb.questions))["it"].to_list() == [expected]
    known = oracle.Truths(kb, dict(case.answers))
    assert oracle.keeps(kb.safety["it"], known, known) is expected


@pytest.mark.parametrize(
    ("said", "before", "after", "expected"),
    [each[1:] for each in TWO_CASES],
    ids=[each[0] for each in TWO_CASES],
)
def test_a_case_and_the_same_with_more_answers(read, said, before, after, expected):
    kb = with_property(read, said)
    cases = [from_mapping(each, kb.questions) for each in (before, after)]
    frames = [frame_of([case], kb.questions) for case in cases]
    assert verdicts(kb, *frames)["it"].to_list() == [expected]
    known = [oracle.Truths(kb, dict(case.answers)) for case in cases]
    assert oracle.keeps(kb.safety["it"], *known) is expected
    assert verdicts(kb, frames[0]).columns == []


def test_violations_are_rows(read):
    properties = "a: {must: {weak: yes}, because: so, ours: yes}, b: {must: always, because: so, ours: yes}"
    kb = read(f"{BASE}\nsafety: {{{properties}}}")
    cases = [from_mapping({"weak": each}, kb.questions) for each in (True, False, None, True, False)]
    assert violations(verdicts(kb, frame_of(cases, kb.questions))) == {"a": [1, 2, 4]}


def test_a_base_without_properties(read):
    kb = read(BASE)
    frame = frame_of([from_mapping({}, kb.questions)], kb.questions)
    assert violations(verdicts(kb, frame, frame)) == {}


def test_a_property_may_be_called_like_a_question(read):
    kb = read(f"{BASE}\nsafety: {{weak: {{unanswered: age, stays: {{weak: no}}, because: so, ours: yes}}}}")
    frame = frame_of([from_mapping({"weak": False}, kb.questions)], kb.questions)
    assert verdicts(kb, frame, frame).to_dict(as_series=False) == {"weak": [True]}


def test_nothing_is_assessed_by_properties(read):
    kb = read(f"{BASE}\nsafety: {{it: {{must: {{triage: rest}}, because: so, ours: yes}}}}")
    nodes = compile_plan(prepare(kb)).network.nodes
    assert not [name for name in nodes if name.startswith(("property:", "level:", "kind:"))]


# Columns and the oracle


def assert_as_the_oracle(kb: KnowledgeBase, frame: pl.DataFrame, extended: pl.DataFrame) -> None:
    found = verdicts(kb, frame, extended)
    cases = zip(*(cases_of(each, kb.questions) for each in (frame, extended)), strict=True)
    pairs = [[oracle.Truths(kb, dict(case.answers)) for case in pair] for pair in cases]
    for name, each in kb.safety.items():
        assert found[name].to_list() == [oracle.keeps(each, *pair) for pair in pairs], name


@settings(max_examples=40)
@given(bases_with_cases())
def test_a_drawn_base(read, drawn):
    text, answers = drawn
    kb = read(text)
    frame = frame_of([from_mapping(each, kb.questions) for each in answers], kb.questions)
    assert_as_the_oracle(kb, frame, extend(kb, frame))


@pytest.mark.sweep
@settings(max_examples=1000)
@given(bases_with_cases(cases=10))
def test_many_drawn_bases(read, drawn):
    test_a_drawn_base.hypothesis.inner_test(read, drawn)


# The bundled base

KB_FOLDER = Path(__file__).parent.parent / "kb"
KB = load(KB_FOLDER)
Frames = tuple[pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Generated cases, and the same with more answers.

    Of anybody, of people with little to say yes to, and of those in `kb/cases` with more said about them:
    what is rare among the first two, such as an operation, is met among the last.
    """
    examples = frame_of(list(read_cases([KB_FOLDER / "cases"], KB.questions)), KB.questions)
    told = extend(KB, pl.concat([examples] * TELLINGS))
    frame = pl.concat([sample(KB, CASES), sample(KB, CASES, 1, Shares(unanswered=0.05, yes=0.05)), told])
    return frame, extend(KB, frame)


@pytest.fixture(scope="module")
def found(frames) -> pl.DataFrame:
    """What each property says of each of them."""
    return verdicts(KB, *frames)


def complaint(name: str, rows: list[int], frames: Frames) -> str:
    """A message for those who write rules: the property, and a case that breaks it."""
    each = KB.safety[name]
    shown = frames if each.verb == "stays" else frames[:1]
    cases = reduced(each, [next(cases_of(frame[rows[0]], KB.questions)) for frame in shown])
    texts = [
        text_of(dataclasses.replace(case, id=f"{name}-{at}", about=f"breaks {name}"), KB.questions)
        for at, case in enumerate(cases, 1)
    ]
    place = f"{Path(each.span.file).name}:{each.span.line}"
    start = f"{len(rows)} of {frames[0].height:,} cases break the property `{name}` ({place}): {each.because}"
    both = "The second case is the first with more answers. " if each.verb == "stays" else ""
    help = f"{both}Mend the rules, or the property; then keep this in kb/cases, with what must come of it:"
    return "\n".join([start, help, *texts])


def reduced(each: Property, cases: list[Case]) -> list[Case]:
    """The same breach with as few answers as it takes, left out one after the other."""
    for question in cases[-1].answers:
        fewer = [
            dataclasses.replace(case, answers={q: a for q, a in case.answers.items() if q != question})
            for case in cases
        ]
        if breaks(each, fewer):
            cases = fewer
    return cases


def breaks(each: Property, cases: list[Case]) -> bool:
    """Whether a case, or a case and the same with more answers, breaks the property."""
    alone = dataclasses.replace(KB, safety={each.name: each})
    return bool(violations(verdicts(alone, *(frame_of([case], KB.questions) for case in cases))))


@pytest.mark.parametrize("name", KB.safety)
def test_a_property_holds_for_every_case(name, found, frames):
    rows = violations(found.select(name)).get(name, [])
    assert not rows, complaint(name, rows, frames)


@pytest.mark.parametrize("name", KB.safety)
def test_a_property_speaks_of_some_cases(name, found):
    met = found[name].count()
    assert met >= ENOUGH, f"only {met} generated cases meet the `when` and `unanswered` of property `{name}`"


SOMETIMES = [
    name
    for name, each in KB.safety.items()
    if each.verb == "never" and (each.unanswered or each.when != Always())
]


@pytest.mark.parametrize("name", SOMETIMES)
def test_what_must_never_be_is_in_other_cases(name, frames):
    """Else nothing would be shown by its never being there."""
    anywhere = dataclasses.replace(KB.safety[name], verb="must", when=Always(), unanswered=())
    found = verdicts(dataclasses.replace(KB, safety={name: anywhere}), frames[0])
    assert found[name].sum() >= ENOUGH, f"hardly any generated case has what property `{name}` forbids"


def test_generated_cases_as_the_oracle(frames):
    assert_as_the_oracle(KB, *(frame.head(50) for frame in frames))


def test_the_cases_of_a_complaint_can_be_pasted(frames, tmp_path):
    said = complaint("an-emergency-stays", [3, 5], frames)
    assert said.startswith(
        f"2 of {frames[0].height:,} cases break the property `an-emergency-stays` (safety.yaml:"
    )
    path = tmp_path / "pasted.yaml"
    path.write_text(said.partition("come of it:\n")[2])
    answers = [case.answers for case in read_cases([path], KB.questions)]
    assert answers == [next(cases_of(frame[3], KB.questions)).answers for frame in frames]


# A broken base is caught


def changed(rules: Iterable[Rule]) -> KnowledgeBase:
    return dataclasses.replace(KB, rules={rule.id: rule for rule in rules})


def without_bladder() -> KnowledgeBase:
    """A base whose rules know nothing of bladder and bowel."""
    asked = {
        rule.id
        for rule in KB.rules.values()
        if any(
            isinstance(each, Answered) and each.question == "bladder_or_bowel" for each in parts_of(rule.when)
        )
    }
    return changed(rule for rule in KB.rules.values() if rule.id not in asked)


def without_holds() -> KnowledgeBase:
    """A base in which nothing is held back."""
    kept = {
        id: [each for each in rule.then if not isinstance(each, Withholds)] for id, rule in KB.rules.items()
    }
    return changed(dataclasses.replace(rule, then=tuple(kept[rule.id])) for rule in KB.rules.values())


def with_a_way_out() -> KnowledgeBase:
    """A base in which one answer more takes an emergency back."""
    way_out = Not(Answered("every_walk", Is(True)))
    return changed(
        dataclasses.replace(rule, when=All((rule.when, way_out)))
        if Triages("emergency") in rule.then
        else rule
        for rule in KB.rules.values()
    )


BROKEN_BASES = [
    (
        without_bladder,
        {"bladder-or-bowel-is-an-emergency", "an-unanswered-question-keeps-the-emergency-open"},
    ),
    (without_holds, {"no-home-treatment-in-an-emergency", "nothing-but-the-way-in-an-emergency"}),
    (with_a_way_out, {"bladder-or-bowel-is-an-emergency", "an-emergency-stays"}),
]


@pytest.mark.parametrize(("broken", "names"), BROKEN_BASES, ids=[each.__name__ for each, _ in BROKEN_BASES])
def test_a_broken_base_is_caught(broken, names, frames):
    assert names <= violations(verdicts(broken(), *frames)).keys()


def test_the_same_cases_are_as_many():
    with pytest.raises(ValueError, match="10 cases, and 1 with more answers"):
        verdicts(KB, sample(KB, 10), sample(KB, 1))

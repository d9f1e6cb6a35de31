"""What the loader makes of a knowledge base that is right: every construct as values of the model."""

from __future__ import annotations

import gc
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from engine.loading import load, read_knowledge_base
from engine.model.knowledge_base import (
    SUPPORT,
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Side,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.parts import (
    All,
    Always,
    Answered,
    AnyOf,
    Bound,
    ChosenBound,
    Comparison,
    Count,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
)
from engine.model.scores import TICKS, Bands, Points, PointsByOption, Times
from facts.problem import Rejected, Span, render
from facts.vocabulary import Choice, Choices, Number, YesNo

BUNDLED = Path(__file__).parent.parent / "kb"

WHOLE = {
    "outcomes.yaml": """
knowledge_base: {name: whole, version: 1.10, notice: "no diagnosis: ask a doctor"}
sources: {S1: {title: One, publisher: Somebody, url: "https://example.org"}, S2: {title: Two}}
claims:
  S1-01: {source: S1, section: "(all)", kind: red-flag, modality: can, encodable: yes, claim: Fever counts.}
  S2-01: {source: S2, claim: Fever does not count.}
numbers:
  few_minutes: {value: 5, ours: true, claims: [S1-01], text: a few}
  half: {value: 0.5, claims: S1-01}
scope: {text: everybody, when: always}
findings:
  ill: something more serious
  old: >-
    folded over
    two lines
conditions:
  infection: {text: an infection, serious: true}
  strain: {text: a strained muscle}
triage:
  self_care: {text: Look after it}
  urgent: {text: Be seen today, do: Go there, alone: true}
advice_kinds: {at_once: Do this now, home: At home}
advice:
  stop: {kind: at_once, text: Stop, claims: [S1-01]}
  heat: {kind: home, text: Warm it, ours: true}
  cold: {kind: home, text: Cool it}
  sit: {kind: at_once, text: Sit, shown_with: {advice: stop}}
  lie: {kind: at_once, text: Lie down, shown_with: {finding: [ill, old]}}
texts:
  why: {text: Because, shown_with: {condition: {infection: hallmark}}, claims: [S1-01]}
  how: {text: Thus, shown_with: {triage_at_least: urgent}}
consistency:
  odd: {when: {fever: yes, chills: no}, because: It is odd.}
disagreements:
  D01:
    about: fever
    when: {fever: yes}
    sides: [{says: it counts, claims: [S1-01]}, {says: it does not, claims: S2-01}]
    done: The safer level.
""",
    "questions/1.yaml": """
questions:
  fever: {ask: Fever?, kind: yes_no}
  onset: {ask: Since when?, kind: choice, options: {rapid: hours, gradual: weeks}, asked_when: {fever: yes}}
""",
    "questions/2.yml": """\ufeff---
questions:
  eased_by: {ask: What helps?, kind: choices, options: {resting: rest, sitting: a seat, walking: a walk}}
  chills: {ask: Chills?, kind: yes_no, asked_when: {any: [{fever: yes}, {finding: old}]}}
---
questions:
  minutes: {ask: How long?, kind: number, unit: minutes, minimum: 0, maximum: 600}
  weight: {ask: How heavy?, kind: number, unit: kg, minimum: 0.5, maximum: 300.0, decimals: 1}
""",
    "rules/parts.yaml": """\
rules:
  answers:
    when:
      all:
        - fever: yes
        - fever: "false"
        - onset: rapid
        - onset: [rapid, gradual]
        - eased_by: resting
        - eased_by: [sitting, resting]
        - eased_by: none
        - eased_by: {at_least: 2}
        - minutes: {at_most: few_minutes}
        - minutes: {above: 5, below: 10.5}
        - weight: {at_least: half, at_most: 70.25}
    then: {triage: urgent}
    because: It must be so.
    ours: true

  names:
    when:
      finding: old
      condition: [infection, strain]
      triage_at_least: self_care
      advice: [cold, sit]
      score: {risk: {above: -0.5, at_most: 1.125}}
    then: {finding: ill}
    because: It must be so.
    claims: S1-01

  structure:
    when:
      any:
        - at_least: {count: 2, of: [{fever: yes}, {fever: no}, {not: {fever: no}}]}
        - condition: {infection: known, strain: background}
        - {fever: yes, onset: rapid}
    unless: {fever: no}
    then: [{finding: ill}]
    because: It must be so.
    claims: [S1-01, S2-01]
""",
    "rules/then.yaml": """
rules:
  everybody:
    when: always
    then:
      - finding: old
      - {condition: infection, support: known}
      - {condition: strain, support: possible}
      - {condition: strain, counts_against: true}
      - triage: self_care
      - give: stop
      - give: [heat, cold]
      - hold: [heat]
      - hold_kind: [home, at_once]
    because: It must
      be so.
    ours: true
""",
    "scores.yaml": """
scores:
  risk:
    text: all four kinds of line
    claims: [S1-01]
    parts:
      - {points: 1.5, when: {fever: yes}}
      - {points: -0.125, when: always}
      - {question: onset, points: {gradual: 2}}
      - {question: weight, times: 0.001}
      - {question: minutes, times: -1}
      - {question: minutes, bands: [{below: few_minutes, points: 0}, {below: 65, points: half}, {points: 2}]}
  single: {parts: {points: 1, when: always}}
""",
    "cases/case.yaml": "- {id: left-out, answers: {}}\n",
    ".hidden/left-out.yaml": "[\n",
    "notes.txt": "left out: [",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """A knowledge base in files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = write(tmp_path_factory.mktemp("whole"), WHOLE)
    try:
        return load(folder)
    except Rejected as rejected:
        pytest.fail(str(rejected))


def bound(question: str, comparison: Comparison, threshold: float) -> Answered:
    return Answered(question, Bound(comparison, threshold))


def when(kb: KnowledgeBase, rule: str) -> tuple[Part, ...]:
    part = kb.rules[rule].when
    assert isinstance(part, All)
    return part.parts


def test_what_it_is_called(whole: KnowledgeBase) -> None:
    assert (whole.name, whole.version) == ("whole", "1.10")
    assert whole.notice == "no diagnosis: ask a doctor"
    assert whole.sources["S1"] == {"title": "One", "publisher": "Somebody", "url": "https://example.org"}
    assert whole.claims["S1-01"]["encodable"] == "yes"
    assert whole.source_of("S2-01") == "S2"
    assert whole.scope is not None
    assert (whole.scope.text, whole.scope.when) == ("everybody", Always())


def test_questions_in_the_order_of_the_paths(whole: KnowledgeBase) -> None:
    assert list(whole.questions) == ["fever", "onset", "eased_by", "chills", "minutes", "weight"]
    assert [question.kind for question in whole.questions.values()] == [
        YesNo(),
        Choice({"rapid": "hours", "gradual": "weeks"}),
        Choices({"resting": "rest", "sitting": "a seat", "walking": "a walk"}),
        YesNo(),
        Number("minutes", 0, 600, 0),
        Number("kg", 0.5, 300, 1),
    ]
    fever = Answered("fever", Is(True))
    assert whole.asked_when == {"onset": fever, "chills": AnyOf((fever, Ref("finding:old")))}


def test_outcomes(whole: KnowledgeBase) -> None:
    assert whole.findings == {"ill": "something more serious", "old": "folded over two lines"}
    assert [(each.text, each.serious) for each in whole.conditions.values()] == [
        ("an infection", True),
        ("a strained muscle", False),
    ]
    assert [(each.name, each.do, each.alone) for each in whole.levels.values()] == [
        ("self_care", "", False),
        ("urgent", "Go there", True),
    ]
    assert whole.advice_kinds == {"at_once": "Do this now", "home": "At home"}
    assert whole.advice["stop"].claims == ("S1-01",)
    assert whole.advice["sit"].shown_with == Ref("advice:stop")
    assert whole.advice["lie"].shown_with == AnyOf((Ref("finding:ill"), Ref("finding:old")))
    assert whole.texts["why"].shown_with == Ref("condition:infection:hallmark")
    assert whole.texts["how"].shown_with == Ref("triage:urgent")
    assert whole.consistency["odd"].when == All((Answered("fever", Is(True)), Answered("chills", Is(False))))
    assert whole.disagreements["D01"].sides == (
        Side("it counts", ("S1-01",)),
        Side("it does not", ("S2-01",)),
    )


def test_comparisons_of_answers(whole: KnowledgeBase) -> None:
    options = ("resting", "sitting", "walking")
    assert when(whole, "answers") == (
        Answered("fever", Is(True)),
        Answered("fever", Is(False)),
        Answered("onset", OneOf(("rapid",))),
        Answered("onset", OneOf(("rapid", "gradual"))),
        Answered("eased_by", OneOf(("resting",))),
        Answered("eased_by", OneOf(("sitting", "resting"))),
        Answered("eased_by", NoneOf(options)),
        Answered("eased_by", ChosenBound(Bound("at_least", 2), options)),
        bound("minutes", "at_most", 5),
        All((bound("minutes", "above", 5), bound("minutes", "below", 10.5))),
        All((bound("weight", "at_least", 0.5), bound("weight", "at_most", 70.25))),
    )


def test_parts_that_name_something(whole: KnowledgeBase) -> None:
    assert when(whole, "names") == (
        Ref("finding:old"),
        AnyOf((Ref("condition:infection:possible"), Ref("condition:strain:possible"))),
        Ref("triage:self_care"),
        AnyOf((Ref("advice:cold"), Ref("advice:sit"))),
        All((Scored("risk", Bound("above", -TICKS // 2)), Scored("risk", Bound("at_most", TICKS * 9 // 8)))),
    )


def test_parts_inside_parts(whole: KnowledgeBase) -> None:
    yes, no = Answered("fever", Is(True)), Answered("fever", Is(False))
    assert when(whole, "structure") == (
        AnyOf(
            (
                Count(2, None, (yes, no, Not(no))),
                All((Ref("condition:infection:known"), Ref("condition:strain:background"))),
                All((yes, Answered("onset", OneOf(("rapid",))))),
            )
        ),
        Not(no),
    )


def test_conclusions(whole: KnowledgeBase) -> None:
    rule = whole.rules["everybody"]
    assert (rule.when, rule.because, rule.ours, rule.claims) == (Always(), "It must be so.", True, ())
    assert whole.rules["names"].claims == ("S1-01",)
    assert rule.then == (
        Finds("old"),
        Suspects("infection", "known"),
        Suspects("strain", "possible"),
        CountsAgainst("strain"),
        Triages("self_care"),
        Gives(("stop",)),
        Gives(("heat", "cold")),
        Withholds(("heat",)),
        Withholds(("heat", "cold", "stop", "sit", "lie")),
    )


def test_scores_are_exact(whole: KnowledgeBase) -> None:
    risk = whole.scores["risk"]
    assert risk.lines == (
        Points(3 * TICKS // 2, Answered("fever", Is(True))),
        Points(-TICKS // 8, Always()),
        PointsByOption("onset", {"gradual": 2 * TICKS}, ("rapid", "gradual")),
        Times("weight", TICKS // 10_000, 1, 0.5, 300),
        Times("minutes", -TICKS, 0, 0, 600),
        Bands("minutes", ((5, 0), (65, TICKS // 2), (None, 2 * TICKS)), 0, 600),
    )
    assert whole.scores["single"].lines == (Points(TICKS, Always()),)


SHORT = """
questions:
  nausea: {ask: sick?, kind: yes_no}
  fever: {ask: hot?, kind: yes_no}
  mood: {ask: sad?, kind: choice, options: {never: never, often: often}}
  sleep: {ask: awake?, kind: choice, options: {never: never, often: often}}
  signs: {ask: which?, kind: choices, options: {rash: a rash, cough: a cough}}
  age: {ask: how old?, kind: number, unit: years, minimum: 0, maximum: 120}
  pain: {ask: how bad?, kind: number, unit: points, minimum: 0, maximum: 10, decimals: 1}
findings: {ill: ill}
rules:
  r: {when: {score: {s: {at_least: 1}}}, then: {finding: ill}, because: b, ours: true}
scores:
  other: {parts: [{points: 0.000001, when: {fever: yes}}]}
  s: {parts: [%s]}
"""


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (
            "{each: [nausea, fever], points: 1.5}",
            "{points: 1.5, when: {nausea: yes}}, {points: 1.5, when: {fever: yes}}",
        ),
        ("{each: fever, is: no, points: 1}", "{points: 1, when: {fever: no}}"),
        (
            "{each: [age, pain], is: {between: [2, 5]}, points: 1}",
            "{points: 1, when: {age: {between: [2, 5]}}}, {points: 1, when: {pain: {between: [2, 5]}}}",
        ),
        (
            "{each: [fever, {finding: ill, nausea: no}, {age: {above: 64}}], points: 1}",
            "{points: 1, when: {fever: yes}}, {points: 1, when: {finding: ill, nausea: no}},"
            " {points: 1, when: {age: {above: 64}}}",
        ),
        (
            "{each: [mood, sleep], points: {often: 2}}",
            "{question: mood, points: {often: 2}}, {question: sleep, points: {often: 2}}",
        ),
        ("{each: [age, pain], times: 0.1}", "{question: age, times: 0.1}, {question: pain, times: 0.1}"),
        (
            "{each: [age], bands: [{below: 5, points: 0}, {points: 1}]}",
            "{question: age, bands: [{below: 5, points: 0}, {points: 1}]}",
        ),
        (
            "{question: signs, points: {rash: 1, cough: -2}}",
            "{points: 1, when: {signs: rash}}, {points: -2, when: {signs: cough}}",
        ),
        (
            "{question: age, bands: [{at_most: 45, points: 0}, {at_most: 64, points: 1}, {points: 2}]}",
            "{question: age, bands: [{below: 46, points: 0}, {below: 65, points: 1}, {points: 2}]}",
        ),
        (
            "{question: pain, bands: [{at_most: 4.5, points: 0}, {below: 7, points: 1}, {points: 2}]}",
            "{question: pain, bands: [{below: 4.6, points: 0}, {below: 7, points: 1}, {points: 2}]}",
        ),
        (
            "{question: age, bands: [{at_most: 45.5, points: 0}, {points: 1}]}",
            "{question: age, bands: [{below: 46, points: 0}, {points: 1}]}",
        ),
        (
            "{lines_of: other}, {points: 1, when: {nausea: yes}}",
            "{points: 0.000001, when: {fever: yes}}, {points: 1, when: {nausea: yes}}",
        ),
    ],
)
def test_a_short_line_means_the_long_ones(short: str, long: str, tmp_path: Path) -> None:
    bases = []
    for name, lines in (("short", short), ("long", long)):
        whole = SHORT % lines
        if "finding" in lines:
            whole = whole.replace("{score: {s: {at_least: 1}}}", "{fever: yes}")
        write(tmp_path / name, {"base.yaml": whole})
        bases.append(load(tmp_path / name))
    assert bases[0].scores == bases[1].scores
    assert bases[1].scores["s"].lines


def test_a_line_knows_where_it_comes_from(tmp_path: Path) -> None:
    lines = "{each: [nausea, fever], points: 1}, {question: signs, points: {rash: 1, cough: 1}}"
    kb = load(write(tmp_path, {"base.yaml": SHORT % f"{lines}, {{lines_of: other}}"}))
    score = kb.scores["s"]
    assert [score.place(at) for at in range(len(score.lines))] == [1, 1, 2, 2, 3]


def test_a_score_takes_no_end_of_lines(tmp_path: Path) -> None:
    doubled = "".join(
        f"  s{at + 1}: {{parts: [{{lines_of: s{at}}}, {{lines_of: s{at}}}]}}\n" for at in range(40)
    )
    scores = f"scores:\n  s0: {{parts: [{{points: 1, when: always}}]}}\n{doubled}"
    _, problems = read_knowledge_base(write(tmp_path, {"base.yaml": scores}))
    assert {problem.code for problem in problems} == {"too-large"}


def test_lines_of_lines_may_go_very_deep(tmp_path: Path) -> None:
    chain = "".join(f"  s{at + 1}: {{parts: [{{lines_of: s{at}}}]}}\n" for at in range(3_000))
    scores = f"scores:\n{chain}  s0: {{parts: [{{points: 1, when: always}}]}}\n"
    kb = load(write(tmp_path, {"base.yaml": scores}))
    assert kb.scores["s3000"].lines == (Points(TICKS, Always()),)


def test_thresholds_of_scores_are_exact(tmp_path: Path) -> None:
    """No float comes between the digits and the ticks."""
    tenths = ("0.1", "0.7", "1.1", "4.35", "8456789.123456789", "-0.000000001")
    rest = "then: {finding: f}, because: b, ours: yes"
    rules = "".join(
        f"  r{at}: {{when: {{score: {{s: {{at_least: {each}}}}}}}, {rest}}}\n"
        for at, each in enumerate(tenths)
    )
    question = "{ask: a, kind: number, unit: u, minimum: -9000000, maximum: 9000000}"
    score = "{parts: [{question: q, times: 1}]}"
    text = f"questions: {{q: {question}}}\nfindings: {{f: f}}\nscores: {{s: {score}}}\nrules:\n{rules}"
    kb = load(write(tmp_path, {"a.yaml": text}))
    thresholds = [rule.when.bound.threshold for rule in kb.rules.values() if isinstance(rule.when, Scored)]
    assert thresholds == [int(Decimal(each) * TICKS) for each in tenths]
    assert all(type(each) is int for each in thresholds)


def test_spans(whole: KnowledgeBase) -> None:
    lines = WHOLE["rules/parts.yaml"].splitlines()

    def marked(span: Span) -> str:
        assert span.source == lines[span.line - 1]
        assert span.file.endswith("rules/parts.yaml")
        return span.source[span.column - 1 : span.end - 1]

    assert marked(whole.rules["names"].span) == "names"
    answers = [part for part in when(whole, "answers") if isinstance(part, Answered)]
    assert [marked(part.span) for part in answers[:7]] == [part.question for part in answers[:7]]
    assert [marked(part.span) for part in answers[7:]] == ["2", "few_minutes"]
    assert answers[0].span.line == 5
    finding, conditions, level, _, score = when(whole, "names")
    assert isinstance(finding, Ref)
    assert marked(finding.span) == "old"
    assert isinstance(conditions, AnyOf)
    refs = [part for part in conditions.parts if isinstance(part, Ref)]
    assert [marked(part.span) for part in refs] == ["infection", "strain"]
    assert isinstance(level, Ref)
    assert marked(level.span) == "self_care"
    assert isinstance(score, All)
    assert [marked(part.span) for part in score.parts if isinstance(part, Scored)] == ["-0.5", "1.125"]
    assert marked(when(whole, "structure")[1].span) == "unless"
    assert whole.questions["minutes"].span.file.endswith("questions/2.yml")
    assert whole.questions["minutes"].span.line == 7


def test_files_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    question = "questions: {%s: {ask: a, kind: yes_no}}\n"
    names = ["a.yaml", "b/a.yaml", "b/c/a.yaml", "b/d.yml", "b.yaml", "c.YAML", "é.yaml"]
    write(tmp_path, {name: question % f"q{at}" for at, name in reversed(list(enumerate(names)))})
    assert list(load(tmp_path).questions) == [f"q{at}" for at in range(len(names))]


def test_a_file_is_a_knowledge_base_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"one.yaml": "questions: {a: {ask: a, kind: yes_no}}\n", "two.yaml": "[\n"})
    kb = load(str(tmp_path / "one.yaml"))
    assert (kb.name, kb.version, kb.notice, kb.scope) == ("unnamed", "0", "", None)


def test_sha256_is_of_the_content(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "elsewhere" / "second"
    before = load(write(first, WHOLE)).sha256
    assert load(write(second, WHOLE)).sha256 == before
    assert len(before) == 64
    shutil.copy(first / "scores.yaml", tmp_path / "scores.yaml")
    (second / "cases" / "case.yaml").write_text("[]")
    assert load(second).sha256 == before
    (second / "scores.yaml").write_text(WHOLE["scores.yaml"] + "# a comment\n")
    assert load(second).sha256 != before
    (first / "scores.yaml").rename(first / "other.yaml")
    assert load(first).sha256 != before


def test_windows_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path) -> None:
    dos = {name: "\ufeff" + text.replace("\n", "\r\n").lstrip("\ufeff") for name, text in WHOLE.items()}
    plain, other = load(write(tmp_path / "unix", WHOLE)), load(write(tmp_path / "dos", dos))
    assert (plain.rules, plain.scores, plain.asked_when) == (other.rules, other.scores, other.asked_when)


def test_the_bundled_knowledge_base_has_no_problems() -> None:
    kb, problems = read_knowledge_base(BUNDLED)
    assert [render(problem) for problem in problems] == []
    assert kb is not None


def test_loading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    assert gc.isenabled()
    read_knowledge_base(tmp_path)
    assert gc.isenabled()


def test_support_is_ordered() -> None:
    assert SUPPORT == ("background", "possible", "typical", "hallmark", "known")

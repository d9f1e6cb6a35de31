"""What people see of a run: figures of accuracy, tables, the page, the document, even of nothing."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from generators import bases_with_cases
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from rich.console import Console
from segments import tallied
from sweeps import examples

from engine import KnowledgeBase, load
from engine.sampling.sample import sample
from engine.summary.accuracy import Rate, accuracies
from engine.summary.agreement import agreement
from engine.summary.document import document
from engine.summary.html import page
from engine.summary.section import in_words, share, short
from engine.summary.terminal import table
from engine.tally.tally import NONE, Tally, rejected, tally_from_plain, tally_of
from facts.case import from_mapping
from facts.tables.frame import frame_of

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "engine" / "schemas" / "summary.schema.json").read_text(encoding="utf-8"))
GOLDEN = ROOT / "tests" / "golden" / "summary"
SMALL = sorted(path for path in (ROOT / "tests" / "bases").iterdir() if path.is_dir())


def printed(tally: Tally, kb: KnowledgeBase, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), highlight=False)
    console.print(table(tally, kb))
    written = console.file.getvalue()
    return "\n".join(line.rstrip() for line in written.splitlines()) + "\n"


def of_run(kb: KnowledgeBase, cases: int) -> Tally:
    """The tally of a run over sampled cases, with an expectation in most of them and a few rejects."""
    names = [NONE, *kb.levels, None]
    expect = pl.Series([names[at % len(names)] for at in range(cases)], dtype=pl.String)
    return tallied(kb, sample(kb, cases), expect) + rejected({"out-of-range": 17, "torn-line": 1})


@pytest.fixture(scope="module")
def run_of_many(kb: KnowledgeBase) -> Tally:
    return of_run(kb, 10_000)


# Accuracy


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    [
        # Table I of R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in
        # Medicine 17, 1998, method 3, to all of its digits
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_that_were_published(some, of, low, high):
    found = Rate(some, of).interval
    assert tuple(round(end, 4) for end in found) == (low, high)


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    [
        # statsmodels 0.14, proportion_confint(some, of, method="wilson")
        (29, 29, 0.8830302015002592, 1.0),
        (7, 9, 0.45258896910698887, 0.9367748928821533),
        (123_456, 1_000_000, 0.12281269653142285, 0.12410219641400438),
    ],
)
def test_intervals_are_those_of_another_program(some, of, low, high):
    assert Rate(some, of).interval == pytest.approx((low, high), rel=1e-12)


def test_all_and_none_are_certain_at_their_own_end_however_many_they_are_of():
    ends = [(Rate(0, of).interval, Rate(of, of).interval) for of in range(1, 2_000)]
    assert {(none[0], every[1]) for none, every in ends} == {(0.0, 1.0)}


def test_nothing_has_no_rate():
    assert (Rate(0, 0).share, Rate(0, 0).interval, in_words(Rate(0, 0))) == (None, None, "no case")


LEVELS = """
knowledge_base: {name: levels, version: 1}
triage:
  rest: {text: Rest}
  doctor: {text: See a doctor, red_flag: true}
  hospital: {text: Go to hospital, red_flag: true}
questions:
  bad: {ask: Is it bad?, kind: yes_no}
  worse: {ask: Is it worse?, kind: yes_no}
rules:
  mild: {when: {bad: no}, then: [{triage: rest}], because: it is mild, ours: true}
  bad: {when: {bad: yes}, then: [{triage: doctor}], because: it is bad, ours: true}
  worse: {when: {bad: yes, worse: yes}, then: [{triage: hospital}], because: it is worse, ours: true}
"""

# Of ten cases: expected, answers; and what is given: level to ceiling
TEN = [
    ("hospital", {"bad": True, "worse": True}),  # hospital
    ("hospital", {"bad": True}),  # doctor to hospital
    ("hospital", {"bad": True, "worse": False}),  # doctor
    ("doctor", {"bad": True}),  # doctor to hospital
    ("doctor", {"bad": False}),  # rest
    ("rest", {"bad": False, "worse": True}),  # rest
    ("rest", {}),  # none to hospital
    (NONE, {"worse": True}),  # none to hospital
    (NONE, {"bad": False}),  # rest
    (None, {"bad": True, "worse": True}),  # not counted
]


def test_accuracy_by_level_and_by_ceiling(read):
    kb = read(LEVELS)
    cases = [from_mapping(answers, kb.questions, str(at)) for at, (_, answers) in enumerate(TEN)]
    expect = pl.Series([expected for expected, _ in TEN])
    by_level, by_ceiling = accuracies(tallied(kb, frame_of(cases, kb.questions), expect), kb)

    assert by_level.matrix["hospital", "doctor"] == 2
    assert by_level.matrix["rest", NONE] == 1
    assert sum(by_level.matrix.values()) == sum(by_ceiling.matrix.values()) == 9
    assert (by_level.agreement, by_level.under, by_level.over) == (Rate(4, 9), Rate(4, 9), Rate(1, 9))
    assert (by_ceiling.agreement, by_ceiling.under, by_ceiling.over) == (Rate(3, 9), Rate(2, 9), Rate(4, 9))

    hospital, doctor = by_level.detections
    assert (hospital.level, doctor.level) == ("hospital", "doctor")
    assert (hospital.sensitivity, hospital.specificity) == (Rate(1, 3), Rate(6, 6))
    assert (doctor.sensitivity, doctor.specificity) == (Rate(4, 5), Rate(4, 4))
    hospital, doctor = by_ceiling.detections
    assert (hospital.sensitivity, hospital.specificity) == (Rate(2, 3), Rate(3, 6))
    assert (doctor.sensitivity, doctor.specificity) == (Rate(4, 5), Rate(2, 4))


def test_without_expectations_there_is_no_accuracy(kb):
    tally = tallied(kb, sample(kb, 20))
    assert accuracies(tally, kb) == []
    assert document(tally, kb)["accuracy"] is None
    assert "xpected" not in printed(tally, kb)


def test_what_is_expected_but_no_level_is_told(kb):
    tally = tallied(kb, sample(kb, 3), pl.Series(["emergancy", "emergancy", None]))
    found = printed(tally, kb)
    assert "Expectations that are not levels" in found
    assert "`emergancy`" in found
    assert "did you mean `emergency`?" in found
    assert document(tally, kb)["expected_no_level"] == {"emergancy": 2}


def test_the_rest_of_what_is_no_level_comes_last(kb):
    words = [f"word-{at:02}" for at in range(30) for _ in range(1 + (at == 7))]
    section = next(each for each in agreement(tallied(kb, sample(kb, 31), pl.Series(words)), kb) if each.rows)
    *_, named, rest = section.rows
    assert (len(section.rows), section.rows[0].name, section.rows[0].numbers) == (21, "`word-07`", (2,))
    assert (rest.name, rest.numbers, named.numbers) == ("`…`", (10,), (1,))


# Numbers


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (99_999, "99,999"),
        (100_000, "100k"),
        (999_999, "999k"),
        (1_234_567, "1.23M"),
        (1_999_999, "1.99M"),
        (10_000_000, "10.0M"),
        (99_999_999, "99.9M"),
        (400_000_000, "400M"),
        (2_345_678_901, "2,345M"),
    ],
)
def test_large_counts_are_short(number, written):
    assert short(number) == written


@pytest.mark.parametrize(
    ("some", "of", "written"),
    [
        (0, 0, "-"),
        (0, 5, "0.0 %"),
        (5, 5, "100.0 %"),
        (1, 3, "33.3 %"),
        (1, 10_000, "<0.1 %"),
        (9_999, 10_000, ">99.9 %"),
    ],
)
def test_a_share_is_nothing_or_all_only_where_it_is(some, of, written):
    assert share(some, of) == written


# Tables


def test_the_table_fits_80_columns_and_needs_no_colour(kb, run_of_many):
    lines = printed(run_of_many, kb).splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(lines)


def test_the_table_of_ten_million_cases_fits_80_columns(kb, run_of_many):
    many = tally_of({key: count * 4_321 for key, count in run_of_many.counts.items()})
    lines = printed(many, kb).splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("…" in line for line in lines)


def test_the_table_of_a_run(request, monkeypatch):
    """Reviewed as a whole, in 80 columns: a small base that has something of everything."""
    monkeypatch.chdir(ROOT)
    kb = load("tests/golden/summary/base.yaml")
    found = printed(of_run(kb, 500), kb)
    path = GOLDEN / "table.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_without_cases_it_says_so(kb):
    assert printed(Tally(), kb) == "nothing was assessed\n"
    assert printed(rejected({"torn-line": 3}), kb).splitlines() == [
        "Not assessed",
        "why        rows",
        "torn-line     3",
    ]


@pytest.mark.parametrize("base", SMALL, ids=lambda path: path.name)
def test_a_base_has_only_the_sections_of_what_it_has(base):
    kb = load(base)
    found = printed(of_run(kb, 300), kb)
    assert ("How urgent" in found) is bool(kb.levels)
    assert ("Possible causes" in found) is bool(kb.conditions)
    assert ("What was found" in found) is not bool(kb.conditions)


# Documents


def test_the_document_is_as_its_schema_says(kb, run_of_many):
    Draft202012Validator.check_schema(SCHEMA)
    found = document(run_of_many, kb)
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(found)))
    assert found["cases"] == 10_000
    assert found["triage"]["settled"] + found["triage"]["open"] == 10_000
    assert sum(each["cases"] for each in found["triage"]["reached"]) == 10_000
    assert [rule["id"] for rule in found["rules"]] == list(kb.rules)
    assert found["rejects"] == {"out-of-range": 17, "torn-line": 1}


def of_drawn(kb: KnowledgeBase, answers: list[dict[str, object]]) -> Tally:
    cases = [from_mapping(each, kb.questions, f"person-{at}") for at, each in enumerate(answers)]
    names = [NONE, *kb.levels]
    expect = pl.Series([names[at % len(names)] for at in range(len(cases))])
    return tallied(kb, frame_of(cases, kb.questions), expect)


@examples(15, 40)
@given(bases_with_cases())
def test_whatever_the_base_there_is_a_table_and_a_document(read, drawn):
    text, answers = drawn
    kb = read(text)
    tally = of_drawn(kb, answers)
    Draft202012Validator(SCHEMA).validate(document(tally, kb))
    assert printed(tally, kb, 40)


@settings(max_examples=4)
@given(bases_with_cases())
def test_whatever_the_base_there_is_a_page(read, drawn):
    text, answers = drawn
    kb = read(text)
    assert is_whole(page(of_drawn(kb, answers), kb))


def test_the_document_of_nothing(kb):
    found = document(Tally(), kb)
    Draft202012Validator(SCHEMA).validate(found)
    assert found["near_misses"] is None


def test_a_run_that_was_resumed_is_summed_up_in_the_same_bytes(kb):
    unbroken = of_run(kb, 300)
    resumed = tally_from_plain(json.loads(json.dumps(unbroken.to_plain())))
    assert json.dumps(document(resumed, kb)) == json.dumps(document(unbroken, kb))
    assert printed(resumed, kb) == printed(unbroken, kb)
    assert page(resumed, kb) == page(unbroken, kb)


# Pages

VOID = {"meta", "br"}


class Reader(HTMLParser):
    """The text of a page, what stands open at its end, and whether anything comes from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "link", "iframe", "img", "object"):
            self.foreign.append(tag)
        self.foreign += [value for key, value in attributes if key in ("src", "href") and value[:1] != "#"]
        self.foreign += [key for key, _ in attributes if key.startswith("on")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def is_whole(html: str) -> bool:
    found = Reader(html)
    return not found.open and not found.foreign


def test_the_page_has_every_section_and_nothing_from_elsewhere(kb, run_of_many):
    found = page(run_of_many, kb, [("Files", "cases.parquet")])
    assert is_whole(found)
    ids = re.findall(r'<section id="([^"]+)"', found)
    assert set(ids) >= {
        "levels",
        "deciding",
        "conditions",
        "rules",
        "questions",
        "confusion-level",
        "rates",
        "near-misses",
    }
    assert found.count("<figure") == found.count("<svg") == len(ids)
    for svg in re.findall(r"<svg.*?</svg>", found, re.DOTALL):
        ElementTree.fromstring(svg)
    assert "cases.parquet" in found
    assert "url(" not in found


def test_the_page_of_no_cases(kb):
    found = page(Tally(), kb)
    assert is_whole(found)
    assert "There is nothing to show." in found


HOSTILE = """
knowledge_base: {name: "<b>name</b>", version: 1, notice: "<script>alert(1)</script>"}
triage:
  low: {text: "<script>alert('low')</script> & \\u202Eevil"}
  high: {text: "<script>alert('low')</script> & \\u202Eevil", red_flag: true}
questions:
  q: {ask: "</svg><img src=x onerror=alert(1)>{{ kb }}", kind: yes_no}
  r: {ask: "datum['x'] + \\\\n \\" ' `", kind: yes_no}
conditions:
  c: {text: "]]><svg onload=alert(1)>"}
findings: {f: "<style>*{display:none}</style>"}
rules:
  one: {when: {q: yes}, then: [{triage: low}, {finding: f}], because: "<i>because</i>", ours: true}
  two: {when: {q: yes, r: yes}, then: [{triage: high}], because: "--> <!--", ours: true}
  three: {when: {r: yes}, then: [{condition: c, support: typical}], because: "&lt;", ours: true}
consistency:
  k: {when: {q: yes, r: no}, because: "<a href=javascript:alert(1)>x</a>"}
"""


def test_hostile_texts_stay_texts(read):
    kb = read(HOSTILE)
    tally = of_run(kb, 200) + rejected({"<b>code</b>": 1})
    found = page(tally, kb, [("<u>", "</dd><script>")])
    assert is_whole(found)
    shown = "".join(Reader(found).text)
    for text in (
        "<script>alert('low')</script>",
        "</svg><img src=x onerror=alert(1)>{{ kb }}",
        "<b>code</b>",
    ):
        assert text in shown
    for svg in re.findall(r"<svg xmlns.*?</svg>(?=\n<figcaption)", found, re.DOTALL):
        ElementTree.fromstring(svg)
    assert "\u202e" not in found + printed(tally, kb)

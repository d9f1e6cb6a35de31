"""What a patient and a professional read: every case of the bundled base, and bases that nobody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from generators import bases_with_cases
from hypothesis import given, settings

from engine.experta_target import Engine
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from engine.model.assessment import Assessment
from engine.model.knowledge_base import KnowledgeBase
from engine.page import Section, View, page
from engine.page.room import MOST_LINES, height
from engine.page.said import unasked
from engine.page.terminal import rendered
from engine.page.urgency import is_named
from facts.case import Case, from_mapping

GOLDEN = Path(__file__).parent / "golden" / "views"
WIDTH = 96
REASSURING = (
    "nothing to worry",
    "no emergency",
    "harmless",
    "is normal",
    "no sign that calls",
    "all is well",
)
TYPICAL = {
    "cannot-hold-it": {"walking_effect": "begins", "bladder_or_bowel": ["lost_bladder_control"]},
    "leans-on-the-cart": {
        "age": 71,
        "walking_effect": "begins",
        "pain_where": ["lower_back", "both_legs"],
        "eased_by": ["sitting", "leaning_forward"],
    },
    "cancer-and-nights": {
        "walking_effect": "begins",
        "history": ["cancer"],
        "associated_symptoms": ["night_pain"],
        "bladder_or_bowel": [],
        "leg_signs": [],
    },
    "not-from-walking": {"walking_effect": "unrelated", "bladder_or_bowel": [], "leg_signs": []},
    "nothing-answered": {},
}


@dataclass(frozen=True)
class Made:
    """A page with all that it was made from."""

    case: Case
    valuation: Valuation
    assessment: Assessment
    sections: list[Section]

    @property
    def kb(self) -> KnowledgeBase:
        return self.valuation.prepared.kb

    @cached_property
    def lines(self) -> list[str]:
        return rendered(self.sections, WIDTH).plain.split("\n")[:-1]

    @cached_property
    def text(self) -> str:
        """Everything but what the case says about itself, in one line."""
        return " ".join(" ".join(rendered(self.sections[1:], WIDTH).plain.split()).split())

    @property
    def levels_above(self) -> list[str]:
        names, level = list(self.kb.levels), self.assessment.triage and self.assessment.triage.level
        return names[names.index(level) + 1 :] if level else names

    @property
    def is_alone(self) -> bool:
        level = self.assessment.triage and self.assessment.triage.level
        return bool(level and self.kb.levels[level].alone)


def made(kb: KnowledgeBase, cases: list[Case], view: View = "patient") -> Iterator[Made]:
    engine = Engine(prepare(kb))
    for case in cases:
        valuation = engine.fire(case.answers)
        yield shown_as(view, case, valuation, assemble(valuation, case.id))


def shown_as(view: View, case: Case, valuation: Valuation, assessment: Assessment) -> Made:
    return Made(case, valuation, assessment, page(assessment, valuation, case.about, view=view))


@pytest.fixture(scope="module")
def professionals(fired) -> list[Made]:
    """The pages of all bundled cases for a professional."""
    return [shown_as("professional", *each) for each in fired]


@pytest.fixture(scope="module")
def patients(fired) -> list[Made]:
    """The pages of all bundled cases for the patient."""
    return [shown_as("patient", *each) for each in fired]


@pytest.fixture(params=["patient", "professional"])
def pages(request) -> list[Made]:
    """The pages of all bundled cases in a view."""
    return request.getfixturevalue(f"{request.param}s")


@pytest.mark.parametrize("view", ["patient", "professional"])
@pytest.mark.parametrize("name", TYPICAL)
def test_pages_of_typical_people(name, view, kb, request):
    case = from_mapping(TYPICAL[name], kb.questions, id=name)
    (one,) = made(kb, [case], view)
    said = "\n".join([*one.lines, ""])
    golden = GOLDEN / f"{name}.{view}.txt"
    if request.config.getoption("--update-golden", default=False):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said)
    assert said == golden.read_text()


def test_every_page_below_an_emergency_says_when_to_come_back_sooner(pages):
    for each in pages:
        for name in each.levels_above:
            level = each.kb.levels[name]
            assert all(sign in each.text for sign in level.signs), each.case.id
            assert not level.signs or level.sooner in each.text, each.case.id


def test_an_emergency_says_what_to_do_and_no_sign_to_wait_for(patients):
    alone = [each for each in patients if each.is_alone]
    assert len(alone) > 20
    for each in alone:
        headings = [section.heading for section in each.sections]
        assert set(headings[1:]) <= {"This is an emergency", "Tell them", "On the way", ""}, each.case.id
        signs = [sign for level in each.kb.levels.values() for sign in level.signs]
        assert not [sign for sign in signs if sign in each.text]


def test_an_emergency_shows_every_red_flag_that_was_found(patients):
    for each in (each for each in patients if each.is_alone):
        flags = [rule for id in each.assessment.fired if each.kb.is_red_flag(rule := each.kb.rules[id])]
        assert flags
        assert all(rule.because in each.text for rule in flags), each.case.id


def test_no_page_reassures_where_a_red_flag_is_unknown_or_nothing_is_covered(patients):
    cautious = [
        each
        for each in patients
        if unasked(each.valuation)
        or each.assessment.in_scope is not True
        or "outside_these_articles" in each.assessment.findings
    ]
    assert len(cautious) > 100
    for each in cautious:
        assert not [words for words in REASSURING if words in each.text.lower()], each.case.id


def test_an_unknown_red_flag_is_said_before_anything_else(patients):
    for each in patients:
        triage = each.assessment.triage
        if triage is not None and not triage.settled and triage.ceiling:
            level = each.kb.levels[triage.ceiling].text
            first = " ".join(line.text for line in each.sections[1].lines[:2])
            assert f"open answers could still make it “{level}”" in first, each.case.id


def test_the_first_instruction_stands_on_the_first_lines(patients):
    for each in patients:
        triage = each.assessment.triage
        is_said = triage is not None and is_named(triage, each.kb)
        do = each.kb.levels[triage.level].do if is_said else "ask a doctor"
        first = " ".join(" ".join(each.lines[:8]).split())
        assert do in first, each.case.id


def test_nine_of_ten_pages_have_at_most_sixty_lines(patients):
    lengths = sorted(len(each.lines) for each in patients)
    assert lengths[len(lengths) * 9 // 10] <= MOST_LINES
    assert all(len(line) <= WIDTH for each in patients for line in each.lines)


def test_the_height_of_a_page_is_that_of_the_terminal(patients):
    for each in patients:
        assert height(each.sections, WIDTH) == len(each.lines)


def test_no_page_has_names_of_variables(pages):
    for each in pages:
        kb = each.kb
        options = [
            name for question in kb.questions.values() for name in getattr(question.kind, "options", ())
        ]
        names = [*kb.questions, *options, *kb.rules, *kb.findings, *kb.conditions, *kb.levels, *kb.advice]
        telling = {name for name in names if "_" in name or name.count("-") > 1}
        words = set(re.findall(r"[\w-]+", each.text))
        assert not telling & words, each.case.id


def test_a_patients_page_has_no_citations_but_the_articles(patients):
    for each in patients:
        assert not [line.notes for section in each.sections for line in section.lines if line.notes]
        assert not re.search(r"\bS\d-\d\d\b", each.text), each.case.id


def test_what_no_article_covers_is_said_back_by_name(kb):
    answers = {"walking_effect": "begins", "history": ["cancer"], "associated_symptoms": ["night_pain"]}
    (one,) = made(kb, [from_mapping(answers, kb.questions)])
    cancer = kb.questions["history"].kind.options["cancer"]
    night = kb.questions["associated_symptoms"].kind.options["night_pain"]
    (line,) = [line for section in one.sections for line in section.lines if line.lead == "You told us"]
    assert cancer in line.text
    assert night in line.text
    assert "do not cover this" in line.text
    assert one.text.count(cancer) == 1


def test_what_an_article_weighs_is_not_said_to_be_uncovered(kb):
    answers = {"walking_effect": "begins", "pain_where": ["lower_back", "one_leg"]}
    (one,) = made(kb, [from_mapping(answers, kb.questions)])
    assert "do not cover this" not in one.text


@settings(max_examples=60)
@given(bases_with_cases(cases=3))
def test_pages_of_any_base_are_no_all_clear(read, drawn):
    text, people = drawn
    kb = read(text)
    cases = [from_mapping(answers, kb.questions) for answers in people]
    for view in ("patient", "professional"):
        for each in made(kb, cases, view):
            triage = each.assessment.triage
            above = [] if each.is_alone and view == "patient" else each.levels_above
            shown = [] if each.is_alone else [sign for name in above for sign in kb.levels[name].signs]
            assert all(sign in each.text for sign in shown)
            if view == "patient" and triage is not None and not triage.settled and not each.is_alone:
                assert "open answers could still make it" in each.text
                silent = [level.text for level in kb.levels.values() if level.reassures]
                assert each.sections[1].heading not in silent


def test_what_nobody_could_say_of_red_flags_is_named(kb):
    answers = {
        "walking_effect": "begins",
        "bladder_or_bowel": "unknown",
        "associated_symptoms": {"fever": False},
    }
    (one,) = made(kb, [from_mapping(answers, kb.questions)])
    lines = {line.lead: line.text for section in one.sections for line in section.lines}
    assert lines["You could not say"].startswith(kb.questions["bladder_or_bowel"].ask)
    assert "questions about warning signs; the first are below" in lines["Not answered"]
    assert kb.questions["associated_symptoms"].kind.options["fever"] in lines["You said no to"]


LABELS = """
questions:
  since: {ask: How long?, label: for how long, kind: number, unit: weeks, minimum: 0, maximum: 99}
  where: {ask: Where does it hurt?, label: where, kind: choices, options: {back: in the back, leg: in a leg}}
  signs: {ask: Is any of these so?, kind: choices, options: {fever: a fever, chills: chills}}
  cough: {ask: Do you cough?, kind: yes_no}
findings: {ill: ill}
rules: {ill: {when: {signs: fever}, then: {finding: ill}, because: Said., ours: true}}
"""


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"since": 1}, "You said: for how long: 1 week."),
        ({"since": 2, "cough": True}, "You said: for how long: 2 weeks; Do you cough? yes."),
        ({"where": ["back", "leg"]}, "You said: where: in the back, in a leg."),
        ({"signs": ["fever", "chills"]}, "You said yes to: a fever; chills."),
        ({"where": ["leg"], "signs": ["fever"]}, "You said yes to: a fever. | You said: where: in a leg."),
    ],
)
def test_an_answer_is_after_its_label_and_without_one_after_its_question(answers, said, read):
    kb = read(LABELS)
    (one,) = made(kb, [from_mapping(answers, kb.questions)])
    (told,) = [section for section in one.sections if section.heading == "What you told us"]
    assert " | ".join(f"{line.lead}: {line.text}" for line in told.lines) == said


# What is for editors, and which view is shown


EDITORS = """
disagreements:
  D0:
    about: words
    when: {finding: coughing}
    sides: [{says: fever, claims: [A1-1]}, {says: cough, claims: [A2-1]}]
    done: We say cough.
    editors: true
"""


@pytest.fixture
def shown(run, write):
    """The page of somebody with a dry cough, by the words of the command line."""
    text = (Path(__file__).parent / "golden" / "pages" / "base.yaml").read_text()
    base = write("base.yaml", text.replace("\ndisagreements:\n", EDITORS))
    file = write("case.yaml", "id: somebody\nanswers: {fever: no, cough: dry, eases: [tea]}\n")
    return lambda *words: run("assess", file, "--kb", str(base), *words)


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ([], [False, False]),
        (["--view", "professional"], [False, True]),
        (["--all"], [True, True]),
        (["--all", "--view", "professional"], [True, True]),
    ],
)
def test_what_is_for_editors_is_only_on_the_whole_page(words, there, shown):
    text = shown(*words).stdout
    assert ["On words" in text, "On coughs" in text] == there


def test_what_is_for_editors_is_in_json(shown):
    assert '"disagreements":["D0","D1"]' in shown("--json").stdout


def test_a_professional_reads_what_was_denied_not_known_and_not_asked(run, write):
    base = """
    knowledge_base: {name: cough, version: 1}
    questions:
      fever: {ask: Do you have a fever?, kind: yes_no}
      signs: {ask: Which of these?, kind: choices, options: {blood: coughing blood, faint: fainting}}
      rash: {ask: Do you have a rash?, kind: yes_no}
      chest: {ask: Does your chest hurt?, kind: yes_no}
    triage: {now: {text: Go now, red_flag: true, sooner: Go if, signs: [you faint]}}
    rules:
      fever: {when: {fever: yes}, then: {triage: now}, because: so, ours: true}
      signs: {when: {signs: [blood, faint]}, then: {triage: now}, because: so, ours: true}
      rash: {when: {rash: yes}, then: {triage: now}, because: so, ours: true}
      chest: {when: {chest: yes}, then: {triage: now}, because: so, ours: true}
    """
    file = write("case.yaml", "id: a\nanswers: {fever: no, signs: {blood: no}, rash: unknown}\n")
    text = run("assess", file, "--kb", write("kb.yaml", base), "--view", "professional").stdout
    said = " ".join(text.split())
    assert "Asked and denied: Do you have a fever? no; coughing blood" in said
    assert "Asked, not known: fainting; Do you have a rash?" in said
    assert "Not asked: Does your chest hurt?" in said
    assert "Go if: you faint" in said


# The page as a document


def test_a_document_has_what_the_page_has_and_nothing_from_elsewhere(shown, tmp_path):
    told = shown("--html", "out.html")
    text = (tmp_path / "out.html").read_text()
    assert (told.exit_code, told.stdout) == (0, "page of case somebody in out.html\n")
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>somebody: See a doctor</title>" in text
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert not re.search(r"(src|href)=|url\(|<script|@import", text)
    headings = re.findall(r"<h(\d)>(.*?)</h\1>", text)
    page_headings = [line for line in shown().stdout.split("\n") if line and not line.startswith(" ")]
    assert headings == [("1", "somebody"), *(("2", each) for each in page_headings[1:])]
    assert text.count("<ul>") == text.count("</ul>") > 2


def test_words_of_people_cannot_become_html(run, write, tmp_path):
    base = """
    knowledge_base: {name: odd, version: 1}
    questions: {a: {ask: "<script>x</script>?", kind: yes_no}}
    triage: {go: {text: "<b>Go</b> & run", red_flag: true, sooner: "<i>if", signs: ["<u>"]}}
    rules: {r: {when: {a: yes}, then: {triage: go}, because: "<img>", ours: true}}
    """
    file = write("case.yaml", "id: '<h1>'\nabout: '<p>'\nanswers: {a: no}\n")
    run("assess", file, "--kb", write("kb.yaml", base), "--html", "out.html")
    text = (tmp_path / "out.html").read_text()
    assert "&lt;h1&gt;" in text
    assert not re.search(r"<(script|b|i|u|img)>", text)


@pytest.mark.parametrize(
    ("place", "code", "help"),
    [
        ("out.txt", "output-kind", "ends in `.html`"),
        ("", "output-kind", "ends in `.html`"),
        ("nowhere/out.html", "output-place", "in a folder that exists"),
        ("folder.html", "output-place", "name a file"),
    ],
)
def test_a_document_that_cannot_be_written_there_is_refused_before_anything(
    place, code, help, shown, tmp_path
):
    (tmp_path / "folder.html").mkdir()
    told = shown("--html", place, "-o", "out.jsonl")
    assert (told.exit_code, told.stdout) == (2, "")
    assert f"error[{code}]" in told.stderr
    assert help in told.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_many_cases_are_no_document_but_one_of_them_is(run, write, tmp_path):
    base = str(Path(__file__).parent / "golden" / "pages" / "base.yaml")
    file = write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {fever: yes}}\n")
    told = run("assess", file, "--kb", base, "--html", "out.html")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "error[one-case]" in told.stderr
    assert "--case ID" in told.stderr
    assert not list(tmp_path.glob("*.html"))
    assert not list(tmp_path.glob("*.jsonl"))
    assert run("assess", file, "--kb", base, "--case", "b", "--html", "out.html").exit_code == 0
    assert "This cannot wait" in (tmp_path / "out.html").read_text()


def test_a_document_beside_json_leaves_the_line_alone(shown, tmp_path):
    told = shown("--json", "--html", "out.html")
    assert told.stdout.startswith('{"format"')
    assert told.stdout.count("\n") == 1
    assert told.stderr == "page of case somebody in out.html\n"


def test_a_case_that_cannot_be_read_is_no_document_and_no_run(run, write, tmp_path):
    """Though earlier results of many cases lie there under the usual name."""
    (tmp_path / "assessments.jsonl").write_text("{}\n")
    told = run("assess", write("bad.yaml", "id: a\nanswers: {no_such_question: yes}\n"), "--html", "out.html")
    assert (told.exit_code, told.stdout) == (4, "")
    assert "error[unknown-question]" in told.stderr
    assert "one-case" not in told.stderr
    assert not (tmp_path / "out.html").exists()
    assert (tmp_path / "assessments.jsonl").read_text() == "{}\n"


def test_helpers_are_told_what_nobody_can_change(kb):
    answers = {"age": 70, "leg_signs": ["weakness"], "history": ["blood_thinners"], "diagnoses": ["sciatica"]}
    (one,) = made(kb, [from_mapping(answers, kb.questions)])
    (told,) = [section for section in one.sections if section.heading == "Tell them"]
    said = " ".join(line.text for line in told.lines)
    assert "70 years" in said
    assert kb.questions["history"].kind.options["blood_thinners"] in said
    assert kb.questions["diagnoses"].kind.options["sciatica"] in said


def test_a_talk_is_not_named_while_something_higher_is_open(kb):
    answers = {"walking_effect": "begins", "pain_strength": "mild"}
    (one,) = made(kb, [from_mapping(answers, kb.questions)])
    assert one.assessment.triage.level == "discuss_routinely"
    assert one.sections[1].heading == "No level yet"
    assert kb.levels["discuss_routinely"].text not in one.text


def test_an_earlier_page_is_set_aside_where_there_is_no_new_one(run, write):
    good, bad = write("good.yaml", "id: a\nanswers: {age: 50}\n"), write("bad.yaml", "answers: {aeg: 50}\n")
    assert run("assess", good, "--html", "page.html").exit_code == 0
    shown = run("assess", bad, "--html", "page.html")
    assert (shown.exit_code, Path("page.html").exists()) == (4, False)
    assert Path("page.html.earlier").exists()
    assert (
        "warning[set-aside]: a document of an earlier run was renamed to `page.html.earlier`" in shown.stderr
    )


def test_an_earlier_report_is_set_aside_with_the_results(run, write):
    rows = "id,walking_effect\na,begins\nb,begins\n"
    words = ("-o", "out.csv", "--report", "report.html")
    assert run("assess", write("good.csv", rows), *words).exit_code == 0
    assert (
        run("assess", write("bad.csv", rows.replace("walking_effect", "walking_efect")), *words).exit_code
        == 4
    )
    assert not Path("report.html").exists()
    assert Path("report.html.earlier").exists()


def test_a_page_and_results_of_a_case_that_cannot_be_read(run, write):
    shown = run("assess", write("bad.yaml", "answers: {aeg: 50}\n"), "--html", "page.html", "-o", "out.jsonl")
    assert shown.exit_code == 2
    assert "`--html` needs exactly one readable case" in shown.stderr


def test_a_page_does_not_replace_a_link(run, write):
    Path("page.html").symlink_to("elsewhere.html")
    shown = run("assess", write("good.yaml", "id: a\nanswers: {age: 50}\n"), "--html", "page.html")
    assert shown.exit_code == 2
    assert "page.html: error[output-place]: this is a link, which would be replaced" in shown.stderr

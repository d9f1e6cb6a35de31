"""Two versions compared: each kind of change with its right answer, drawn pairs against all their cases."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import prod
from pathlib import Path

import jsonschema
import pytest
from generators import bases_with_cases
from hypothesis import assume, given
from hypothesis import strategies as st
from sweeps import examples
from test_change import every_answer
from test_verify import clashes

from engine.experta_target import Engine
from engine.loading import load, read_knowledge_base
from engine.meaning.definitions import with_properties
from engine.meaning.valuation import Valuation, prepare
from engine.proofs.counted import Counting
from engine.proofs.entries import entries
from engine.proofs.outcomes import outcomes
from engine.proofs.stated import stated
from engine.proofs.versions import Comparing, Unconfirmed, shows
from facts.case import Case
from facts.other_names.versions import answers_of

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "engine" / "schemas" / "diff.schema.json").read_text(encoding="utf-8"))
MOST_CASES = 300
"""Maximum number of cases that are tried one by one."""

BASE = """\
knowledge_base: {name: small}
numbers: {high: {value: 39, ours: true}}
questions:
  strong:
    ask: How strong is the cough?
    kind: choice
    options: {mild: mild, severe: severe}
  fever: {ask: Do you have a fever?, kind: yes_no}
  degrees:
    ask: How high is it?
    kind: number
    unit: degrees
    minimum: 36
    maximum: 42
    asked_when: {fever: yes}
  signs:
    ask: What else is there?
    kind: choices
    options: {rash: a rash, chest: pain in the chest, blood: blood when coughing, faint: fainting}
findings: {ill: signs of illness}
conditions: {flu: {text: influenza}}
triage: {wait: {text: Wait}, soon: {text: Be seen soon}, now: {text: Go now}}
advice_kinds: {relief: For relief}
advice:
  tea: {kind: relief, text: Drink tea.}
  sport: {kind: relief, text: Go for a run.}
texts:
  warm: {text: Warmth helps., shown_with: {advice: tea}}
scores:
  burden:
    text: how much there is
    parts:
      - {points: 1, when: {fever: yes}}
      - {points: 2, when: {signs: rash}}
rules:
  a-cough: {when: {strong: [mild, severe]}, then: {triage: wait}, because: A cough passes., ours: true}
  a-fever: {when: {fever: yes}, then: {finding: ill}, because: It shows illness., ours: true}
  ill-and-strong:
    when: {finding: ill, strong: severe}
    then: [{condition: flu, support: typical}, {triage: soon}]
    because: It may be influenza.
    ours: true
  very-hot: {when: {degrees: {at_least: high}}, then: {triage: soon}, because: It is high., ours: true}
  chest-or-blood: {when: {signs: [chest, blood]}, then: {triage: now}, because: It is dangerous., ours: true}
  fainting: {when: {signs: faint}, then: {triage: now}, because: It is dangerous., ours: true}
  burdened: {when: {score: {burden: {at_least: 3}}}, then: {triage: soon}, because: It is much., ours: true}
  drink: {when: {strong: [mild, severe]}, then: {give: [tea, sport]}, because: It does good., ours: true}
  no-sport: {when: {fever: yes}, then: {hold: sport}, because: The body needs rest., ours: true}
"""


def versions(folder, old, new):
    for name, text in (("old", old), ("new", new)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "base.yaml").write_text(text, encoding="utf-8")
    return load(folder / "old"), load(folder / "new")


def comparing(folder, *changes, allowed=()):
    new = BASE
    for before, after in changes:
        assert new.count(before) >= 1, before
        new = new.replace(before, after)
    return Comparing(*versions(folder, BASE, new), allowed=frozenset(allowed))


def changes(found):
    """What changes for somebody whose answers do not contradict each other, as (kind, name, direction)."""
    told = (each for each in found if each.status == "changed" and not each.only_clashing)
    return {(each.kind, each.name, each.direction): each for each in told}


FORMERLY_OPTION = (
    "options: {mild: mild, severe: severe}",
    "options: {light: mild, severe: severe}\n    formerly: {strong: {mild: light}}",
)
FORMERLY_QUESTION = ("  fever: {ask", "  hot: {formerly: fever, ask")
SAME = {
    "nothing": [("", "")],
    "a comment": [("rules:\n", "rules:\n  # these are rules\n")],
    "an option renamed": [FORMERLY_OPTION, ("[mild, severe]", "[light, severe]")],
    "a question renamed": [FORMERLY_QUESTION, ("{fever: yes}", "{hot: yes}")],
    "a rule renamed": [("  very-hot:", "  a-high-fever:")],
    "a finding renamed": [("ill: signs", "illness: signs"), ("finding: ill", "finding: illness")],
    "a level renamed": [("soon:", "early:"), ("triage: soon", "triage: early")],
    "any and all written otherwise": [
        (
            "when: {finding: ill, strong: severe}",
            "when: {not: {any: [{not: {strong: severe}}, {not: {finding: ill}}]}}",
        )
    ],
    "a list taken apart": [
        (
            "when: {signs: [chest, blood]}",
            "when: {any: [{signs: blood}, {signs: chest}, {all: [{signs: blood}]}]}",
        )
    ],
    "a threshold without its name": [("at_least: high", "above: 38")],
    "a score in other numbers": [
        ("{points: 1, when", "{points: 2, when"),
        ("{points: 2, when: {signs", "{points: 4, when: {signs"),
        ("burden: {at_least: 3}", "burden: {at_least: 6}"),
    ],
    "a rule in two": [
        (
            "  chest-or-blood: {when: {signs: [chest, blood]}",
            "  some-blood: {when: {signs: blood}, then: {triage: now}, because: It is., ours: true}\n"
            "  chest-or-blood: {when: {signs: chest}",
        )
    ],
}


@pytest.mark.parametrize("kind", SAME)
def test_what_is_only_written_otherwise_is_proved_to_change_nothing(kind, tmp_path):
    found = comparing(tmp_path, *SAME[kind]).compared()
    changed = [each for each in found if each.status != "same" and each.kind != "score"]
    assert len(found) > 50
    assert changed == []


CHANGED = {
    "a threshold moved": (
        [("value: 39", "value: 40")],
        {
            ("level", "soon", "less urgent"): (
                {"fever": True, "degrees": 39},
                "soon",
                "none",
                ("very-hot",),
                (),
            )
        },
    ),
    "a rule removed": (
        [
            (
                "  chest-or-blood: {when: {signs: [chest, blood]}, then: {triage: now},"
                " because: It is dangerous., ours: true}\n",
                "",
            )
        ],
        {("level", "now", "less urgent"): (None, "now", "none", ("chest-or-blood",), ())},
    ),
    "a level lowered": (
        [("[chest, blood]}, then: {triage: now}", "[chest, blood]}, then: {triage: soon}")],
        {("level", "now", "less urgent"): (None, "now", "soon", ("chest-or-blood",), ())},
    ),
    "an exception": (
        [
            (
                "when: {finding: ill, strong: severe}",
                "when: {finding: ill, strong: severe}\n    unless: {signs: rash}",
            )
        ],
        {
            ("level", "soon", "less urgent"): (
                {"strong": "severe", "fever": True},
                "soon",
                "wait",
                ("ill-and-strong",),
                (),
            ),
            ("condition", "flu", "lost"): (
                {"strong": "severe", "fever": True},
                "typical",
                "open, could be typical",
                ("ill-and-strong",),
                (),
            ),
        },
    ),
    "a condition firmer": (
        [("support: typical", "support: hallmark")],
        {
            ("condition", "flu", "firmer"): (
                {"strong": "severe", "fever": True},
                "typical",
                "hallmark",
                (),
                ("ill-and-strong",),
            )
        },
    ),
    "a hold that is wider": (
        [("hold: sport", "hold: [sport, tea]")],
        {("advice", "tea", "held"): ({"fever": True}, "pending", "held", (), ("no-sport",))},
    ),
    "a host changed": (
        [("shown_with: {advice: tea}", "shown_with: {finding: ill}")],
        {("text", "warm", "shown"): ({"fever": True}, "not shown", "shown", (), ("a-fever",))},
    ),
    "a new question that gates another": (
        [
            ("  fever: {ask", "  thermometer: {ask: Do you have one?, kind: yes_no}\n  fever: {ask"),
            ("asked_when: {fever: yes}", "asked_when: {fever: yes, thermometer: yes}"),
        ],
        {
            ("question", "degrees", "no longer asked"): (
                {"thermometer": False},
                "may be asked",
                "not asked",
                (),
                (),
            )
        },
    ),
    "other weights": (
        [("{points: 2, when: {signs: rash}}", "{points: 3, when: {signs: rash}}")],
        {
            ("score", "burden", "higher"): ({}, "0 to 3", "0 to 4", (), ()),
            ("level", "soon", "more urgent"): (
                {"signs": {"rash": True, "chest": False, "blood": False, "faint": False}},
                "none",
                "soon",
                (),
                ("burdened",),
            ),
        },
    ),
    "a new rule": (
        [
            (
                "rules:\n",
                "rules:\n  mildly: {when: {strong: mild}, then: {triage: now}, because: So., ours: true}\n",
            )
        ],
        {("level", "now", "more urgent"): ({"strong": "mild"}, "wait", "now", (), ("mildly",))},
    ),
    "an option removed": (
        [(", blood: blood when coughing", ""), ("[chest, blood]", "chest")],
        {
            ("level", "now", "less urgent"): (
                {"signs": {"rash": False, "chest": False, "faint": False, "blood": True}},
                "now",
                "none",
                ("chest-or-blood",),
                (),
            )
        },
    ),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_each_kind_of_change_is_found_with_a_case_and_its_rules(kind, tmp_path):
    edits, expected = CHANGED[kind]
    found = changes(comparing(tmp_path, *edits).compared())
    for key, (answers, was, now, before, after) in expected.items():
        assert key in found, sorted(found)
        example = found[key].example
        assert (example.was, example.now) == (was, now)
        assert (example.rules.before[: len(before) or None], example.rules.after) == (before, after)
        assert answers in (None, dict(example.answers))
    falls = any(key[2] == "less urgent" for key in expected)
    assert any(each.is_fall for each in found.values()) is falls


def test_a_new_question_does_not_change_what_nobody_reads(tmp_path):
    new = ("  fever: {ask", "  name: {ask: Do you have a name?, kind: yes_no}\n  fever: {ask")
    assert changes(comparing(tmp_path, new).compared()) == {}


def test_a_fall_is_allowed_by_each_rule_that_is_responsible_and_by_no_other(tmp_path):
    weaker = ("when: {signs: [chest, blood]}", "when: {signs: blood}")
    higher = ("at_least: high", "at_least: 41")

    def falls(*allowed):
        found = comparing(tmp_path, weaker, higher, allowed=allowed).compared()
        return {each.name for each in found if each.is_fall} - {"wait"}

    assert falls() == {"now", "soon"}
    assert falls("chest-or-blood") == {"soon"}
    assert falls("very-hot") == {"now", "soon"}
    assert falls("chest-or-blood", "very-hot") == set()
    assert falls("drink") == {"now", "soon"}


def test_a_fall_is_allowed_by_a_rule_that_leads_to_the_one_that_gave_the_level(tmp_path):
    rarer = ("a-fever: {when: {fever: yes}", "a-fever: {when: {fever: yes, signs: rash}")
    assert any(each.is_fall for each in comparing(tmp_path, rarer).compared())
    found = comparing(tmp_path, rarer, allowed=["a-fever"]).compared()
    assert not any(each.is_fall for each in found)
    assert any(each.allowed for each in found)


def test_contradictory_answers_count_for_urgency_alone(tmp_path):
    """Whoever has no fever is not asked how high it is; some say it all the same."""
    edit = ("when: {degrees: {at_least: high}}", "when: {fever: yes, degrees: {at_least: high}}")
    hot = (
        "then: {triage: soon}, because: It is high.",
        "then: [{triage: soon}, {finding: ill}], because: It is high.",
    )
    old = BASE.replace(*hot)
    found = Comparing(*versions(tmp_path, old, old.replace(*edit))).compared()
    (fall,) = [each for each in found if each.is_fall and each.name == "soon"]
    assert fall.example.answers == {"degrees": 39}
    only = [each for each in found if each.only_clashing]
    assert {each.kind for each in only} == {"condition", "finding"}


# Entries


def changed_entries(folder, *edits):
    return [(each.word, each.section, each.name, each.same) for each in entries(comparing(folder, *edits))]


def test_entries_are_added_removed_renamed_and_changed(tmp_path):
    assert changed_entries(tmp_path, ("  very-hot:", "  a-high-fever:")) == [
        ("renamed", "rules", "a-high-fever", True)
    ]
    assert changed_entries(
        tmp_path, ("ill: signs", "illness: signs"), ("finding: ill", "finding: illness")
    ) == [("renamed", "findings", "illness", True)]
    assert changed_entries(tmp_path, ("value: 39", "value: 40")) == [
        ("changed", "numbers", "high", None),
        ("changed", "rules", "very-hot", False),
    ]
    assert changed_entries(tmp_path, ("at_least: high", "above: 38")) == [
        ("changed", "rules", "very-hot", True)
    ]
    assert changed_entries(tmp_path, ("because: It is high.", "because: It is very high.")) == [
        ("changed", "rules", "very-hot", True)
    ]
    removed = [("  warm: {text: Warmth helps., shown_with: {advice: tea}}\n", "")]
    assert ("removed", "texts", "warm", None) in changed_entries(tmp_path, *removed)


@pytest.mark.parametrize(
    ("edits", "advice"),
    [
        ([("fever: {ask", "hot: {ask"), ("{fever: yes}", "{hot: yes}")], "write `formerly: fever` in hot"),
        (
            [("{mild: mild,", "{light: mild,"), ("[mild, severe]", "[light, severe]")],
            "write `formerly: {strong: {mild: light}}` in strong",
        ),
        ([("kind: choice\n    options: {mild", "kind: choices\n    options: {mild")], "give it another name"),
    ],
)
def test_what_a_changed_name_in_the_questionnaire_needs_is_said(edits, advice, tmp_path):
    said = " ".join(each.advice for each in entries(comparing(tmp_path, *edits)))
    assert advice in said


def test_a_name_that_was_changed_without_formerly_is_still_the_same_question(tmp_path):
    edits = [("fever: {ask", "hot: {ask"), ("{fever: yes}", "{hot: yes}")]
    assert changes(comparing(tmp_path, *edits).compared()) == {}


# Trusted because it is tested


@st.composite
def pairs(draw):
    """A small base, and the same with a few lines or words changed; sometimes another base altogether."""
    old, _ = draw(bases_with_cases(cases=0, small=True))
    if draw(st.integers(0, 5)) == 5:
        return old, draw(bases_with_cases(cases=0, small=True))[0]
    new = old
    for _ in range(draw(st.integers(1, 3))):
        change = draw(st.sampled_from(range(len(WORDS))))
        pattern, put = WORDS[change]
        spots = [found.start() for found in re.finditer(pattern, new)]
        if spots:
            at = draw(st.sampled_from(spots))
            new = new[:at] + re.sub(pattern, put, new[at:], count=1)
    return old, new


WORDS = (
    (r"\ball: ", "any: "),
    (r"\bany: ", "all: "),
    (r"at_least: 1\b", "at_least: 2"),
    (r"at_most: ", "below: "),
    (r"support: \w+", "support: typical"),
    (r"\{triage: l1\}", "{triage: l0}"),
    (r"option a\b", "option d"),
    (r"\ba: option", "d: option"),
    (r"\bp0: yes", "p0: no"),
    (r"\bp1: no", "p1: yes"),
    (r"(?<=\n)  r\d+: .*\n", ""),
    (r"(?<=\n)  r(\d+): ", r"  renamed\1: "),
    (r"maximum: \d", "maximum: 5"),
    (r"decimals: 0", "decimals: 1"),
    (r"points: 1\b", "points: 2"),
    (r"\{count: 1", "{count: 2"),
    (r"asked_when: ", "changeable: no, label: x, asked_when: "),
)


@examples(12, 40)
@given(pairs())
def test_what_is_proved_and_shown_is_what_all_cases_show(tmp_path_factory, drawn):
    """Every outcome and direction of two small bases, against all their cases one by one."""
    folder = tmp_path_factory.mktemp("kb")
    for name, text in zip(("old", "new"), drawn, strict=True):
        (folder / name).mkdir()
        (folder / name / "base.yaml").write_text(text, encoding="utf-8")
    old, new = (read_knowledge_base(folder / name)[0] for name in ("old", "new"))
    assume(old is not None and new is not None)
    both = Comparing(old, new)
    questions = both.joined.questions
    ways = [[None, *every_answer(question)] for question in questions.values()]
    assume(prod(map(len, ways)) <= MOST_CASES)
    cases = [case_of(both, answers) for answers in product(*ways)]
    found = both.compared()
    wanted = [(each, way) for each in outcomes(old, new, both.names) for way in each.directions.items()]
    assert len(wanted) == len(found)
    for (outcome, (direction, those)), each in zip(wanted, found, strict=True):
        assert (outcome.kind, outcome.name, direction) == (each.kind, each.name, each.direction)
        showing = [case for case in cases if any(shows(way, case[1], case[2]) for way in those)]
        clean = [case for case in showing if outcome.clashing or not (clashes(case[1]) or clashes(case[2]))]
        assert each.status == ("changed" if showing else "same"), (each, len(showing))
        assert each.only_clashing is (bool(showing) and not clean)
        if each.example is not None:
            among = clean or showing
            among = [case for case in among if all(map(is_honest, case[1:]))] or among
            assert len(each.example.answers) == min(len(answers) for answers, *_ in among)
            _, was, now = case_of(both, [each.example.answers.get(name) for name in questions])
            assert each.example.was == stated(outcome, outcome.before, was)
            assert each.example.now == stated(outcome, outcome.after, now)


def case_of(both, answers):
    """Joint answers, and what both versions make of them."""
    questions = both.joined.questions
    given = {name: each for name, each in zip(questions, answers, strict=True) if each not in (None, {})}
    before = answers_of(both.joined.before, both.old.questions, given, questions)
    after = answers_of(both.joined.after, both.new.questions, given, questions)
    was, now = (Valuation(prepared(kb), known) for kb, known in ((both.old, before), (both.new, after)))
    return given, was, now


def is_honest(case):
    """Whether whoever answered a follow-up question was asked it."""
    asked = case.prepared.kb.asked_when
    return all(case.value(f"asked:{name}") for name in asked if case.is_answered(name))


@lru_cache(8)
def prepared(kb):
    return replace(prepare(kb), definitions=with_properties(kb))


def test_a_case_that_experta_does_not_confirm_is_not_shown(tmp_path, monkeypatch):
    fire = Engine.fire
    monkeypatch.setattr(Engine, "fire", lambda engine, answers: fire(engine, {}))
    with pytest.raises(Unconfirmed):
        comparing(tmp_path, ("value: 39", "value: 40")).compared()


def test_what_time_does_not_suffice_for_is_undecided(tmp_path):
    both = comparing(tmp_path, ("value: 39", "value: 40"))
    both.until = 0
    assert {each.status for each in both.compared()} == {"same", "undecided"}


# The command


WEAKER = BASE.replace("when: {signs: [chest, blood]}", "when: {signs: blood}")


@pytest.fixture
def repository(write, tmp_path):
    """A repository with two revisions of a base."""

    def git(*words):
        about = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *about, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    for number, text in enumerate((BASE, WEAKER)):
        write("base/base.yaml", text)
        write(
            "base/cases/ill.yaml", "{id: ill, answers: {signs: [chest]}, expect: {fired: [chest-or-blood]}}\n"
        )
        git("add", ".")
        git("commit", "-m", f"revision {number}")
    return tmp_path


def test_a_revision_is_compared_with_a_folder(repository, run):
    result = run("diff", "HEAD~1:base", "base")
    assert result.exit_code == 1
    assert "somebody becomes less urgent: now → none, only before by `chest-or-blood`" in result.stdout
    assert "say so: --allow-less-urgent chest-or-blood" in result.stdout
    assert "case 1: whoever answers\n    signs: [chest]\n" in result.stdout
    assert "changed in rules: chest-or-blood: when; means something else   base/base.yaml:" in result.stdout


def test_what_is_meant_is_allowed(repository, run):
    result = run("diff", "HEAD~1:base", "HEAD:base", "--allow-less-urgent", "chest-or-blood")
    assert result.exit_code == 0
    assert "nobody becomes less urgent, except by the allowed rules: proved" in result.stdout


def test_a_file_of_a_revision_and_the_same_twice(repository, run):
    result = run("diff", "HEAD:base/base.yaml", "base")
    assert result.exit_code == 0
    assert "no assessment changes: proved for every possible case" in result.stdout
    assert "no assessment changes" in run("diff", "base", "base").stdout
    assert "no assessment changes" in run("diff", "HEAD:base", "--kb", "base").stdout


def test_places_in_a_broken_revision_name_it(repository, run, write):
    write("base/base.yaml", BASE.replace("fever: yes", "fevr: yes"))
    subprocess.run(["git", "stash"], cwd=repository, check=True, capture_output=True)
    result = run("diff", "stash@{0}:base", "base")
    assert result.exit_code == 2
    assert "stash@{0}:base/base.yaml:15:18" in result.stderr
    assert "cartsign-" not in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing argument 'OLD'"),
        (("nowhere", "base"), "there is no file or folder `nowhere`"),
        (("HEAD", "base"), "write `HEAD:FOLDER`"),
        (("HEAD~9:base", "base"), "there is no revision `HEAD~9`"),
        (("mian:base", "base"), "did you mean `main`?"),
        ((":base", "base"), "write a revision before the colon"),
        (("HEAD:bse", "base"), "did you mean `HEAD:base`?"),
        (("HEAD:base/cases", "base"), "error["),
        (("--", "-x:base", "base"), "there is no revision `-x`"),
        (("base", "base", "base"), "is one version too many: only two can be compared"),
        (("base", "base/cases"), "not a knowledge base"),
        (("base", "base", "--allow-less-urgent", "chest-or-blod"), "did you mean `chest-or-blood`?"),
        (("base", "base", "--seconds", "0"), "write a whole number from 1"),
        (("empty", "base"), "the folder has no `.yaml` files"),
    ],
)
def test_wrong_usage_is_said_with_a_remedy(repository, run, words, said):
    (repository / "empty").mkdir()
    result = run("diff", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_without_git_and_outside_of_a_repository(run, write, monkeypatch, tmp_path):
    write("base.yaml", BASE)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "this folder is in no git repository" in run("diff", "HEAD:base.yaml", "base.yaml").stderr
    monkeypatch.setenv("PATH", "")
    result = run("diff", "HEAD:base.yaml", "base.yaml")
    assert result.exit_code == 2
    assert "git is not installed" in result.stderr


def test_a_link_in_a_revision_is_not_followed(repository, run):
    (repository / "base" / "other.yaml").symlink_to("/etc/hostname")
    about = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["add", "."], ["commit", "-m", "a link"]):
        subprocess.run(["git", *about, *words], cwd=repository, check=True, capture_output=True)
    result = run("diff", "HEAD:base", "HEAD~1:base")
    assert result.exit_code == 2
    assert "HEAD:base/other.yaml: error[link]: links are not read from a revision" in result.stderr


def test_cases_are_counted_and_named(repository, run, write):
    write("more.csv", "id,strong,signs\na,mild,chest\nb,severe,rash\nc,,chest|blood\n")
    result = run("diff", "HEAD~1:base", "base", "--cases", "base/cases", "more.csv", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    jsonschema.validate(document, SCHEMA)
    assert (document["cases"]["rows"], document["cases"]["different"]) == (4, 2)
    (found,) = [
        each for each in document["cases"]["changes"] if (each["kind"], each["name"]) == ("level", "now")
    ]
    assert (found["direction"], found["rows"], found["ids"]) == ("less urgent", 2, ["ill", "a"])


def test_people_of_a_population_are_counted(repository, run, write):
    write("people.yaml", "population: {about: some, answers: {signs: {chest: 50}, fever: 10}}\n")
    result = run("diff", "HEAD~1:base", "base", "--population", "people.yaml", "--people", "200")
    assert "of 200 cases in people.yaml, " in result.stdout
    assert re.search(r"below `now`: sample-\d+, sample-\d+", result.stdout)


def test_columns_count_what_experta_shows(tmp_path):
    """The number of cases that change, outcome by outcome, against the examples and their outcomes."""
    both = comparing(tmp_path, ("value: 39", "value: 40"), ("{points: 2, when", "{points: 3, when"))
    found = both.compared()
    ways = [[None, *every_answer(question)] for question in both.joined.questions.values()]
    cases = [case_of(both, answers) for answers in list(product(*ways))[::7]]
    counting = Counting(both, found)
    counting.add(Case(str(at), given) for at, (given, *_) in enumerate(cases))
    for outcome in outcomes(both.old, both.new, both.names):
        for direction, those in outcome.directions.items():
            showing = [
                str(at) for at, case in enumerate(cases) if any(shows(way, *case[1:]) for way in those)
            ]
            seen = counting.changes.get((outcome.kind, outcome.name, direction))
            assert (seen.rows if seen else 0) == len(showing), (outcome.kind, outcome.name, direction)
            assert (seen.ids if seen else []) == showing[:5]


def test_cases_under_old_names_are_read_by_both(run, write):
    write("old.yaml", BASE)
    new = (
        BASE.replace(*FORMERLY_QUESTION)
        .replace("{fever: yes}", "{hot: yes}")
        .replace("value: 39", "value: 40")
    )
    write("new.yaml", new)
    write(
        "cases.yaml",
        "- {id: a, answers: {fever: yes, degrees: 39}}\n- {id: b, answers: {hot: yes, degrees: 40}}\n",
    )
    result = run("diff", "old.yaml", "new.yaml", "--cases", "cases.yaml")
    assert "of 2 cases in cases.yaml, 1 (50.0 %) are assessed differently" in result.stdout


def test_markdown_has_tables_and_details(repository, run):
    result = run("diff", "HEAD~1:base", "base", "--format", "markdown")
    assert "| level | less urgent | `now`" in result.stdout
    assert result.stdout.count("<details>") == result.stdout.count("</details>") > 1


def test_another_questionnaire_altogether(run, write):
    write("old.yaml", BASE)
    write("new.yaml", OTHER)
    result = run("diff", "old.yaml", "new.yaml")
    assert result.exit_code == 1
    assert "removed in questions: strong" in result.stdout
    assert "added in questions: sneezes" in result.stdout
    assert "(only old.yaml asks this)" in result.stdout


OTHER = """\
knowledge_base: {name: other}
questions: {sneezes: {ask: Do you sneeze?, kind: yes_no}}
triage: {stay: {text: Stay}, leave: {text: Leave}}
rules:
  sneezing: {when: {sneezes: yes}, then: {triage: leave}, because: It is so., ours: true}
  silent: {when: {sneezes: no}, then: {triage: stay}, because: It is so., ours: true}
"""


def test_in_too_little_time_nothing_is_called_proved(run, write, monkeypatch):
    write("old.yaml", BASE)
    write("new.yaml", WEAKER)
    monkeypatch.setattr("engine.commands.diff.monotonic", lambda: -1e9)
    result = run("diff", "old.yaml", "new.yaml")
    assert result.exit_code == 3
    assert "undecided" in result.stdout
    assert "nobody becomes less urgent" not in result.stdout


MOVED = {
    "a question became an option": (
        ("{fever: yes}", "{signs: fever}"),
        ("  fever: {ask: Do you have a fever?, kind: yes_no}\n", ""),
        ("faint: fainting}", "faint: fainting, fever: fever}\n    formerly: {fever: {yes: fever}}"),
    ),
    "an option became a question": (
        (", faint: fainting", ""),
        ("{signs: faint}", "{faints: yes}"),
        (
            "  signs:\n",
            "  faints: {ask: Do you faint?, kind: yes_no, formerly: {others: {faint: yes}}}\n  symptoms:\n",
        ),
        (
            "blood: blood when coughing}",
            "blood: blood when coughing}\n    formerly: {others: {chest: chest, blood: blood, rash: rash}}",
        ),
        ("{signs: ", "{symptoms: "),
    ),
    "two options became one": (
        (
            "options: {mild: mild, severe: severe}",
            "options: {some: some}\n    formerly: {strong: {mild: some, severe: some}}",
        ),
        ("[mild, severe]", "some"),
        (", strong: severe}", ", strong: some}"),
    ),
}


@pytest.mark.parametrize("kind", MOVED)
def test_answers_that_moved_to_another_place_are_shared(kind, tmp_path):
    """Only what the merged options told apart changes."""
    old = (
        BASE.replace("  signs:\n", "  others:\n").replace("{signs: ", "{others: ")
        if "became a q" in kind
        else BASE
    )
    new = BASE
    for before, after in MOVED[kind]:
        assert before in new, before
        new = new.replace(before, after)
    found = changes(Comparing(*versions(tmp_path, old, new)).compared())
    if kind != "two options became one":
        assert found == {}
    else:
        assert found["level", "soon", "more urgent"].example.before == {"strong": "mild", "fever": True}
        assert found["level", "soon", "more urgent"].example.after == {"strong": "some", "fever": True}
        assert not any(each.is_fall for each in found.values())

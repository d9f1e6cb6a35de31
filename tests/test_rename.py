"""`cartsign rename`: what changes, what does not, and what is refused."""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine import load
from engine.authoring import rename
from engine.authoring.rename import KINDS, Shared, renamed, renaming
from engine.loading import read_uses

ROOT = Path(__file__).parent.parent
BASE = """\
knowledge_base: {name: coughs, version: 1}
sources: {B1: {title: The first article}}
claims:
  B1-1: {source: B1, claim: A wet cough needs a doctor.}
  B1-2: {source: B1, claim: A wet cough can wait.}
numbers: {old: {value: 65, ours: yes}}
questions:
  age: {ask: How old are you?, kind: number, unit: years, minimum: 0, maximum: 120}
  # What cough is, in a comment, stays.
  cough: {ask: What is the cough like?, kind: choice, options: {dry: dry, wet: wet}}
  eases:
    {ask: What eases it?, kind: choices, options: {tea: tea, "rest": rest}, asked_when: {cough: [dry, wet]}}
findings: {ill: an illness}
conditions: {pneumonia: {text: pneumonia}}
triage: {wait: {text: Wait}, doctor: {text: See a doctor}}
advice_kinds: {at_home: At home}
advice: {tea_drink: {kind: at_home, text: Drink tea.}}
texts: {why_tea: {text: Tea is hot., shown_with: {advice: tea_drink}}}
scores:
  lungs:
    text: lungs
    parts: [{question: cough, points: {wet: 2}}, {points: 1, when: {eases: [tea]}}]
    classes: {few: {at_most: 1}, many: otherwise}
rules:
  wet-cough:
    when: {'cough': wet, age: {at_least: old}}
    then: [{finding: ill}, {triage: doctor}]
    because: So
    claims: [B1-1]
  ill-lungs:
    when: {any: [{finding: ill}, {score: {lungs: {at_least: 2}}}, {class: {lungs: many}}]}
    then: {condition: pneumonia, support: possible}
    because: So it is.
    ours: yes
  tea: {when: {condition: {pneumonia: possible}}, then: {give: tea_drink}, because: So, ours: yes}
  wait: {when: {cough: dry}, then: {triage: wait}, because: So, ours: yes}
  no-tea: {when: {triage_at_least: doctor}, then: {hold_kind: at_home}, because: So, ours: yes}
consistency: {tea-alone: {when: {cough: dry, eases: none}, because: Dry coughs are eased.}}
disagreements:
  D1:
    about: tea
    when: {finding: ill}
    sides: [{says: one, claims: [B1-1]}, {says: two, claims: [B1-2]}]
    done: we wait
safety:
  wet-is-seen:
    {when: {cough: wet, age: {at_least: old}}, must: {triage_at_least: doctor}, because: So, ours: yes}
"""
CASES = """\
- id: one
  about: somebody whose cough is wet
  answers: {age: 70, cough: wet, eases: {tea: yes, rest: no}}
  expect:
    triage: {level: doctor, by_source: {B1: {level: doctor}}}
    findings: [ill]
    conditions: {pneumonia: {rules: [ill-lungs]}}
    scores: {lungs: {low: 3}}
    classes: {lungs: many}
    advice: {held: [tea_drink, {item: tea_drink}]}
    fired: [wet-cough]
    disagreements: [D1]
  expect_not: {texts: [why_tea], inconsistencies: ["asked_when:eases", tea-alone]}
"""
NAMES = {
    "source": "B1",
    "claim": "B1-1",
    "question": "cough",
    "option": "eases.tea",
    "class": "lungs.many",
    "finding": "ill",
    "condition": "pneumonia",
    "level": "doctor",
    "kind": "at_home",
    "advice": "tea_drink",
    "text": "why_tea",
    "number": "old",
    "score": "lungs",
    "rule": "tea",
    "inconsistency": "tea-alone",
    "disagreement": "D1",
    "property": "wet-is-seen",
}


@pytest.fixture
def base(tmp_path):
    """A folder with a knowledge base and a case that names nearly everything."""
    folder = tmp_path / "kb"
    (folder / "cases").mkdir(parents=True)
    (folder / "base.yaml").write_text(BASE)
    (folder / "cases" / "one.yaml").write_text(CASES)
    return folder


def texts(folder):
    return {path.name: path.read_text() for path in folder.rglob("*.yaml")}


def test_every_kind_can_be_renamed():
    assert NAMES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_and_back_is_the_same_bytes(kind, base, run):
    before, old = texts(base), NAMES[kind]
    assert run("rename", kind, old, "new_name", "--kb", "kb").exit_code == 0
    after = texts(base)
    of, dot, word = old.rpartition(".")
    assert after != before
    assert word not in {use.name for use in read_uses(base) if use.section == KINDS[kind]}
    assert run("test", "kb").stdout == "1 case: 1 passed\n"
    assert run("rename", kind, f"{of}{dot}new_name", word, "--kb", "kb").exit_code == 0
    assert texts(base) == before


def test_only_what_names_it_changes(base, run):
    """The question `cough` and not the text about it, the rule `tea` and not the option."""
    shown = run("rename", "question", "cough", "kind_of_cough", "--kb", "kb")
    assert (
        shown.stdout.splitlines()[-1] == "8 places in 2 files renamed; every place names what it named before"
    )
    text = (base / "base.yaml").read_text()
    assert text == BASE.replace("  cough: {ask", "  kind_of_cough: {ask").replace(
        "asked_when: {cough:", "asked_when: {kind_of_cough:"
    ).replace("{question: cough,", "{question: kind_of_cough,").replace(
        "'cough':", "'kind_of_cough':"
    ).replace("when: {cough:", "when: {kind_of_cough:")
    assert run("rename", "rule", "tea", "give-tea", "--kb", "kb").exit_code == 0
    assert "options: {tea: tea" in (base / "base.yaml").read_text()


@examples(8, 40)
@given(bases_with_cases(cases=1))
def test_every_name_of_a_drawn_base(tmp_path_factory, drawn):
    """A place that the reader forgot to note would keep the old name, and the files would not load."""
    path = tmp_path_factory.mktemp("kb") / "base.yaml"
    path.write_text(drawn[0])
    kb = load(path)
    named = [(kind, name) for kind, section in KINDS.items() for name in kb.places.get(section, ())]
    of_questions = ((each.name, getattr(each.kind, "options", ())) for each in kb.questions.values())
    named += [("option", f"{question}.{name}") for question, options in of_questions for name in options]
    named += [("class", f"{of}.{each.name}") for of, own in kb.classes.items() for each in own.classes]
    for kind, name in named:
        change = renaming(kind, name, "zz", kb)
        with suppress(Shared) if kind == "option" else nullcontext():
            (file,) = renamed(path, [], [], change).files
            assert (file.before, file.after != file.before) == (drawn[0], True)


def test_a_dry_run_writes_nothing(base, run):
    before = texts(base)
    shown = run("rename", "rule", "tea", "give-tea", "--kb", "kb", "--dry-run")
    assert "1 place in 1 file would be renamed" in shown.stdout
    assert texts(base) == before


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("c.json", '[{"id": "a", "answers": {"cough": "wet"}}]', '[{"id": "a", "answers": {"hack": "wet"}}]'),
        (
            "c.jsonl",
            '{"cough": "dry"}\n\n{"id": "b", "cough": "wet"}',
            '{"hack": "dry"}\n\n{"id": "b", "hack": "wet"}',
        ),
        (
            "c.yaml",
            "\ufeffid: a\r\nanswers: {'cough': \"wet\"}\r\n",
            "\ufeffid: a\r\nanswers: {'hack': \"wet\"}\r\n",
        ),
        (
            "c.yaml",
            "cases: [{id: cough, about: cough, answers: {}}]",
            "cases: [{id: cough, about: cough, answers: {}}]",
        ),
    ],
)
def test_case_files_elsewhere(name, text, after, base, run, tmp_path):
    (tmp_path / name).write_bytes(text.encode())
    assert run("rename", "question", "cough", "hack", "--kb", "kb", "--cases", name).exit_code == 0
    assert (tmp_path / name).read_bytes().decode() == after


def test_a_base_without_cases_yet(base, run):
    (base / "cases" / "one.yaml").unlink()
    assert run("rename", "rule", "tea", "give-tea", "--kb", "kb").exit_code == 0


def test_cases_named_twice_are_renamed_once_and_told(base, run):
    shown = run("rename", "finding", "ill", "unwell", "--kb", "kb", "--cases", "kb/cases/one.yaml")
    assert (shown.exit_code, "warning[file-twice]" in shown.stderr) == (0, True)
    assert "findings: [unwell]" in (base / "cases" / "one.yaml").read_text()


def test_tables_keep_the_old_name_and_are_named(base, run, tmp_path):
    (tmp_path / "c.csv").write_text("id,cough\na,wet\n")
    shown = run("rename", "question", "cough", "hack", "--kb", "kb", "--cases", "c.csv", "--formerly")
    assert "c.csv: tables are not rewritten" in shown.stdout
    assert run("assess", "c.csv", "--kb", "kb", "-o", "r.jsonl").exit_code == 0
    assert "fired" in (tmp_path / "r.jsonl").read_text()


def test_maps(base, run, tmp_path):
    text = "columns: {c: cough, tea: eases.tea}\nvalues:\n  cough: {nass: wet, dry: dry}\n"
    (tmp_path / "map.yaml").write_text(text)
    assert run("rename", "question", "cough", "hack", "--kb", "kb", "--map", "map.yaml").exit_code == 0
    assert run("rename", "option", "hack.wet", "moist", "--kb", "kb", "--map", "map.yaml").exit_code == 0
    assert run("rename", "option", "eases.tea", "black_tea", "--kb", "kb", "--map", "map.yaml").exit_code == 0
    assert (tmp_path / "map.yaml").read_text() == (
        "columns: {c: hack, tea: eases.black_tea}\nvalues:\n  hack: {nass: moist, dry: dry}\n"
    )


FORMERLY = {
    "question in brackets": (
        "question cough hack",
        "{ask: How?, kind: yes_no}",
        "hack: {ask: How?, kind: yes_no, formerly: cough}",
    ),
    "question in lines": (
        "question cough hack",
        "\n    ask: How?\n    kind: yes_no",
        "hack: \n    ask: How?\n    formerly: cough\n    kind: yes_no",
    ),
    "a second old name": (
        "question cough hack",
        "{ask: How?, kind: yes_no, formerly: whoop}",
        "hack: {ask: How?, kind: yes_no, formerly: {whoop: {}, cough: {}}}",
    ),
    "a third": (
        "question cough hack",
        "{ask: How?, kind: yes_no, formerly: {whoop: {}, bark: {}}}",
        "hack: {ask: How?, kind: yes_no, formerly: {whoop: {}, bark: {}, cough: {}}}",
    ),
    "option": (
        "option cough.wet moist",
        "{ask: How?, kind: choice, options: {wet: wet, dry: dry}}",
        "cough: {ask: How?, kind: choice, options: {moist: wet, dry: dry}, formerly: {cough: {wet: moist}}}",
    ),
    "a second option": (
        "option cough.wet moist",
        "{ask: How?, kind: choice, options: {wet: wet, dry: dry}, formerly: {cough: {arid: dry}}}",
        "cough: {ask: How?, kind: choice, options: {moist: wet, dry: dry},"
        " formerly: {cough: {arid: dry, wet: moist}}}",
    ),
    "an option renamed again": (
        "option cough.wet moist",
        "{ask: How?, kind: choice, options: {wet: wet, dry: dry}, formerly: {cough: {damp: wet}}}",
        "cough: {ask: How?, kind: choice, options: {moist: wet, dry: dry},"
        " formerly: {cough: {damp: moist, wet: moist}}}",
    ),
}


@pytest.mark.parametrize("name", FORMERLY)
def test_the_old_name_is_declared(name, run, write, tmp_path):
    words, question, after = FORMERLY[name]
    base = "knowledge_base: {{name: coughs}}\nquestions:\n  cough: {}\n  age: {{ask: So?, kind: yes_no}}\n"
    write("b.yaml", base.format(question))
    shown = run("rename", *words.split(), "--kb", "b.yaml", "--formerly")
    assert shown.exit_code == 0, shown.output
    assert after in (tmp_path / "b.yaml").read_text()
    old, new = words.split()[1:]
    said = {"cough": "yes"} if "." not in old else {"cough": old.partition(".")[2]}
    write("c.json", json.dumps([{"id": "a", "answers": {**said, "age": True}}]))
    assert run("assess", "c.json", "--kb", "b.yaml", "-o", "r.jsonl").exit_code == 0, new


REFUSED = {
    "question coughs x": "did you mean `cough`?",
    "question cough age": "`age` is already the name of something else",
    "question cough tea_drink": "`tea_drink` is already the name of something else",
    "question cough any": "it is a reserved word",
    "question cough id": "tables of cases have a column with that name",
    "question cough 2nd": "begin with a letter",
    "option cough.wet dry": "`dry` is already the name of something else",
    "option cough.wett dry": "did you mean `wet`?",
    "option wet dry": "write `QUESTION.OPTION`",
    "option coughs.wet x": "there is no question `coughs`",
    "question cough cough": "`cough` is already the name of something else",
    "question": "Missing argument",
    "thing a b": "is not one of",
    "rule tea x --formerly": "`--formerly` is for questions and options",
    "rule tea x --cases no.yaml": "there is no such file",
    "rule tea x --map no.yaml": "no.yaml",
    "rule tea x --cases torn.yaml": "is not closed",
    "rule tea x --kb no": "there is no file or folder `no`",
}


@pytest.mark.parametrize("words", REFUSED)
def test_refused_and_nothing_written(words, base, run, tmp_path):
    (tmp_path / "torn.yaml").write_text("- {id: a")
    before = texts(base)
    kb = [] if "--kb" in words else ["--kb", "kb"]
    shown = run("rename", *words.split(), *kb)
    assert (shown.exit_code, REFUSED[words] in shown.output) == (2, True), shown.output
    assert texts(base) == before


def test_a_full_disk_leaves_every_file_as_it_was(base, run, monkeypatch):
    before, whole = texts(base), rename.write_whole

    def no_room(path, text):
        if path.name == "one.yaml":
            raise OSError(28, "No space left on device")
        whole(path, text)

    monkeypatch.setattr(rename, "write_whole", no_room)
    shown = run("rename", "question", "cough", "hack", "--kb", "kb")
    assert shown.exit_code == 2
    assert (
        "one.yaml: error[cannot-write]: the file cannot be written: no space left on device" in shown.output
    )
    assert texts(base) == before


def test_a_write_protected_file_is_named_and_nothing_written(base, run, monkeypatch):
    before = texts(base)
    monkeypatch.setattr(rename.os, "access", lambda path, mode: path.name != "one.yaml")
    shown = run("rename", "question", "cough", "hack", "--kb", "kb")
    assert (shown.exit_code, "one.yaml: error[file-readonly]" in shown.output) == (2, True)
    assert texts(base) == before


def test_a_word_that_names_options_of_two_questions_is_left_to_people(write, run):
    options = "kind: choice, options: {some: some, most: most}"
    write(
        "b.yaml",
        "knowledge_base: {name: moods}\n"
        f"questions: {{low: {{ask: Low?, {options}}}, tired: {{ask: Tired?, {options}}}}}\n"
        "scores: {mood: {text: mood, parts: [{each: [low, tired], points: {most: 1}}]}}\n",
    )
    shown = run("rename", "option", "low.most", "often", "--kb", "b.yaml")
    assert shown.exit_code == 2
    assert "b.yaml:3:67: error[shared-name]: `most` names one of `tired` here, too" in shown.output


def test_a_name_spelt_with_escapes_is_left_to_people(base, run):
    (base / "base.yaml").write_text(BASE.replace("'cough': wet", '"c\\x6fugh": wet'))
    shown = run("rename", "question", "cough", "hack", "--kb", "kb")
    assert (shown.exit_code, "write it as one plain word" in shown.output) == (2, True)


def test_every_option_of_the_bundled_base_has_its_places(kb):
    """Each name of a question or an option in `kb/` is where the reader says."""
    uses = read_uses(ROOT / "kb")
    declared = {(use.of, use.name) for use in uses if use.section == "options"}
    for question in kb.questions.values():
        assert {(question.name, each) for each in getattr(question.kind, "options", ())} <= declared
    assert all(use.name in use.span.source[use.span.column - 1 : use.span.end] for use in uses)


@pytest.mark.parametrize("change", ["question eased_by what_helps", "level urgent same_day", "source S3 A3"])
def test_the_bundled_base(change, kb):
    kind, old, new = change.split()
    cases = sorted((ROOT / "kb" / "cases").glob("*.yaml"))
    found = renamed(ROOT / "kb", cases, [], renaming(kind, old, new, kb))
    assert len(found.files) > 10
    assert found.left == ()

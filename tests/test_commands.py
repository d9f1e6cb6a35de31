"""The command line, as a person uses it: files and words in, pages, lines and exit codes out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from engine.commands import main

BUNDLED = Path(__file__).parent.parent / "kb"
GOLDEN = Path(__file__).parent / "golden" / "pages"
BROKEN_KB = "rules:\n  r:\n    when: {no_such_question: yes}\n    then: {finding: nothing}\n    because: x\n"
NO_TRIAGE_KB = """
knowledge_base: {name: tiny, version: 1}
questions:
  coughs: {ask: Do you cough?, kind: yes_no}
findings: {cough: a cough}
rules:
  coughing: {when: {coughs: yes}, then: {finding: cough}, because: A cough is a cough., ours: true}
"""

STORIES = {
    "emergency": "fever: yes, fever_days: 3, cough: dry",
    "doctor": "fever: no, cough: wet, eases: [tea]",
    "open": "cough: dry",
    "nothing-answered": "",
    "nothing-applies": "fever: no, cough: none_at_all, eases: none",
    "clash": "fever: no, fever_days: 3, cough: none_at_all, eases: [tea]",
    "against": "fever: no, cough: wet, eases: [rest]",
    "nothing-called-for": "fever: yes, cough: none_at_all, eases: none",
    "ours-alone": "fever: no, cough: none_at_all, eases: none, worried: yes",
    "not-known": "fever: unknown, cough: dry, eases: {tea: no}",
}
EMERGENCY = "id: x\nanswers: {bladder_or_bowel: [lost_bladder_control], walking_effect: begins}\n"


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("everything", [False, True], ids=["page", "all"])
def test_page_of_one_case(story, everything, run, write, request):
    file = write("case.yaml", f"id: {story}\nabout: a story\nanswers: {{{STORIES[story]}}}\n")
    shown = run("assess", file, "--kb", str(GOLDEN / "base.yaml"), *(["--all"] if everything else []))
    golden = GOLDEN / f"{story}{'.all' if everything else ''}.txt"
    if request.config.getoption("--update-golden", default=False):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(shown.stdout)
    assert shown.exit_code == 0
    assert shown.stdout == golden.read_text()


def test_emergency_page_has_the_reason_where_to_go_what_to_do_and_nothing_else(run, write):
    page = run("assess", write("case.yaml", EMERGENCY)).stdout
    assert "emergency room" in page
    assert "sit down" in page
    assert "no diagnosis" in page
    assert all(word not in page for word in ("cold pack", "Still", "behind it", "articles differ"))


def test_one_case_writes_no_file_many_do(run, write, tmp_path):
    run("assess", write("one.yaml", "id: a\nanswers: {}\n"))
    assert not list(tmp_path.glob("*.jsonl"))
    shown = run(
        "assess", write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {symptoms_worsening: yes}}\n")
    )
    written = [json.loads(line) for line in (tmp_path / "assessments.jsonl").read_text().splitlines()]
    assert [each["id"] for each in written] == ["a", "b"]
    assert written[1]["triage"]["level"] == "urgent"
    assert "2 cases assessed" in shown.stdout
    assert "results in assessments.jsonl" in shown.stdout


def test_one_case_shows_its_page_and_writes_a_file_that_is_named(run, write, tmp_path):
    shown = run("assess", write("one.yaml", "id: a\nanswers: {symptoms_worsening: yes}\n"), "-o", "out.jsonl")
    assert "Be seen today" in shown.stdout
    assert json.loads((tmp_path / "out.jsonl").read_text())["triage"]["level"] == "urgent"


def test_lines_of_json_and_a_file_at_once(run, write, tmp_path):
    file = write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {}}\n")
    shown = run("assess", file, "--json", "-o", "out.jsonl")
    assert shown.stdout == (tmp_path / "out.jsonl").read_text()


def test_json_of_many_cases_writes_no_file_by_itself(run, write, tmp_path):
    run("assess", write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {}}\n"), "--json")
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.parametrize("target", ["experta", "columns"])
def test_json_lines_from_standard_input_to_standard_output(target, run):
    lines = '{"id": "a", "answers": {"symptoms_worsening": true}}\n\n{"id": "b", "answers": {}}\n'
    shown = run("assess", "--json", "--target", target, "-", stdin=lines)
    assert shown.exit_code == 0
    levels = [json.loads(line)["triage"]["level"] for line in shown.stdout.splitlines()]
    assert levels == ["urgent", None]


def test_same_cases_give_the_same_bytes(run, write):
    file = write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {symptoms_worsening: yes}}\n")
    assert run("assess", file, "--json").stdout == run("assess", file, "--json").stdout


def test_bad_case_is_named_and_the_others_are_assessed(run, write):
    file = write(
        "three.yaml",
        "- {id: a, answers: {}}\n- {id: b, answers: {symptoms_worse: yes}}\n- {id: c, answers: {}}\n",
    )
    shown = run("assess", file, "--json")
    assert shown.exit_code == 1
    assert [json.loads(line)["id"] for line in shown.stdout.splitlines()] == ["a", "c"]
    assert "three.yaml:2:21: error[unknown-question]: there is no question `symptoms_worse`" in shown.stderr
    assert "rejected because of the problems above: 1 case, row or file" in shown.stderr


def test_only_bad_cases(run, write, tmp_path):
    shown = run("assess", write("bad.yaml", "- {id: b, answers: {symptoms_worse: yes}}\n"))
    assert (shown.exit_code, shown.stdout) == (4, "")
    assert not list(tmp_path.glob("*.jsonl"))


def test_broken_knowledge_base_is_not_used(run, write):
    shown = run("assess", "--kb", write("kb.yaml", BROKEN_KB), write("case.yaml", "answers: {}"))
    assert shown.exit_code == 2
    assert "error[unknown-question]" in shown.stderr
    assert shown.stdout == ""


def test_check_says_what_is_wrong_or_that_nothing_is(run, write):
    fine = run("check")
    assert fine.exit_code == 0
    assert "no problems" in fine.stdout
    broken = run("check", write("kb.yaml", BROKEN_KB))
    assert broken.exit_code == 2
    assert "kb.yaml:3:12: error[unknown-question]" in broken.stdout
    write("kb/rules.yaml", NO_TRIAGE_KB)
    write("kb/cases/a.yaml", "id: a\nanswers: {cough: yes}\n")
    cases = run("check", "kb")
    assert cases.exit_code == 2
    assert "a.yaml:2:11: error[unknown-question]" in cases.stdout
    missing = run("check", "no/such/folder")
    assert missing.exit_code == 2
    assert "no/such/folder" in missing.stdout


def test_knowledge_base_without_triage_or_advice(run, write):
    kb = write("tiny.yaml", NO_TRIAGE_KB)
    page = run("assess", "--kb", kb, write("case.yaml", "id: x\nanswers: {coughs: yes}"))
    assert page.exit_code == 0
    assert "a cough" in page.stdout
    assessment = json.loads(run("assess", "--kb", kb, "case.yaml", "--json").stdout)
    assert assessment["triage"] is None
    assert assessment["advice"] == {"given": [], "given_unless": [], "held": [], "pending": []}
    two = write("two.yaml", "- {id: a, answers: {coughs: yes}}\n- {id: b, answers: {}}\n")
    assert "cough" in run("assess", "--kb", kb, two).stdout
    both = run("assess", "--kb", kb, two, "--json").stdout.splitlines()
    assert json.loads(both[0])["findings"] == ["cough"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["assess", "case.yaml", "-o", "out.xlsx"], "output-kind"),
        (["assess", "cases.jsonl", "-o", "cases.jsonl"], "output-is-input"),
        (["assess", ".", "-o", "new.jsonl"], "output-is-input"),
        (["assess", "case.yaml", "-o", "no/such/folder/out.jsonl"], "output-place"),
        (["assess", "case.yaml", "-o", ""], "-o: error[output-kind]"),
        (["assess", "case.yaml", "--kb", "kb.jsonl", "-o", "kb.jsonl"], "output-is-input"),
        (["assess", "case.yaml", "--kb", "kb", "-o", "kb/deep/out.jsonl"], "must not be in `kb`"),
        (["assess", "case.yaml", "-o", str(BUNDLED / "out.jsonl")], "output-is-input"),
        (["assess"], "Missing argument"),
        (["assess", "case.yaml", "--target", "clips"], "'clips' is not one of"),
        (["asess", "case.yaml"], "No such command 'asess'. (Did you mean 'assess'?)"),
        (["evaluate", "case.yaml"], "No such command 'evaluate'."),
        (["assess", "cases.jsonl", "--case", "a", "--report", "r.html"], "error[one-case]"),
        (["assess", "cases.jsonl", "--case", "a", "--near-misses"], "error[one-case]"),
        (["assess", "cases.jsonl", "-o", "folder.csv"], "this is a folder"),
        (["assess", "cases.jsonl", "-o", "out.csv", "--report", "locked/r.html"], "there is no permission"),
        (["assess", "cases.jsonl", "-o", "locked.csv"], "there is no permission"),
    ],
)
def test_wrong_usage(words, said, run, write, monkeypatch):
    write("case.yaml", "id: a\nanswers: {}\n")
    write("cases.jsonl", '{"id": "a", "answers": {}}\n{"id": "b", "answers": {}}\n')
    write("kb.jsonl", NO_TRIAGE_KB)
    write("kb/deep/kb.yaml", NO_TRIAGE_KB)
    write("locked.csv", "")
    for folder in ("folder.csv", "locked"):
        Path(folder).mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: "locked" not in str(path))
    shown = run(*words)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert Path("kb.jsonl").read_text() == NO_TRIAGE_KB


def test_a_misspelt_command_is_not_told_of_while_it_is_typed():
    completing = BashComplete(main, {}, "cartsign", "_CARTSIGN_COMPLETE")
    assert not any(each.value == "--unique-id" for each in completing.get_completions(["asess"], "--un"))
    assert [each.value for each in completing.get_completions(["assess"], "--un")] == ["--unique-id"]


def test_missing_file_is_named(run):
    shown = run("assess", "no-such-file.yaml")
    assert shown.exit_code == 4
    assert "no-such-file.yaml" in shown.stderr


def test_a_failed_run_sets_earlier_results_aside(run, write, tmp_path, monkeypatch):
    file = write("two.yaml", "- {id: a, answers: {}}\n- {id: b, answers: {}}\n")
    (tmp_path / "out.jsonl").write_text("earlier\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("engine.batch.journal.Journal.add", full)
        shown = run("assess", file, "-o", "out.jsonl")
    assert shown.exit_code == 3
    assert "no space left on device" in shown.stderr
    assert not (tmp_path / "out.jsonl").exists()
    assert (tmp_path / "out.jsonl.earlier").read_text() == "earlier\n"
    assert run("assess", file, "-o", "out.jsonl", "--resume").exit_code == 0
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_ids_and_stories_cannot_write_on_the_terminal(run, write):
    hostile = '"\\e[31m[red]a\\nb"'
    file = write("case.yaml", f"id: {hostile}\nabout: {hostile}\nanswers: {{}}\n")
    assert "\x1b" not in run("assess", file).stdout
    two = write("two.yaml", f"- {{id: {hostile}, answers: {{}}}}\n- {{id: b, answers: {{}}}}\n")
    shown = run("assess", two).stdout
    assert "\x1b" not in shown
    assert "[red]a" in shown


ALIKE = """
knowledge_base: {name: alike, version: 1}
questions:
  arm: {ask: How is the arm?, kind: choice, options: {sore: sore, well: well}}
  leg: {ask: How is the leg?, kind: choice, options: {sore: sore, well: well}}
  ill: {ask: Are you ill?, kind: yes_no}
advice_kinds: {home: At home}
advice:
  rest: {kind: home, text: Rest.}
  walk: {kind: home, text: Walk.}
  swim: {kind: home, text: Swim.}
  climb: {kind: home, text: Climb.}
rules:
  all-of-it: {when: always, then: {give: [rest, walk, swim, climb]}, because: It helps., ours: true}
  sore-arm: {when: {arm: sore}, then: {hold: [walk, climb]}, because: So., ours: true}
  sore-leg: {when: {leg: sore}, then: {hold: [swim, climb]}, because: So., ours: true}
"""


def test_questions_with_the_same_options_each_have_theirs(run, write):
    page = run("assess", "--kb", write("kb.yaml", ALIKE), write("one.yaml", "id: a\nanswers: {}\n")).stdout
    assert page.count("(sore; well; I don't know)\n") == 2


def test_conditions_that_overlap_are_each_said_in_full(run, write):
    file = write("one.yaml", "id: a\nanswers: {}\n")
    page = run("assess", "--all", "--kb", write("kb.yaml", ALIKE), file).stdout
    conditions = page.split("Only if none of these applies\n")[1:]
    assert [each.count("✗") for each in conditions] == [1, 1, 2]


THREE = (
    "- {id: a, answers: {symptoms_worse: yes}}\n"
    "- {id: b, answers: {symptoms_worsening: yes}}\n"
    "- {id: carla, answers: {}}\n"
)


def test_one_case_out_of_many_has_its_page(run, write):
    shown = run("assess", write("three.yaml", THREE), "--case", "b")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("b\n\nBe seen today\n")
    assert shown.stderr == ""
    assert not Path("assessments.jsonl").exists()


def test_one_case_out_of_many_as_a_line(run, write):
    shown = run("assess", write("three.yaml", THREE), "--case", "b", "--json")
    assert [json.loads(line)["id"] for line in shown.stdout.splitlines()] == ["b"]


def test_a_case_that_is_not_there(run, write):
    shown = run("assess", write("three.yaml", THREE), "--case", "karla")
    assert shown.exit_code == 2
    said = "three.yaml: error[unknown-case]: there is no readable case `karla`"
    assert f"{said}\n  help: did you mean `carla`?" in shown.stderr
    assert "did you mean `symptoms_worsening`?" in shown.stderr
    assert shown.stdout == ""

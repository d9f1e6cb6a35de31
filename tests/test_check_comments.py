"""Comments that allow what a check finds: which entry they are about, and what is said of the comments."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import examined

from engine.checks import findings

NEVER = "{all: [{strength: mild}, {strength: severe}]}"
RULE = (
    f"    when: {NEVER}\n    then: {{finding: ill}}\n    because: It calls for attention.\n    ours: true\n"
)
BECAUSE = "# cartsign: allow never-fires because it is kept for next year"


def codes(folder: Path, text: str) -> list[str]:
    """The codes of what is found in a text, in order."""
    found = findings(examined(folder / "kb", text))
    return [f"{each.code}:{each.span.line}" for each in found if each.span.file.endswith("example.yaml")]


@pytest.mark.parametrize(
    "text",
    [
        f"rules:\n  {BECAUSE}\n  a-rule:\n{RULE}",
        f"rules:\n  a-rule:  {BECAUSE}\n{RULE}",
        f"rules:\n  a-rule:\n    {BECAUSE}\n{RULE}",
        f"rules:\n  a-rule:\n{RULE}    {BECAUSE}\n",
        f"rules:\n  {BECAUSE}\n  # and another remark\n  a-rule:\n{RULE}",
        f"rules:\n# cartsign: allow never-fires because it is kept for next year\n  a-rule:\n{RULE}",
        f"rules:\n  #cartsign:allow never-fires because it is kept\n  a-rule:\n{RULE}",
        f"rules:\n  # cartsign: allow never-fires because it is kept, because we say so\n  a-rule:\n{RULE}",
    ],
    ids=["above", "beside", "inside", "at-the-end", "above-a-remark", "unindented", "tight", "twice-because"],
)
def test_a_comment_allows_what_is_found_in_its_entry(text, tmp_path):
    assert codes(tmp_path, text) == []


def test_windows_line_ends_change_nothing(tmp_path):
    text = f"rules:\n  {BECAUSE}\n  a-rule:\n{RULE}".replace("\n", "\r\n")
    assert codes(tmp_path, text) == []


def test_one_comment_may_allow_several_and_several_comments_one_entry(tmp_path):
    twice = "{all: [{strength: mild}, {strength: severe}, {strength: mild}]}"
    text = f"rules:\n  %s\n  a-rule:\n{RULE.replace(NEVER, twice)}"
    assert codes(tmp_path / "1", text % "# nothing") == ["never-fires:3", "same-part-twice:4"]
    both = "# cartsign: allow never-fires, same-part-twice because it is kept"
    assert codes(tmp_path / "2", text % both) == []
    apart = f"{BECAUSE}\n  # cartsign: allow same-part-twice because of a reason"
    assert codes(tmp_path / "3", text % apart) == []


def test_a_comment_is_about_one_entry_alone(tmp_path):
    text = f"rules:\n  {BECAUSE}\n  a-rule:\n{RULE}  another-rule:\n{RULE.replace('attention', 'looking at')}"
    assert "never-fires:8" in codes(tmp_path, text)


def test_a_comment_between_two_entries_is_about_the_next_one(tmp_path):
    fine = RULE.replace(NEVER, "{strength: mild}").replace("{finding: ill}", "{give: lie_down}")
    fine = fine.replace("attention", "nothing")
    text = f"rules:\n  a-rule:\n{RULE}  {BECAUSE}\n  another-rule:\n{fine}"
    assert codes(tmp_path, text) == ["never-fires:2", "allow-unused:7"]


def test_without_a_reason_nothing_is_allowed(tmp_path):
    text = f"rules:\n  # cartsign: allow never-fires\n  a-rule:\n{RULE}"
    assert codes(tmp_path / "1", text) == ["allow-without-reason:2", "never-fires:3"]
    text = text.replace("never-fires\n", "never-fires because\n")
    assert codes(tmp_path / "2", text) == ["allow-without-reason:2", "never-fires:3"]


def test_a_misspelt_id_is_told_with_the_one_that_was_meant(tmp_path):
    text = f"rules:\n  # cartsign: allow nver-fires because it is kept\n  a-rule:\n{RULE}"
    found = [each for each in findings(examined(tmp_path / "kb", text)) if each.code == "allow-unknown"]
    assert [each.help for each in found] == ["did you mean `never-fires`?"]


@pytest.mark.parametrize("said", ["alow never-fires because it is kept", "never-fires", "allow", ""])
def test_a_comment_without_a_meaning_is_told(said, tmp_path):
    text = f"rules:\n  # cartsign: {said}\n  a-rule:\n{RULE}"
    assert codes(tmp_path, text) == ["allow-without-reason:2", "never-fires:3"]


@pytest.mark.parametrize("text", ['"It is. {0}"', "'It is. {0}'", "|\n      It is.\n      {0}"])
def test_what_stands_in_a_text_is_no_comment(text, tmp_path):
    said = text.format("# cartsign: allow never-fires because it is kept")
    rule = f"    when: {NEVER}\n    then: {{finding: ill}}\n    because: {said}\n    ours: true\n"
    assert "never-fires:2" in codes(tmp_path, f"rules:\n  a-rule:\n{rule}")


def test_a_comment_without_its_colon_is_told(tmp_path):
    text = f"rules:\n  # cartsign allow never-fires because it is kept\n  a-rule:\n{RULE}"
    assert codes(tmp_path, text) == ["allow-without-reason:2", "never-fires:3"]


@pytest.mark.parametrize(
    "because", ["because, well, it is kept", "because: it is kept", "because it is, yes"]
)
def test_ids_end_at_the_word_because(because, tmp_path):
    text = f"rules:\n  # cartsign: allow never-fires {because}\n  a-rule:\n{RULE}"
    assert codes(tmp_path, text) == []


def test_a_comment_about_no_entry_is_told(tmp_path):
    text = f"{BECAUSE}\n\nrules:\n  a-rule:\n{RULE}"
    assert codes(tmp_path, text) == ["allow-unused:1", "never-fires:4"]


def test_what_is_mended_needs_no_comment_any_more(tmp_path):
    text = f"rules:\n  a-rule:\n    {BECAUSE}\n{RULE.replace(NEVER, '{strength: mild}')}"
    assert codes(tmp_path, text) == ["allow-unused:3"]


def test_the_word_in_other_comments_and_texts_is_nothing(tmp_path):
    text = f"# what cartsign: reads\nrules:\n  a-rule:\n{RULE}".replace(NEVER, "{strength: mild}")
    assert codes(tmp_path, text.replace("It calls", "The word cartsign calls")) == []


def test_a_question_a_condition_and_a_case_can_be_allowed_too(tmp_path):
    text = (
        "questions:\n"
        "  cough: {ask: Do you cough?, kind: yes_no}  # cartsign: allow unused-question because S9 will ask\n"
    )
    cases = (
        "# cartsign: allow untold-case because it only has to be read\n- id: bare\n  answers: {weeks: 3}\n"
    )
    found = findings(examined(tmp_path / "kb", text, cases))
    assert [each for each in found if each.span.file.endswith("example.yaml")] == []


def test_a_base_without_cases_can_be_allowed_with_its_name(tmp_path):
    text = "knowledge_base:\n  name: small\n  # cartsign: allow no-cases because it is an example\n"
    assert "no-cases" in [each.code for each in findings(examined(tmp_path / "1", "", ""))]
    assert not {"no-cases", "allow-unused"} & {
        each.code for each in findings(examined(tmp_path / "2", text, ""))
    }

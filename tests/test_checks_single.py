"""What single checks see, and what they let pass, beyond the examples of their pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import examined

from engine.checks import findings


def rule(name: str, when: str, then: str, rest: str = "ours: true") -> str:
    return f"  {name}:\n    when: {when}\n    then: {then}\n    because: The reason of {name}.\n    {rest}\n"


def messages(folder: Path, code: str, text: str, cases: str | None = None) -> list[str]:
    """What a check says of a text."""
    found = findings(examined(folder / "kb", text, cases))
    return [each.message for each in found if each.code == code and each.span.file.endswith("example.yaml")]


EMERGENCY = "{triage: emergency}"
SKIN = "questions:\n  skin: {{ask: How is the skin?, kind: {}, options: {{red: r, blue: b, pale: p}}}}\n"


def test_the_way_to_a_not_is_named(tmp_path):
    text = "findings:\n  calm: calm\n  quiet: quiet\nrules:\n"
    text += rule("calm", "{not: {fever: yes}}", "{finding: calm}")
    text += rule("quiet", "{finding: calm, chills: no}", "{finding: quiet}")
    text += rule("urgent", "{finding: quiet}", EMERGENCY)
    assert messages(tmp_path, "not-in-triage", text) == [
        "triage rule `urgent` reads `finding: quiet`, which reads `finding: calm`, which reads `not`"
    ]


def test_unless_is_a_not(tmp_path):
    text = "rules:\n" + rule("urgent", "{chills: yes}\n    unless: {fever: yes}", EMERGENCY)
    assert messages(tmp_path, "not-in-triage", text) == ["triage rule `urgent` reads `not`"]


@pytest.mark.parametrize(
    ("points", "bound", "told"),
    [
        ("1", "at_least: 1", []),
        ("1", "at_most: 0", ["triage rule `urgent` reads `at_most` on score `s`"]),
        ("-1", "at_least: 0", ["triage rule `urgent` reads score `s`, which has negative points"]),
    ],
)
def test_a_score_that_can_fall_is_like_a_not(points, bound, told, tmp_path):
    text = f"scores:\n  s: {{parts: [{{points: {points}, when: {{fever: yes}}}}]}}\nrules:\n"
    text += rule("urgent", f"{{score: {{s: {{{bound}}}}}}}", EMERGENCY)
    assert messages(tmp_path, "not-in-triage", text) == told


def test_a_not_in_what_no_triage_rule_reads_is_let_pass(tmp_path):
    text = "rules:\n" + rule("rest", "{not: {fever: yes}}", "{give: lie_down}")
    assert messages(tmp_path, "not-in-triage", text) == []


def test_a_finding_of_another_article_is_seen_through_rules_of_ours(tmp_path):
    text = "findings:\n  named: named\nrules:\n" + rule(
        "named", "{finding: ill, chills: no}", "{finding: named}"
    )
    urgent = rule("urgent", "{finding: named}", EMERGENCY, "claims: [%s]")
    assert messages(tmp_path / "1", "other-article", text + urgent % "S2-02") == [
        "triage rule `urgent` cites S2 but reads `finding: named`, which only S1 supports"
    ]
    assert messages(tmp_path / "2", "other-article", text + urgent % "S1-03") == []
    text += rule("too", "{chills: yes}", "{finding: named}")
    assert messages(tmp_path / "3", "other-article", text + urgent % "S2-02") == []


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("{skin: red}", ["nothing reads the options `blue`, `pale` of `skin`"]),
        ("{skin: [red, blue]}", ["nothing reads option `pale` of `skin`"]),
        ("{skin: [red, blue, pale]}", []),
        ("{skin: none}", []),
        ("{skin: {at_least: 2}}", []),
    ],
)
def test_of_choices_every_option_is_read_by_name_or_by_a_count(when, told, tmp_path):
    text = SKIN.format("choices") + "rules:\n"
    assert messages(tmp_path, "unused-option", text + rule("a", when, "{finding: ill}")) == told


def test_points_read_options_too(tmp_path):
    text = SKIN.format("choice")
    text += "scores:\n  s: {parts: [{question: skin, points: {red: 1, blue: 2}}]}\nrules:\n"
    text += rule("a", "{score: {s: {at_least: 1}}}", "{finding: ill}")
    assert messages(tmp_path, "unused-option", text) == []


@pytest.mark.parametrize(
    ("loose", "strict"),
    [
        ("{chills: yes}", "{chills: yes, weeks: {above: 3}}"),
        ("{weeks: {above: 3}}", "{weeks: {above: 4}}"),
        ("{weeks: {above: 3}}", "{weeks: {at_least: 4, below: 9}}"),
        ("{eased_by: [resting, sitting]}", "{eased_by: resting}"),
        ("{strength: [mild, moderate]}", "{strength: mild, chills: no}"),
        ("{any: [{chills: yes}, {weak_legs: yes}]}", "{weak_legs: yes}"),
        ("{any: [{chills: yes}, {weak_legs: yes}]}", "{all: [{weak_legs: yes}, {fever: no}]}"),
        ("{strength: [mild, moderate]}", "{any: [{strength: mild}, {strength: moderate}]}"),
        ("always", "{chills: yes}"),
        ("{eased_by: {at_least: 1}}", "{eased_by: {at_least: 2}}"),
    ],
)
def test_a_rule_that_asks_for_more_and_concludes_no_more_is_superfluous(loose, strict, tmp_path):
    for at, (first, second) in enumerate(((loose, strict), (strict, loose))):
        text = "findings:\n  odd: odd\nrules:\n"
        text += rule("first", first, "{finding: odd}") + rule("second", second, "{finding: odd}")
        less, more = ("second", "first") if at == 0 else ("first", "second")
        told = f"whenever rule `{less}` fires, rule `{more}` concludes at least as much"
        assert messages(tmp_path / str(at), "subsumed", text) == [told]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("{chills: yes}", "{finding: odd}"), ("{fever: yes}", "{finding: odd}")),
        (("{weeks: {above: 4}}", "{finding: odd}"), ("{weeks: {below: 9}}", "{finding: odd}")),
        (
            ("{chills: yes}", "{condition: infection, support: possible}"),
            ("{chills: yes, fever: yes}", "{condition: infection, support: hallmark}"),
        ),
        (
            ("{chills: yes}", "{finding: odd}"),
            ("{chills: yes, fever: no}", "[{finding: odd}, {give: lie_down}]"),
        ),
        (("{chills: yes}", "{triage: see_doctor}"), ("{chills: yes, fever: no}", "{triage: emergency}")),
    ],
)
def test_a_rule_that_adds_something_is_not_superfluous(first, second, tmp_path):
    text = "findings:\n  odd: odd\nrules:\n" + rule("basic", "{chills: no, weak_legs: no}", "{finding: odd}")
    text += rule("first", *first) + rule("second", *second)
    assert messages(tmp_path, "subsumed", text) == []


def test_of_two_rules_of_two_articles_neither_is_superfluous(tmp_path):
    text = "rules:\n" + rule("one", "{chills: yes}", EMERGENCY, "claims: [S1-03]")
    text += rule("two", "{chills: yes, weak_legs: yes}", EMERGENCY, "claims: [S2-02]")
    assert messages(tmp_path, "subsumed", text) == []


def test_a_firmer_conclusion_makes_a_weaker_one_superfluous(tmp_path):
    text = "rules:\n" + rule("firm", "{chills: yes}", "{condition: infection, support: hallmark}")
    text += rule("weak", "{chills: yes, weak_legs: yes}", "{condition: infection, support: possible}")
    assert messages(tmp_path, "subsumed", text) == [
        ("whenever rule `weak` fires, rule `firm` concludes at least as much")
    ]


def test_of_two_equal_rules_the_later_is_superfluous_and_nothing_else_is_said(tmp_path):
    text = "findings:\n  odd: odd\nrules:\n"
    text += rule("one", "{chills: yes, weeks: {above: 3}}", "{finding: odd}")
    text += rule("two", "{weeks: {above: 3}, chills: yes}", "{finding: odd}")
    assert messages(tmp_path / "1", "subsumed", text) == [
        "whenever rule `two` fires, rule `one` concludes at least as much"
    ]
    assert messages(tmp_path / "2", "same-when", text) == []


def test_what_follows_from_a_rule_that_never_fires_is_not_told_again(tmp_path):
    text = "findings:\n  odd: odd\nrules:\n"
    text += rule("never", "{all: [{fever: yes}, {fever: no}]}", "{finding: odd}")
    text += rule("follows", "{finding: odd, chills: yes}", "{give: lie_down}")
    assert messages(tmp_path, "never-fires", text) == [
        "rule `never` can never hold: its parts contradict each other on `fever`"
    ]


def test_clashes_disagreements_and_asked_when_are_looked_at_too(tmp_path):
    never = "{all: [{strength: mild}, {strength: severe}]}"
    text = f"consistency:\n  odd: {{when: {never}, because: It cannot be.}}\n"
    text += f"questions:\n  cough: {{ask: Do you cough?, kind: yes_no, asked_when: {never}}}\n"
    text += "rules:\n" + rule("cough", "{cough: yes}", "{finding: ill}")
    told = messages(tmp_path, "never-fires", text)
    assert [each.partition(":")[0] for each in told] == [
        "inconsistency `odd` can never hold",
        "`asked_when` of `cough` can never hold",
    ]


def test_names_are_held_against_most_of_their_section(tmp_path):
    text = "numbers:\n  a_b: {value: 1, ours: true}\n  c-d: {value: 2, ours: true}\n"
    assert messages(tmp_path / "1", "inconsistent-name", text) == []
    more = "".join(f"  n_{letter}: {{value: 3, ours: true}}\n" for letter in "efgh")
    assert messages(tmp_path / "2", "inconsistent-name", text + more) == [
        "`c-d` joins its words differently from the other names of `numbers`"
    ]
    assert messages(tmp_path / "3", "inconsistent-name", text.replace("c-d", "c_D") + more) == [
        "`c_D` has capital letters, unlike the other names of `numbers`"
    ]


def test_rules_that_cite_a_claim_may_be_related_by_way_of_a_third(tmp_path):
    text = "rules:\n" + rule("one", "{chills: yes, weeks: {above: 3}}", "{finding: ill}", "claims: [S1-03]")
    far = rule("two", "{eased_by: sitting, weeks: {below: 9}}", "{give: lie_down}", "claims: [S1-03]")
    assert messages(tmp_path / "1", "unrelated-rules", text + far) == []
    apart = far.replace(", weeks: {below: 9}", "")
    assert len(messages(tmp_path / "2", "unrelated-rules", text + apart)) == 1
    link = rule("three", "{eased_by: bending, chills: no}", "{finding: eased}", "claims: [S1-03]")
    assert messages(tmp_path / "3", "unrelated-rules", text + apart + link) == []

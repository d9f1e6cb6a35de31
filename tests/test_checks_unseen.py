"""What nobody would notice: parts that never matter, items never given, people left without a level."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import examined
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples
from test_checks_single import EMERGENCY, messages, rule

from engine.checks import findings
from engine.checks.check import Examined
from engine.checks.comments import read_comments
from engine.checks.idle import _wholes, bound_always_kept, exception_never_matters
from engine.meaning.definitions import parts_of
from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation
from engine.model.parts import All, Not
from facts.case import from_mapping
from facts.problem import Span

KB = Path(__file__).parent.parent / "kb"
ILL = "{finding: ill}"


def codes(folder: Path, text: str) -> list[str]:
    found = findings(examined(folder / "kb", text))
    return [each.code for each in found if each.span.file.endswith("example.yaml")]


@pytest.mark.parametrize(
    "when",
    [
        "{at_least: {count: 2, of: [{strength: mild}, {strength: moderate}, {strength: severe}]}}",
        "{at_least: {count: 2, of: [{weeks: {below: 2}}, {weeks: {above: 5}}]}}",
        "{at_least: {count: 3, of: [{fever: yes}, {fever: no}, {chills: yes}]}}",
        "{strength: mild, at_least: {count: 1, of: [{strength: severe}, {strength: moderate}]}}",
    ],
)
def test_too_many_of_what_excludes_each_other(when, tmp_path):
    assert "never-fires" in codes(tmp_path, "rules:\n" + rule("r", when, ILL))


@pytest.mark.parametrize(
    "when",
    [
        "{at_least: {count: 2, of: [{strength: mild}, {strength: [mild, severe]}, {strength: severe}]}}",
        "{at_least: {count: 2, of: [{weeks: {below: 5}}, {weeks: {above: 3}}, {weeks: {above: 50}}]}}",
        "{at_least: {count: 2, of: [{eased_by: resting}, {eased_by: sitting}, {eased_by: bending}]}}",
        "{at_least: {count: 2, of: [{fever: yes}, {fever: no}, {chills: yes}]}}",
        "{weeks: {at_least: 3, below: 3.5}}",
        "{eased_by: {at_least: 3}}",
    ],
)
def test_what_can_come_together_is_left_alone(when, tmp_path):
    assert "never-fires" not in codes(tmp_path, "rules:\n" + rule("r", when, ILL))


ADVICE = (
    "advice:\n  walk: {kind: at_home, text: Walk.}\n"
    "  run: {kind: at_home, text: Run., shown_with: {advice: walk}}\n"
)
TEXTS = "texts:\n  why: {text: Walking does good., shown_with: {advice: walk}}\n"


def test_advice_that_is_held_from_whoever_is_given_it(tmp_path):
    text = ADVICE + TEXTS + "rules:\n" + rule("gives", "{fever: yes, chills: yes}", "{give: walk}")
    held = text + rule("holds", "{any: [{chills: yes}, {strength: severe}]}", "{hold: walk}")
    told = ["advice `walk` can never be given; the same is true of `run`, `why`, shown with it"]
    assert messages(tmp_path, "never-fires", held) == told
    some = text + rule("holds", "{any: [{chills: no}, {strength: severe}]}", "{hold: walk}")
    assert messages(tmp_path, "never-fires", some) == []


def test_a_rule_that_never_fires_is_told_and_not_what_follows_from_it(tmp_path):
    text = ADVICE + TEXTS + "rules:\n"
    text += rule("gives", "{all: [{strength: mild}, {strength: severe}]}", "{give: walk}")
    assert len(messages(tmp_path, "never-fires", text)) == 1


@pytest.mark.parametrize("verb", ["must", "never", "not_ruled_out"])
def test_a_property_that_speaks_of_no_case(verb, tmp_path):
    text = (
        f"safety:\n  p:\n    when: {{all: [{{strength: mild}}, {{strength: severe}}]}}\n    {verb}: {ILL}\n"
    )
    text += "    because: It guards.\n    ours: true\n"
    (said,) = messages(tmp_path, "never-fires", text)
    assert said.startswith(
        "`when` of property `p` can never hold: its parts contradict each other on `strength`"
    )


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("weeks: {at_least: 0}", "every answer satisfies the bound `weeks: at_least 0`"),
        ("weeks: {at_most: 100}", "every answer satisfies the bound `weeks: at_most 100`"),
        ("any: [{weeks: {above: 100}}, {chills: yes}]", "no answer satisfies the bound `weeks: above 100`"),
        ("weeks: {below: 100}", ""),
        ("eased_by: {at_least: 0}", "every answer satisfies the bound `eased_by: at_least 0 chosen`"),
        ("eased_by: {at_most: 2}", ""),
        (
            "any: [{score: {s: {at_least: 0}}}, {chills: yes}]",
            "every answer satisfies the bound `score s: at_least 0`",
        ),
        ("score: {s: {at_least: 1}}", ""),
        ("later: {at_least: 0}", ""),
    ],
)
def test_bounds_that_say_nothing(part, told, tmp_path):
    text = "questions:\n  later: {ask: And then?, kind: number, unit: days, minimum: 0, maximum: 9, "
    text += (
        "asked_when: {chills: yes}}\nscores:\n  s: {ours: true, parts: [{points: 1, when: {chills: yes}}]}\n"
    )
    found = messages(
        tmp_path, "bound-always-kept", f"{text}rules:\n" + rule("r", f"{{fever: yes, {part}}}", ILL)
    )
    assert [each.partition(",")[0] for each in found] == ([told] if told else [])


@pytest.mark.parametrize(
    ("when", "never"),
    [
        ("{strength: severe}\n    unless: {strength: mild}", True),
        ("{strength: severe}\n    unless: {strength: [severe, mild]}", False),
        ("{fever: no}\n    unless: {condition: infection}", True),
        ("{chills: yes}\n    unless: {condition: infection}", False),
        ("{weeks: {above: 6}}\n    unless: {weeks: {below: 2}}", True),
        ("{weeks: {above: 6}}\n    unless: {weeks: {above: 9}}", False),
        ("{strength: severe, any: [{chills: yes}, {fever: yes, not: {strength: mild}}]}", True),
        ("{any: [{strength: severe}, {not: {strength: mild}}]}", False),
    ],
)
def test_exceptions_that_never_matter(when, never, tmp_path):
    text = "rules:\n" + rule("r", when, ILL)
    assert len(messages(tmp_path, "exception-never-matters", text)) == never


@pytest.mark.parametrize(("bound", "found"), [("equals: 0", 0), ("equals: 1", 0), ("at_least: 0", 1)])
def test_a_score_at_its_end_says_something(bound, found, tmp_path):
    text = "scores: {s: {text: s, parts: [{points: 1, when: {chills: yes}}]}}\n"
    text += "rules:\n" + rule("r", f"{{fever: yes, score: {{s: {{{bound}}}}}}}", ILL)
    assert len(messages(tmp_path, "bound-always-kept", text)) == found


@examples(15, 40)
@given(bases_with_cases())
def test_no_drawn_case_has_an_exception_that_is_said_never_to_matter(read, drawn):
    """And no case answers a bound otherwise that is said to be kept always, or never."""
    looked_at = Examined(read(drawn[0]), "kb")
    idle = {each.span for each in exception_never_matters(looked_at)}
    fixed = {each.span for each in bound_always_kept(looked_at)}
    cases = [
        Valuation(looked_at.prepared, from_mapping(each, looked_at.kb.questions).answers) for each in drawn[1]
    ]
    for _, whole in _wholes(looked_at):
        for part in parts_of(whole):
            for each in part.parts if isinstance(part, All) else ():
                if isinstance(each, Not) and each.span in idle:
                    others = [other for other in part.parts if not isinstance(other, Not)]
                    for case in cases:
                        rest = all(holds(other, case) for other in others)
                        assert not (rest and others and holds(each.part, case))
            if getattr(part, "span", None) in fixed and not isinstance(part, All):
                assert len({holds(part, case) for case in cases} - {None}) < 2


SERIOUS = "conditions:\n  broken: {text: a broken bone, serious: true}\nfindings:\n  sign: a sign\nrules:\n"
SUSPECTS = "{condition: broken, support: typical}"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (rule("r", "{chills: yes}", SUSPECTS), 1),
        (rule("r", "{chills: yes}", "[{condition: broken, support: background}]"), 0),
        (rule("r", "{chills: yes}", f"[{SUSPECTS}, {EMERGENCY}]"), 0),
        (rule("r", "{chills: yes}", SUSPECTS) + rule("t", "{condition: broken}", EMERGENCY), 0),
        (rule("r", "{chills: yes}", SUSPECTS) + rule("t", "{condition: {broken: known}}", EMERGENCY), 1),
        (rule("r", "{chills: yes, fever: yes}", SUSPECTS) + rule("t", "{chills: yes}", EMERGENCY), 0),
        (rule("r", "{chills: yes}", SUSPECTS) + rule("t", "{chills: yes, fever: yes}", EMERGENCY), 1),
        (
            rule("r", "{chills: yes}", f"[{SUSPECTS}, {{finding: sign}}]")
            + rule("t", "{finding: sign}", EMERGENCY),
            0,
        ),
        (
            rule("f", "{chills: yes}", f"[{{finding: sign}}, {EMERGENCY}]")
            + rule("r", "{finding: sign}", SUSPECTS),
            0,
        ),
        (rule("r", "{weak_legs: yes, weakness_onset: rapid}", SUSPECTS), 0),
    ],
)
def test_serious_conditions_lead_to_a_level(more, told, tmp_path):
    text = SERIOUS.replace(
        "findings:\n  sign: a sign\n", "findings:\n  sign: a sign\n" if "sign}" in more else ""
    )
    text = (
        text
        if "known" not in more
        else text + rule("k", "{fever: yes}", "{condition: broken, support: known}")
    )
    found = messages(tmp_path, "serious-without-level", text + more)
    assert len([each for each in found if "`r`" in each]) == told


def levels(*bounds: tuple[str, str]) -> str:
    return "rules:\n" + "".join(
        rule(f"r{at}", f"{{weeks: {bound}}}", f"{{triage: {level}}}")
        for at, (bound, level) in enumerate(bounds)
    )


LOW, HIGH = "see_doctor", "emergency"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (levels(("{at_most: 6}", LOW), ("{above: 12}", HIGH)), "from 7 to 12"),
        (levels(("{above: 12}", HIGH), ("{at_most: 6}", LOW)), "from 7 to 12"),
        (levels(("{below: 6}", LOW), ("{above: 6}", HIGH)), "of 6"),
        (levels(("{at_most: 6}", LOW), ("{above: 6}", HIGH)), ""),
        (levels(("{at_most: 6}", LOW), ("{at_least: 7}", HIGH)), ""),
        (levels(("{at_most: 6}", LOW), ("{at_least: 4, at_most: 9}", LOW), ("{above: 9}", HIGH)), ""),
        (levels(("{below: 6}", HIGH), ("{above: 60}", HIGH)), ""),
        (
            levels(("{at_most: 6}", LOW), ("{above: 12}", HIGH))
            + rule("x", "{weeks: {above: 6}, fever: yes}", f"{{triage: {LOW}}}"),
            "",
        ),
        (levels(("{at_most: 6}", LOW)), ""),
    ],
)
def test_numbers_between_two_levels(text, numbers, tmp_path):
    found = messages(tmp_path, "gap-between-levels", text)
    assert [each.partition(" has")[0] for each in found] == ([f"`weeks` {numbers}"] if numbers else [])


def test_a_score_that_counts_one_thing_twice(tmp_path):
    lines = "{points: 2, when: {chills: yes}}, {points: 1, when: {chills: yes}}, {question: weeks, times: 1}"
    text = f"scores:\n  s: {{ours: true, parts: [{lines}, {{question: weeks, times: 1}}]}}\n"
    assert set(messages(tmp_path, "same-part-twice", text)) == {
        "line 2 of score `s` counts `chills: yes` a second time",
        "line 4 of score `s` counts `weeks` a second time",
    }


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("It hurts a lot.", "it hurts  a lot", True),
        ("Does it hurt?", "DOES IT HURT", True),
        ("a back, that hurts", "a back that hurts", True),
        ("up to 1.5 hours", "up to 15 hours", False),
        ("more than 3 < 5", "more than 3 > 5", False),
    ],
)
def test_texts_that_differ_in_capitals_spaces_and_points(one, other, alike, tmp_path):
    text = "".join(f'  {name}: "{said}"\n' for name, said in (("one", one), ("other", other)))
    found = messages(
        tmp_path,
        "same-text",
        f"findings:\n{text}rules:\n" + rule("r", "{chills: yes}", "[{finding: one}, {finding: other}]"),
    )
    assert len(found) == alike


@pytest.mark.parametrize(("label", "alike"), [("how long", True), ("How long.", True), ("since when", False)])
def test_labels_that_cannot_be_told_apart(label, alike, tmp_path):
    number = "kind: number, unit: weeks, minimum: 0, maximum: 9"
    text = f"questions:\n  one: {{ask: How many?, label: how long, {number}}}\n"
    text += f"  other: {{ask: How many now?, label: {label}, {number}}}\n"
    assert len(messages(tmp_path, "same-text", text)) == alike


@pytest.mark.parametrize(("about", "found"), [("A Man of 71.", 1), ("a man of  71", 1), ("a man of 72", 0)])
def test_cases_that_are_told_in_the_same_words(about, found, tmp_path):
    cases = "- {id: a, about: a man of 71, answers: {}, expect: {in_scope: null}}\n"
    cases += f"- {{id: b, about: {about}, answers: {{}}, expect: {{in_scope: null}}}}\n"
    told = findings(examined(tmp_path / "kb", "", cases))
    assert len([each for each in told if each.code == "same-about"]) == found


@pytest.mark.parametrize(
    ("comment", "meant"),
    [
        ("# cartsing: allow never-fires because x", True),
        ("#Cartsign: allow never-fires because x", True),
        ("# allow never-fires because x", True),
        ("x: 1  # cartsigns: allow never-fires because x", True),
        ("# cart-sign: allow never-fires because x", True),
        ("# cartsign: allow never-fires because x", False),
        ("# this rule may allow never-fires to pass", False),
        ('text: "# allow never-fires because x"', False),
    ],
)
def test_comments_that_were_meant(comment, meant):
    assert [id for _, id in read_comments({"f": [comment]}, [Span("f", 1, 1)]).meant] == [
        "never-fires"
    ] * meant


def test_a_score_that_is_to_be_low_counts_down(tmp_path):
    """`below`, as `at_most`, becomes false as points are added."""
    lines = "{points: 1, when: {chills: yes}}, {points: 1, when: {fever: yes}}"
    score = f"scores:\n  s: {{ours: true, parts: [{lines}]}}\n"
    for word in ("below", "at_most"):
        text = f"{score}rules:\n" + rule("r", f"{{score: {{s: {{{word}: 2}}}}}}", EMERGENCY)
        assert messages(tmp_path / word, "not-in-triage", text) == [
            f"triage rule `r` reads `{word}` on score `s`"
        ]


def test_a_rule_for_everybody_is_no_mistake(tmp_path):
    assert "always-fires" not in codes(tmp_path, "rules:\n" + rule("r", "always", ILL))


def test_the_bundled_bases_have_none_of_it():
    from engine.checks.examination import examination
    from engine.loading import load

    for base in (KB, *sorted(Path(__file__).parent.joinpath("bases").iterdir())):
        assert findings(examination(load(base), str(base), None)) == []

"""What each part of a `when` means: a sentence, a part, the answers, and whether the rule fires.

T: it has fired. F: it is blocked. U: it is open. Every machine must say the same.
"""

from __future__ import annotations

import inspect

import pytest

from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation, prepare
from facts.case import from_mapping

T, F, U = True, False, None

BASE = """
knowledge_base: {name: meaning, version: 1}
sources: {S1: {title: the article}}
claims: {S1-1: {source: S1, claim: so it is}}
questions:
  fever: {ask: fever, kind: yes_no}
  weak: {ask: a weak leg, kind: yes_no}
  onset: {ask: how fast, kind: choice, options: {rapid: fast, gradual: slowly}, asked_when: {weak: yes}}
  where: {ask: where, kind: choices, options: {back: back, leg: leg, foot: foot}}
  toes:
    {ask: which toes, kind: choices, options: {big: big, small: small}, asked_when: {finding: leg_or_foot}}
  age: {ask: how old, kind: number, unit: years, minimum: 0, maximum: 120}
  pain: {ask: how bad, kind: number, unit: points, minimum: 0, maximum: 10, decimals: 1}
  dose: {ask: how much, kind: number, unit: grams, minimum: 0, maximum: 2, decimals: 2}
  hours:
    {ask: since when, kind: number, unit: hours, minimum: 1, maximum: 9, asked_when: {weak: yes},
     classes: {short: {below: 3}, long: otherwise}}
numbers:
  old: {value: 65, ours: yes}
findings:
  leg_or_foot: pain in the leg or foot
conditions:
  flu: {text: the flu}
triage:
  wait: {text: wait}
  hurry: {text: hurry}
  run: {text: run}
advice_kinds: {soon: soon}
advice:
  sit: {kind: soon, text: sit}
  lie: {kind: soon, text: lie, shown_with: {advice: sit}}
scores:
  signed:
    text: points for and against
    parts: [{points: 2, when: {fever: yes}}, {points: -1, when: {weak: yes}}]
  signed_more:
    text: points in three classes
    parts: [{points: 4, when: {fever: yes}}, {points: -1, when: {weak: yes}}]
    classes: {none_yet: {below: 3}, low: {at_most: 3}, high: otherwise}
  exact: {text: a tenth a point, parts: [{question: pain, times: 0.1}]}
  dosed: {text: a point a gram, parts: [{question: dose, times: 1}]}
  vast:
    text: more thousandths of a point than 32 bits hold
    parts: [{points: 2000000.001, when: {fever: yes}}, {points: 2000000.002, when: {weak: yes}}]
  by_age:
    text: in bands
    parts: [{question: age, bands: [{below: 46, points: 0}, {below: 65, points: 1}, {points: 2}]}]
    classes: {none_yet: {at_most: 0}, some: {below: 2}, many: {otherwise: yes, text: many points}}
  oldest: {text: at the very end, parts: [{question: age, bands: [{below: 120, points: 0}, {points: 1}]}]}
  by_onset: {text: by option, parts: [{question: onset, points: {rapid: 2.125}}]}
  by_hours: {text: where it applies, parts: [{question: hours, times: 1}]}
  both:
    text: over others
    parts: [{points: 1, when: {finding: leg_or_foot}}, {points: 1, when: {score: {by_age: {at_least: 1}}}}]
rules:
  leg: {when: {where: leg}, then: {finding: leg_or_foot}, because: so, ours: yes}
  hot_foot: {when: {where: foot, fever: yes}, then: {finding: leg_or_foot}, because: so, ours: yes}
  flu_background: {when: {where: back}, then: {condition: flu, support: background}, because: so, ours: yes}
  flu_typical: {when: {fever: yes}, then: {condition: flu, support: typical}, because: so, ours: yes}
  flu_known: {when: {age: {at_least: 100}}, then: {condition: flu, support: known}, because: so, ours: yes}
  wait: {when: {where: back}, then: {triage: wait}, because: so, ours: yes}
  hurry: {when: {weak: yes}, then: {triage: hurry}, because: so, ours: yes}
  run: {when: {fever: yes}, then: {triage: run}, because: so, ours: yes}
  sit: {when: {where: back}, then: {give: sit}, because: so, ours: yes}
  not_weak: {when: {weak: yes}, then: {hold: sit}, because: so, ours: yes}
"""

ANSWERS = [
    ("an unanswered question is unknown", "{fever: yes}", {}, U),
    ("an unanswered question is not a no", "{fever: no}", {}, U),
    ("null is not an answer", "{fever: no}", {"fever": None}, U),
    ("i don't know is unknown", "{fever: yes}", {"fever": "unknown"}, U),
    ("yes is yes", "{fever: yes}", {"fever": True}, T),
    ("no is no", "{fever: no}", {"fever": False}, T),
    ("yes is not no", "{fever: no}", {"fever": True}, F),
    ("always holds for everybody", "always", {}, T),
    ("one option", "{onset: rapid}", {"weak": True, "onset": "rapid"}, T),
    ("another option", "{onset: rapid}", {"weak": True, "onset": "gradual"}, F),
    ("any of several options", "{onset: [gradual, rapid]}", {"weak": True, "onset": "rapid"}, T),
]

CHOICES = [
    ("a list says yes to what it names", "{where: leg}", {"where": ["leg"]}, T),
    ("a list says no to what it leaves out", "{where: foot}", {"where": ["leg"]}, F),
    ("a mapping says yes", "{where: leg}", {"where": {"leg": True}}, T),
    ("a mapping says no", "{where: leg}", {"where": {"leg": False}}, F),
    ("a mapping leaves the rest open", "{where: foot}", {"where": {"leg": True}}, U),
    ("an option can be unknown", "{where: leg}", {"where": {"leg": "unknown", "foot": True}}, U),
    ("any of several is true with one", "{where: [leg, foot]}", {"where": {"leg": True}}, T),
    ("any of several is open with one left", "{where: [leg, foot]}", {"where": {"leg": False}}, U),
    ("any of several is false without", "{where: [leg, foot]}", {"where": {"leg": False, "foot": False}}, F),
    ("none holds for an empty list", "{where: none}", {"where": []}, T),
    ("none holds for the word", "{where: none}", {"where": "none"}, T),
    (
        "none holds for no to each",
        "{where: none}",
        {"where": {"back": False, "leg": False, "foot": False}},
        T,
    ),
    ("none is open while one is left", "{where: none}", {"where": {"back": False, "leg": False}}, U),
    ("none is false with one chosen", "{where: none}", {"where": {"foot": True}}, F),
    ("none is open without an answer", "{where: none}", {}, U),
    ("so many chosen", "{where: {at_least: 2}}", {"where": {"back": True, "leg": True}}, T),
    ("so many can still be chosen", "{where: {at_least: 2}}", {"where": {"back": True}}, U),
    (
        "so many can no longer be chosen",
        "{where: {at_least: 2}}",
        {"where": {"back": False, "leg": False}},
        F,
    ),
    ("not too many chosen", "{where: {at_most: 2}}", {"where": {"back": False}}, T),
    ("a count between two bounds", "{where: {above: 0, below: 2}}", {"where": ["leg"]}, T),
    ("a count beyond one of two bounds", "{where: {above: 0, below: 2}}", {"where": ["leg", "foot"]}, F),
    ("nothing is known of a count", "{where: {at_least: 1}}", {}, U),
]

NUMBERS = [
    ("at least, just", "{age: {at_least: 65}}", {"age": 65}, T),
    ("above, not quite", "{age: {above: 65}}", {"age": 65}, F),
    ("at most, just", "{age: {at_most: 65}}", {"age": 65}, T),
    ("below, not quite", "{age: {below: 65}}", {"age": 65}, F),
    ("the name of a number", "{age: {at_least: old}}", {"age": 65}, T),
    ("between two bounds", "{age: {at_least: 18, below: 65}}", {"age": 18}, T),
    ("equal to a number", "{age: {equals: 18}}", {"age": 18}, T),
    ("one above a number", "{age: {equals: 18}}", {"age": 19}, F),
    ("one below a number", "{age: {equals: 18}}", {"age": 17}, F),
    ("equal to a number, unanswered", "{age: {equals: 18}}", {}, U),
    ("the lower end of two numbers", "{age: {between: [18, 65]}}", {"age": 18}, T),
    ("the upper end of two numbers", "{age: {between: [18, old]}}", {"age": 65}, T),
    ("below two numbers", "{age: {between: [18, 65]}}", {"age": 17}, F),
    ("above two numbers", "{age: {between: [18, 65]}}", {"age": 66}, F),
    ("between the same number twice", "{age: {between: [18, 18]}}", {"age": 18}, T),
    ("options between two numbers", "{where: {between: [1, 2]}}", {"where": {"leg": True, "back": False}}, T),
    ("as many options as said", "{where: {equals: 1}}", {"where": ["leg"]}, T),
    ("more options than said", "{where: {equals: 1}}", {"where": ["leg", "foot"]}, F),
    ("outside of two bounds", "{age: {at_least: 18, below: 65}}", {"age": 65}, F),
    ("a number with a decimal", "{pain: {above: 7.4}}", {"pain": 7.5}, T),
    ("a number that nobody gave", "{age: {at_least: 0}}", {}, U),
]

KLEENE = [
    ("all hold", "{all: [{fever: yes}, {weak: yes}]}", {"fever": True, "weak": True}, T),
    ("one of all is false", "{all: [{fever: yes}, {weak: yes}]}", {"weak": False}, F),
    ("one of all is open", "{all: [{fever: yes}, {weak: yes}]}", {"weak": True}, U),
    ("several parts are all of them", "{fever: yes, weak: yes}", {"fever": True}, U),
    ("the same part twice holds", "{all: [{fever: yes}, {fever: yes}]}", {"fever": True}, T),
    ("the same part twice is false", "{all: [{fever: yes}, {fever: yes}]}", {"fever": False}, F),
    ("the same part twice is open", "{all: [{fever: yes}, {fever: yes}]}", {}, U),
    (
        "a finding twice holds",
        "{all: [{finding: leg_or_foot}, {finding: leg_or_foot}]}",
        {"where": ["leg"]},
        T,
    ),
    ("the same part twice in an any", "{any: [{fever: yes}, {fever: yes}]}", {"fever": False}, F),
    ("always beside a part leaves the part", "{all: [always, {fever: yes}]}", {"fever": True}, T),
    ("always beside an open part is open", "{all: [always, {fever: yes}]}", {}, U),
    ("always in an any is enough", "{any: [always, {fever: yes}]}", {"fever": False}, T),
    ("not always is false", "{any: [{not: always}, {fever: yes}]}", {"fever": False}, F),
    ("a not in a not", "{not: {not: {fever: yes}}}", {"fever": True}, T),
    ("a not in a not in a not", "{not: {not: {not: {fever: yes}}}}", {"fever": True}, F),
    ("a not in a not is open", "{not: {not: {fever: yes}}}", {}, U),
    ("the same question twice", "{all: [{where: leg}, {where: foot}]}", {"where": ["leg"]}, F),
    ("one of any holds", "{any: [{fever: yes}, {weak: yes}]}", {"weak": True}, T),
    ("none of any holds", "{any: [{fever: yes}, {weak: yes}]}", {"weak": False, "fever": False}, F),
    ("one of any is open", "{any: [{fever: yes}, {weak: yes}]}", {"weak": False}, U),
    ("the opposite of true", "{not: {fever: yes}}", {"fever": True}, F),
    ("the opposite of false", "{not: {fever: yes}}", {"fever": False}, T),
    ("the opposite of unknown is unknown", "{not: {fever: yes}}", {}, U),
    ("a part and its opposite stay open", "{all: [{fever: yes}, {not: {fever: yes}}]}", {}, U),
    ("a part or its opposite stays open", "{any: [{fever: yes}, {not: {fever: yes}}]}", {}, U),
]

COUNT = "{at_least: {count: 2, of: [{fever: yes}, {weak: yes}, {where: back}]}}"
AT_MOST = "{at_most: {count: 1, of: [{fever: yes}, {weak: yes}, {where: back}]}}"
EXACTLY = "{exactly: {count: 1, of: [{fever: yes}, {weak: yes}, {where: back}]}}"
COUNTS = [
    ("enough are true", COUNT, {"fever": True, "where": ["back"]}, T),
    ("enough can still be true", COUNT, {"fever": True}, U),
    ("enough can still be true after a no", COUNT, {"fever": False}, U),
    ("enough can no longer be true", COUNT, {"fever": False, "where": []}, F),
    (
        "a part counts as often as it stands",
        "{at_least: {count: 2, of: [{fever: yes}, {fever: yes}]}}",
        {"fever": True},
        T,
    ),
    (
        "all of all",
        "{at_least: {count: 2, of: [{fever: yes}, {weak: yes}]}}",
        {"fever": True, "weak": True},
        T,
    ),
    (
        "always counts as one",
        "{at_least: {count: 2, of: [always, {fever: yes}, {weak: yes}]}}",
        {"weak": True},
        T,
    ),
    (
        "always counts as one, and one is missing",
        "{at_least: {count: 2, of: [always, {fever: yes}, {weak: yes}]}}",
        {"weak": False, "fever": False},
        F,
    ),
    ("not enough", f"{{not: {COUNT}}}", {"fever": False, "where": []}, T),
    ("not too many", AT_MOST, {"fever": False, "where": []}, T),
    ("not too many whatever is open", AT_MOST, {"weak": False, "where": []}, T),
    ("could still be too many", AT_MOST, {"fever": True}, U),
    ("just as many as allowed, and one is open", AT_MOST, {"fever": True, "where": []}, U),
    ("too many", AT_MOST, {"fever": True, "weak": True}, F),
    ("exactly as many", EXACTLY, {"fever": True, "weak": False, "where": []}, T),
    ("as many so far", EXACTLY, {"fever": True, "weak": False}, U),
    ("more than exactly as many", EXACTLY, {"fever": True, "weak": True}, F),
    ("fewer than exactly as many", EXACTLY, {"fever": False, "weak": False, "where": []}, F),
    ("exactly as many can still be", EXACTLY, {}, U),
    ("exactly all", "{exactly: {count: 2, of: [{fever: yes}, {weak: yes}]}}", {"fever": True}, U),
    ("exactly all hold", "{exactly: {count: 1, of: [{fever: yes}]}}", {"fever": True}, T),
    ("not exactly as many", f"{{not: {EXACTLY}}}", {"fever": True, "weak": True}, T),
    ("a count in a count", f"{{at_most: {{count: 1, of: [{EXACTLY}, {AT_MOST}]}}}}", {}, U),
    (
        "two counts of the same parts share nothing but these",
        f"{{exactly: {{count: 1, of: [{COUNT}, {AT_MOST}]}}}}",
        {"fever": True, "weak": True},
        T,
    ),
]

CLASSES = [
    ("the lowest class", "{class: {by_age: none_yet}}", {"age": 45}, T),
    ("a class in between", "{class: {by_age: some}}", {"age": 46}, T),
    ("not the class below", "{class: {by_age: none_yet}}", {"age": 46}, F),
    ("not the class above", "{class: {by_age: many}}", {"age": 64}, F),
    ("the highest class", "{class: {by_age: many}}", {"age": 65}, T),
    ("a class while answers are open", "{class: {by_age: some}}", {}, U),
    ("one of two neighbours", "{class: {by_age: [some, many]}}", {"age": 46}, T),
    ("one of two neighbours, not", "{class: {by_age: [many, some]}}", {"age": 45}, F),
    ("one of two that are not neighbours", "{class: {by_age: [none_yet, many]}}", {"age": 50}, F),
    ("a class of a number", "{class: {hours: long}}", {"weak": True, "hours": 3}, T),
    ("a class of a number, just not", "{class: {hours: long}}", {"weak": True, "hours": 2}, F),
    ("a class of a number that nobody gave", "{class: {hours: short}}", {"weak": True}, U),
    ("no class of a number that does not apply", "{class: {hours: short}}", {"weak": False}, F),
    ("no higher class either", "{class: {hours: long}}", {"weak": False}, F),
    (
        "any class of a score that open answers keep within two",
        "{class: {signed_more: [low, high]}}",
        {"fever": True},
        T,
    ),
    (
        "one class of a score that open answers keep within two",
        "{class: {signed_more: low}}",
        {"fever": True},
        U,
    ),
]

APPLIES = [
    ("asked_when true and no answer", "{onset: rapid}", {"weak": True}, U),
    ("asked_when unknown and no answer", "{onset: rapid}", {}, U),
    ("asked_when unknown for good", "{onset: rapid}", {"weak": "unknown"}, U),
    ("asked_when false: the comparison is false", "{onset: rapid}", {"weak": False}, F),
    ("asked_when false: so is the other one", "{onset: gradual}", {"weak": False}, F),
    ("asked_when false: not around it is true", "{not: {onset: rapid}}", {"weak": False}, T),
    ("asked_when false: a low bound", "{hours: {at_most: 9}}", {"weak": False}, F),
    ("asked_when false: a high bound", "{hours: {at_least: 1}}", {"weak": False}, F),
    ("asked_when false: i don't know", "{onset: rapid}", {"weak": False, "onset": "unknown"}, F),
    ("asked_when false: a given answer counts", "{onset: rapid}", {"weak": False, "onset": "rapid"}, T),
    ("asked_when unknown: a given answer counts", "{onset: rapid}", {"onset": "rapid"}, T),
    ("asked_when reads a finding: false", "{toes: big}", {"where": []}, F),
    ("asked_when reads a finding: unknown", "{toes: big}", {"where": ["foot"]}, U),
    ("asked_when reads a finding: true", "{toes: big}", {"where": ["leg"]}, U),
    ("asked_when false: none is false too", "{toes: none}", {"where": []}, F),
    ("asked_when false: a count is false too", "{toes: {at_most: 1}}", {"where": []}, F),
    (
        "asked_when false: what is given of the options counts",
        "{toes: big}",
        {"where": [], "toes": {"big": True}},
        T,
    ),
    (
        "asked_when false: the other options are false",
        "{toes: small}",
        {"where": [], "toes": {"big": True}},
        F,
    ),
]

SCORES = [
    ("kept at both ends", "{score: {signed: {at_least: -1}}}", {}, T),
    ("kept at neither end", "{score: {signed: {above: 2}}}", {}, F),
    ("kept at the high end only", "{score: {signed: {at_least: 1}}}", {}, U),
    ("kept at the low end only", "{score: {signed: {below: 1}}}", {}, U),
    ("points against are subtracted", "{score: {signed: {below: 2}}}", {"fever": True, "weak": True}, T),
    ("an answer narrows the interval", "{score: {signed: {at_least: 1}}}", {"fever": True}, T),
    (
        "two bounds, both kept",
        "{score: {signed: {at_least: 1, at_most: 1}}}",
        {"fever": True, "weak": True},
        T,
    ),
    ("a score that is as said", "{score: {signed: {equals: 1}}}", {"fever": True, "weak": True}, T),
    ("a score that may be as said", "{score: {signed: {equals: 1}}}", {"fever": True}, U),
    ("a score that cannot be as said", "{score: {signed: {equals: 1}}}", {"fever": False}, F),
    ("two bounds, one of them open", "{score: {signed: {at_least: 1, at_most: 1}}}", {"fever": True}, U),
    ("two bounds, one of them broken", "{score: {signed: {at_least: 1, at_most: 1}}}", {"fever": False}, F),
    ("two scores", "{score: {signed: {at_least: 0}, by_age: {at_least: 1}}}", {"fever": True, "age": 50}, T),
    ("fractions add up exactly", "{score: {exact: {at_least: 0.3, at_most: 0.3}}}", {"pain": 3}, T),
    ("fractions of fractions", "{score: {exact: {above: 0.06}}}", {"pain": 0.7}, T),
    ("fractions of fractions, not quite", "{score: {exact: {above: 0.07}}}", {"pain": 0.7}, F),
    *(
        (
            f"hundredths are exact: {dose}",
            f"{{score: {{dosed: {{at_least: {dose}, at_most: {dose}}}}}}}",
            {"dose": dose},
            T,
        )
        for dose in (0.29, 0.57, 1.13)
    ),
    (
        "a sum of more than 32 bits",
        "{score: {vast: {at_least: 4000000.003}}}",
        {"fever": True, "weak": True},
        T,
    ),
    (
        "a sum of more than 32 bits, not more",
        "{score: {vast: {above: 4000000.003}}}",
        {"fever": True, "weak": True},
        F,
    ),
    ("a sum of more than 32 bits, open", "{score: {vast: {at_least: 4000000.003}}}", {"fever": True}, U),
    ("a band ends before its end", "{score: {by_age: {at_least: 1}}}", {"age": 46}, T),
    ("a band reaches to its end", "{score: {by_age: {at_least: 1}}}", {"age": 45}, F),
    ("the last band has no end", "{score: {by_age: {at_least: 2}}}", {"age": 65}, T),
    ("any band while nobody said", "{score: {by_age: {at_most: 1}}}", {}, U),
    ("a band that only the highest number reaches", "{score: {oldest: {at_most: 0}}}", {}, U),
    ("an option with points", "{score: {by_onset: {at_least: 2.125}}}", {"weak": True, "onset": "rapid"}, T),
    (
        "an option not listed counts 0",
        "{score: {by_onset: {at_most: 0}}}",
        {"weak": True, "onset": "gradual"},
        T,
    ),
    ("an option while nobody said", "{score: {by_onset: {at_most: 0}}}", {"weak": True}, U),
    ("a question that does not apply counts 0", "{score: {by_hours: {at_most: 0}}}", {"weak": False}, T),
    ("a question that may not apply may count 0", "{score: {by_hours: {at_least: 1}}}", {}, U),
    ("a question that applies counts its least", "{score: {by_hours: {at_least: 1}}}", {"weak": True}, T),
    (
        "a given answer counts all the same",
        "{score: {by_hours: {at_least: 3}}}",
        {"weak": False, "hours": 3},
        T,
    ),
    (
        "i don't know is any number",
        "{score: {by_hours: {at_least: 3}}}",
        {"weak": True, "hours": "unknown"},
        U,
    ),
    ("a score reads findings and scores", "{score: {both: {at_least: 2}}}", {"where": ["leg"], "age": 60}, T),
    ("a score waits for findings and scores", "{score: {both: {at_least: 2}}}", {"where": ["leg"]}, U),
]

CONCLUSIONS = [
    ("a finding: one of its rules fired", "{finding: leg_or_foot}", {"where": ["leg"], "fever": False}, T),
    ("a finding: all of its rules are blocked", "{finding: leg_or_foot}", {"where": ["back"]}, F),
    ("a finding: one of its rules is open", "{finding: leg_or_foot}", {"where": ["foot"]}, U),
    ("no finding", "{not: {finding: leg_or_foot}}", {"where": []}, T),
    ("a condition as strong as that", "{condition: {flu: typical}}", {"fever": True}, T),
    ("a condition that is stronger", "{condition: {flu: typical}}", {"age": 100}, T),
    (
        "a condition that is weaker",
        "{condition: {flu: typical}}",
        {"where": ["back"], "age": 1, "fever": False},
        F,
    ),
    ("a condition is possible or stronger", "{condition: flu}", {"fever": True}, T),
    (
        "a background is less than possible",
        "{condition: flu}",
        {"where": ["back"], "age": 1, "fever": False},
        F,
    ),
    ("a condition that is open", "{condition: flu}", {"where": ["back"], "fever": False}, U),
    ("a level by its own rule", "{triage_at_least: hurry}", {"weak": True}, T),
    ("a level by a higher rule", "{triage_at_least: wait}", {"fever": True}, T),
    (
        "a level not by a lower rule",
        "{triage_at_least: hurry}",
        {"where": ["back"], "weak": False, "fever": False},
        F,
    ),
    ("a level that is open", "{triage_at_least: hurry}", {"where": ["back"], "weak": False}, U),
    ("an item that is given", "{advice: sit}", {"where": ["back"], "weak": False}, T),
    ("an item that nothing gives", "{advice: sit}", {"where": ["leg"]}, F),
    ("an item that is held", "{advice: sit}", {"weak": True}, F),
    ("an item given unless is not given yet", "{advice: sit}", {"where": ["back"]}, U),
    ("an item shown with another", "{advice: lie}", {"where": ["back"], "weak": False}, T),
    ("an item held with another", "{advice: lie}", {"where": ["back"], "weak": True}, F),
]

TABLE = [*ANSWERS, *CHOICES, *NUMBERS, *KLEENE, *COUNTS, *CLASSES, *APPLIES, *SCORES, *CONCLUSIONS]
SENTENCES, EXPECTED = [row[0] for row in TABLE], [row[3] for row in TABLE]


def truth(assessment: dict[str, object], rule: str) -> bool | None:
    return True if rule in assessment["fired"] else None if rule in assessment["open"] else False


@pytest.mark.parametrize(
    ("when", "answers", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_part(assess, when, answers, expected):
    rule = f"  asked: {{when: {when}, then: {{finding: leg_or_foot_or_not}}, because: so, ours: yes}}\n"
    base = BASE.replace("findings:\n", "findings:\n  leg_or_foot_or_not: what we ask about\n")
    assert truth(assess(base + rule, answers), "asked") is expected


@pytest.fixture(scope="module")
def whole_table(read):
    """A base with a rule for each row of the table, and the people of the rows."""
    rules = (
        f"  row{at}: {{when: {row[1]}, then: {{finding: leg_or_foot_or_not}}, because: so, ours: yes}}\n"
        for at, row in enumerate(TABLE)
    )
    base = BASE.replace("findings:\n", "findings:\n  leg_or_foot_or_not: what we ask about\n")
    kb = read(base + "".join(rules))
    return kb, [from_mapping(row[2], kb.questions, str(at)) for at, row in enumerate(TABLE)]


@pytest.mark.parametrize("target", ["experta", "columns"], indirect=True)
def test_every_part_beside_all_the_others(target, whole_table):
    kb, people = whole_table
    found = [truth(each, f"row{at}") for at, each in enumerate(target(kb, people))]
    assert dict(zip(SENTENCES, found, strict=True)) == dict(zip(SENTENCES, EXPECTED, strict=True))


def test_the_meaning_by_itself(whole_table):
    kb, people = whole_table
    prepared = prepare(kb)
    found = [Valuation(prepared, each.answers).value(f"rule:row{at}") for at, each in enumerate(people)]
    assert dict(zip(SENTENCES, found, strict=True)) == dict(zip(SENTENCES, EXPECTED, strict=True))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({"fever": True, "weak": False}, T), ({"fever": True, "weak": True}, F), ({"fever": True}, U)],
)
def test_unless_is_not_in_an_all(assess, answers, expected):
    when = "{when: {fever: yes}, unless: {weak: yes}, then: {finding: leg_or_foot}, because: so, ours: yes}"
    assert truth(assess(f"{BASE}  asked: {when}\n", answers), "asked") is expected


def test_sentences_are_told_apart():
    assert len({row[0] for row in TABLE}) == len(TABLE)


def test_every_truth_is_met_by_every_kind_of_part():
    for rows in (CHOICES, KLEENE, COUNTS, CLASSES, SCORES, CONCLUSIONS):
        assert {row[3] for row in rows} == {T, F, U}


def test_the_meaning_is_said_in_under_60_lines():
    assert len(inspect.getsource(holds).splitlines()) < 60

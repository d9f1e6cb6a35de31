"""Parts in the words of the rule language."""

from __future__ import annotations

import pytest

from engine.words.rule_text import headed, written

BASE = """
questions:
  leg_weakness: {ask: weak?, kind: yes_no}
  walking_effect: {ask: what?, kind: choice, options: {begins: a, increases: b}}
  eased_by: {ask: what eases?, kind: choices, options: {resting: a, sitting: b}}
  age: {ask: how old?, kind: number, unit: years, minimum: 0, maximum: 120}
findings: {pain: pain}
conditions: {sciatica: {text: sciatica}}
scores: {risk: {parts: [{points: 1.5, when: {leg_weakness: yes}}]}}
rules:
  first:
    when: {leg_weakness: yes}
    then: [{finding: pain}, {condition: sciatica, support: typical}]
    because: so
    ours: yes
  asked: {when: WHEN, then: {condition: sciatica, support: possible}, because: so, ours: yes}
"""


@pytest.mark.parametrize(
    ("when", "said", "head"),
    [
        ("always", "always", "always"),
        ("{leg_weakness: no}", "leg_weakness: no", "leg_weakness: no"),
        ("{walking_effect: begins}", "walking_effect: begins", "walking_effect: begins"),
        ("{eased_by: [resting, sitting]}", "eased_by: [resting, sitting]", "eased_by: [resting, sitting]"),
        ("{eased_by: none}", "eased_by: none", "eased_by: none"),
        ("{eased_by: {at_least: 2}}", "eased_by: at_least 2 chosen", "eased_by: at_least 2 chosen"),
        ("{age: {above: 50}}", "age: above 50", "age: above 50"),
        ("{finding: pain}", "finding: pain", "finding: pain"),
        ("{score: {risk: {at_least: 1.5}}}", "score risk: at_least 1.5", "score risk: at_least 1.5"),
        ("{not: {leg_weakness: yes}}", "not: leg_weakness: yes", "not"),
        (
            "{any: [{leg_weakness: yes}, {eased_by: none, age: {below: 9}}]}",
            "any: [leg_weakness: yes, all: [eased_by: none, age: below 9]]",
            "any",
        ),
        (
            "{at_least: {count: 1, of: [{leg_weakness: yes}, {finding: pain}]}}",
            "at_least 1 of: [leg_weakness: yes, finding: pain]",
            "at_least 1 of 2",
        ),
        (
            "{at_most: {count: 1, of: [{leg_weakness: yes}, {finding: pain}]}}",
            "at_most 1 of: [leg_weakness: yes, finding: pain]",
            "at_most 1 of 2",
        ),
        (
            "{exactly: {count: 2, of: [{leg_weakness: yes}, {finding: pain}]}}",
            "exactly 2 of: [leg_weakness: yes, finding: pain]",
            "exactly 2 of 2",
        ),
        ("{age: {between: [50, 60]}}", "age: between [50, 60]", "age: between [50, 60]"),
        ("{age: {equals: 50}}", "age: equals 50", "age: equals 50"),
        ("{age: {at_least: 50, at_most: 60}}", "all: [age: at_least 50, age: at_most 60]", "all"),
        (
            "{eased_by: {between: [1, 2]}}",
            "eased_by: between [1, 2] chosen",
            "eased_by: between [1, 2] chosen",
        ),
        ("{score: {risk: {equals: 1.5}}}", "score risk: equals 1.5", "score risk: equals 1.5"),
        (
            "{any: [{leg_weakness: yes}, {age: {equals: 9}}]}",
            "any: [leg_weakness: yes, age: equals 9]",
            "any",
        ),
    ],
)
def test_a_part_is_said_as_it_is_written(read, when, said, head):
    part = read(BASE.replace("WHEN", when)).rules["asked"].when
    assert (written(part), headed(part)) == (said, head)

"""Typical mistakes, each seeded into a knowledge base, and what must find it.

`SMALL` are texts beside the text that the pages of the checks share (`engine.checks.page.COMMON`); `BUNDLED`
are changes of the bundled knowledge base: a file, a text in it, what is written instead. A mistake is found
if a check or a proof reports this id about this entry.
"""

from __future__ import annotations

from typing import NamedTuple


class Small(NamedTuple):
    """A mistake in a text of its own."""

    name: str
    found_by: str
    about: str
    text: str


class Bundled(NamedTuple):
    """A mistake in a copy of the bundled knowledge base."""

    name: str
    found_by: str
    about: str
    file: str
    old: str
    new: str


def rule(id: str, when: str, then: str, more: str = "ours: true") -> str:
    """A rule on lines of its own, with a reason that no other rule has."""
    reason = f"{id.replace('-', ' ').capitalize()} is why."
    return f"  {id}:\n    when: {when}\n    then: {then}\n    because: {reason}\n    {more}\n"


def rules(*each: str) -> str:
    return "rules:\n" + "".join(each)


SHORT_LONG = "findings: {short: a short time, long: a long time}\n"
ADVICE = "advice:\n  walk: {kind: at_home, text: Walk a little every day.}\n"
URGENT = "triage:\n  today: {text: Today}\n  at_once: {text: Now, red_flag: true}\n"
DIZZY = "questions:\n  dizzy: {ask: Are you dizzy?, kind: yes_no}\n"
SCORE = "scores:\n  risk:\n    text: the risk\n    ours: true\n    parts:\n"
TWO_SIGNS = SCORE + "      - {points: 1, when: {fever: yes}}\n      - {points: 1, when: {chills: yes}}\n"
FOUR_SIGNS = (
    TWO_SIGNS + "      - {points: 1, when: {weak_legs: yes}}\n      - {points: 2, when: {strength: severe}}\n"
)


def guarded(when: str, must: str) -> str:
    reason = "because: Nobody may come to harm.\n    ours: true"
    return f"safety:\n  guard:\n    when: {when}\n    {must}\n    {reason}\n"


SMALL = (
    # Rules that never fire, or always
    Small("two-strengths-at-once", "never-fires", "both", rules(
        rule("both", "{all: [{strength: mild}, {strength: severe}]}", "{finding: ill}"))),
    Small("at-least-two-of-options-that-exclude-each-other", "rule-never-fires", "two", rules(
        rule("two", "{at_least: {count: 2, of: [{strength: mild}, {strength: severe}]}, chills: yes}",
             "{finding: ill}"))),
    Small("impossible-by-cases", "rule-never-fires", "cases", rules(
        rule("cases", "{all: [{any: [{fever: yes}, {chills: yes}]}, {any: [{fever: no}, {chills: yes}]},"
             " {not: {chills: yes}}, {strength: mild}]}", "{give: lie_down}"))),
    Small("a-finding-and-its-only-sign-denied", "rule-never-fires", "ill-and-cool", rules(
        rule("ill-and-cool", "{finding: ill, strength: [mild, moderate]}", "{give: lie_down}"))),
    Small("a-follow-up-of-the-wrong-answer", "rule-never-fires", "rapid-but-strong", rules(
        rule("rapid-but-strong", "{weak_legs: no, weakness_onset: rapid}", "{triage: emergency}"))),
    Small("either-way-is-everybody", "rule-never-blocked", "either", rules(
        rule("either", "{any: [{strength: [mild, moderate]}, {strength: severe}, {weak_legs: yes}]}",
             "{give: lie_down}"))),
    # Rules that are not needed
    Small("shadowed-by-one", "covered", "late-and-strong", rules(
        rule("late", "{weeks: {above: 6}}", "{triage: see_doctor}"),
        rule("late-and-strong", "{weeks: {above: 8}, strength: severe}", "{triage: see_doctor}"))),
    Small("shadowed-by-two-together", "covered", "middle", rules(
        rule("newer", "{weeks: {below: 50}}", "{triage: see_doctor}"),
        rule("older", "{weeks: {at_least: 50}}", "{triage: see_doctor}"),
        rule("middle", "{weeks: {at_least: 45, at_most: 55}, strength: severe}", "{triage: see_doctor}"))),
    Small("shadowed-by-a-higher-level", "covered", "shaky", DIZZY + rules(
        rule("dizzy-now", "{dizzy: yes}", "{triage: emergency}"),
        rule("shaky", "{dizzy: yes, chills: yes}", "{triage: see_doctor}"))),
    Small("shadowed-through-a-finding", "covered", "hot-and-strong", rules(
        rule("ill-lies-down", "{finding: ill}", "{give: lie_down}"),
        rule("hot-and-strong", "{fever: yes, strength: severe, chills: yes}", "{give: lie_down}"))),
    Small("weaker-support-than-another-rule", "covered", "maybe-germs", rules(
        rule("maybe-germs", "{fever: yes, chills: yes, strength: severe}",
             "{condition: infection, support: possible}"))),
    Small("the-same-when-twice", "subsumed", "again", rules(
        rule("ill-with-chills", "{chills: yes}", "{finding: ill}"),
        rule("again", "{chills: yes, weeks: {above: 3}}", "{finding: ill}"))),
    # Parts that say nothing
    Small("a-bound-that-everybody-keeps", "bound-always-kept", "weeks: at_least 0", rules(
        rule("any-time", "{weeks: {at_least: 0}, fever: yes}", "{give: lie_down}"))),
    Small("an-exception-that-never-matters", "part-never-matters", "strong-not-mild", rules(
        rule("strong-not-mild", "{strength: severe, fever: yes, chills: yes, not: {strength: mild}}",
             "{give: lie_down}"))),
    Small("an-exception-that-the-rest-excludes-by-cases", "part-never-matters", "hot-not-cold", rules(
        rule("hot-not-cold", "{all: [{any: [{fever: yes}, {weak_legs: yes}]}, {chills: yes},"
             " {not: {all: [{fever: no}, {weak_legs: no}]}}]}", "{give: lie_down}"))),
    Small("a-part-that-another-implies", "part-never-matters", "long-and-longer", rules(
        rule("long-and-longer", "{all: [{weeks: {above: 3}}, {weeks: {above: 6}}, {chills: yes}]}",
             "{give: lie_down}"))),
    Small("an-option-of-any-that-adds-nothing", "part-never-matters", "long-or-longer", rules(
        rule("long-or-longer", "{all: [{any: [{weeks: {above: 3}}, {weeks: {above: 6}}]}, {chills: yes}]}",
             "{give: lie_down}"))),
    Small("an-impossible-part-of-any", "part-never-matters", "shivers-or-both", rules(
        rule("shivers-or-both", "{any: [{chills: yes}, {all: [{strength: mild}, {strength: severe}]}]}",
             "{give: lie_down}"))),
    Small("the-same-part-twice", "same-part-twice", "chills: yes", rules(
        rule("twice", "{all: [{chills: yes}, {weak_legs: yes}, {chills: yes}]}", "{give: lie_down}"))),
    Small("not-any-no", "roundabout", "not", rules(
        rule("neither-no", "{all: [{not: {any: [{chills: no}, {weak_legs: no}]}}, {weeks: {above: 3}}]}",
             "{give: lie_down}"))),
    Small("not-of-not", "roundabout", "not", rules(
        rule("doubled", "{all: [{not: {not: {chills: yes}}}, {weeks: {above: 3}}]}", "{give: lie_down}"))),
    Small("a-list-of-one", "roundabout", "any", rules(
        rule("of-one", "{all: [{any: [{chills: yes}]}, {weeks: {above: 3}}]}", "{give: lie_down}"))),
    # Numbers, scores and counts
    Small("a-gap-between-two-levels", "gap-between-levels", "late", rules(
        rule("early", "{weeks: {at_most: 6}}", "{triage: see_doctor}"),
        rule("late", "{weeks: {above: 12}}", "{triage: emergency}"))),
    Small("a-gap-between-two-findings", "gap-between-bounds", "late", SHORT_LONG + rules(
        rule("early", "{weeks: {at_most: 6}}", "{finding: short}"),
        rule("late", "{weeks: {above: 12}}", "{finding: long}"))),
    Small("a-gap-of-one-value", "gap-between-bounds", "late", SHORT_LONG + rules(
        rule("early", "{weeks: {below: 6}}", "{finding: short}"),
        rule("late", "{weeks: {above: 6}}", "{finding: long}"))),
    Small("a-gap-for-some-people-only", "gap-between-bounds", "late", SHORT_LONG + rules(
        rule("early", "{weeks: {below: 6}}", "{finding: short}"),
        rule("late", "{weeks: {above: 6}, chills: yes}", "{finding: long}"))),
    Small("a-value-in-both-classes", "overlapping-bounds", "late", SHORT_LONG + rules(
        rule("early", "{weeks: {at_most: 6}}", "{finding: short}"),
        rule("late", "{weeks: {at_least: 6}}", "{finding: long}"))),
    Small("a-gap-between-classes-of-a-score", "gap-between-bounds", "high", SHORT_LONG + FOUR_SIGNS + rules(
        rule("low", "{score: {risk: {at_most: 1}}}", "{finding: short}"),
        rule("high", "{score: {risk: {at_least: 3}}}", "{finding: long}"))),
    Small("a-class-of-a-score-that-nobody-reaches", "threshold-range", "risk", TWO_SIGNS + rules(
        rule("high", "{score: {risk: {at_least: 3}}}", "{give: lie_down}"))),
    Small("a-gap-between-counts", "gap-between-bounds", "many", SHORT_LONG + rules(
        rule("few", "{eased_by: {at_most: 1}}", "{finding: short}"),
        rule("many", "{eased_by: {at_least: 3}}", "{finding: long}"))),
    Small("off-by-one-in-a-red-flag", "gap-between-bounds", "at-the-edge", URGENT + rules(
        rule("until-then", "{weeks: {below: 6}}", "{triage: today}"),
        rule("at-the-edge", "{weeks: {above: 6}, chills: yes}", "{triage: at_once}"))),
    Small("a-line-of-a-score-twice", "same-part-twice", "risk", SCORE
        + "      - {points: 1, when: {fever: yes}}\n      - {points: 1, when: {fever: yes}}\n" + rules(
        rule("risky", "{score: {risk: {at_least: 2}}}", "{give: lie_down}"))),
    Small("digits-beside-a-name", "literal-number", "weeks", "numbers: {long: {value: 6}}\n" + rules(
        rule("lasting", "{weeks: {at_least: long}, chills: yes}", "{give: lie_down}"),
        rule("lasting-and-weak", "{weeks: {at_least: 6}, weak_legs: yes}", "{triage: emergency}"))),
    # Advice, conditions and levels
    Small("given-and-held-by-the-same-answer", "never-reached", "walk", ADVICE + rules(
        rule("walk-with-chills", "{chills: yes}", "{give: walk}"),
        rule("rest-with-chills", "{chills: yes}", "{hold: walk}", "claims: [S1-03]"))),
    Small("held-more-widely-than-given", "never-reached", "walk", ADVICE + rules(
        rule("walk-with-chills", "{chills: yes, fever: yes}", "{give: walk}"),
        rule("rest-when-ill", "{any: [{chills: yes}, {fever: yes}]}", "{hold: walk}"))),
    Small("held-by-cases-whenever-given", "never-reached", "walk", ADVICE + rules(
        rule("walk-with-weak-legs", "{weak_legs: yes, weeks: {above: 3}}", "{give: walk}"),
        rule("rest-early", "{weeks: {below: 20}}", "{hold: walk}"),
        rule("rest-late", "{weeks: {above: 10}}", "{hold: walk}"))),
    Small("a-serious-condition-without-a-level", "serious-without-level", "tumour",
        "conditions:\n  cancer: {text: a tumour, serious: true}\n" + rules(
        rule("tumour", "{weeks: {above: 6}, chills: yes}", "{condition: cancer, support: possible}"))),
    Small("a-serious-condition-with-a-level-for-some", "serious-left-alone", "cancer",
        "conditions:\n  cancer: {text: a tumour, serious: true}\n" + rules(
        rule("tumour", "{weeks: {above: 6}, chills: yes}", "{condition: cancer, support: possible}"),
        rule("tumour-and-strong", "{condition: cancer, strength: severe}", "{triage: see_doctor}"))),
    Small("two-conditions-that-nobody-can-tell-apart", "same-conditions", "sprain",
        "conditions:\n  strain: {text: a strained muscle}\n  sprain: {text: a sprained ligament}\n" + rules(
        rule("either", "{eased_by: resting}",
             "[{condition: strain, support: typical}, {condition: sprain, support: typical}]"))),
    Small("a-level-that-a-higher-one-always-covers", "never-reached", "wait",
        "triage:\n  wait: {text: Wait}\n  go: {text: Go}\n" + rules(
        rule("waits", "{chills: yes}", "{triage: wait}"),
        rule("goes", "{any: [{chills: yes}, {fever: yes}]}", "{triage: go}", "claims: [S1-03]"))),
    # Urgency
    Small("a-no-in-what-urgency-needs", "red-flag-lowers", "dizzy", DIZZY + URGENT + rules(
        rule("dizzy-and-hot", "{dizzy: yes, fever: yes}", "{triage: at_once}"),
        rule("dizzy-alone", "{dizzy: yes}", "{triage: emergency}"),
        rule("steady-and-weak", "{dizzy: no, weak_legs: yes}", "{triage: today}"))),
    Small("a-follow-up-that-lowers-the-level", "level-can-fall", "today",
        "triage:\n  today: {text: Today}\n" + rules(
        rule("not-rapid", "{not: {weakness_onset: rapid}, fever: yes}", "{triage: today}"))),
    Small("a-not-in-a-triage-rule", "not-in-triage", "not-mild", rules(
        rule("not-mild", "{not: {strength: mild}, fever: yes}", "{triage: emergency}"))),
    Small("a-red-flag-with-a-condition-too-many", "red-flag-without-level", "dizzy: yes",
        DIZZY + URGENT + rules(
        rule("weak", "{weak_legs: yes}", "{triage: today}"),
        rule("dizzy-for-long", "{dizzy: yes, weeks: {above: 6}}", "{triage: at_once}"))),
    # Safety properties
    Small("a-property-about-nobody", "property-about-nobody", "guard", guarded(
        "{all: [{fever: yes}, {fever: no}]}", "must: {triage_at_least: emergency}")),
    Small("a-property-about-nobody-through-a-rule", "property-about-nobody", "guard", guarded(
        "{finding: ill, fever: no}", "must: {triage_at_least: emergency}")),
    Small("a-property-that-only-an-unwritten-case-breaks", "property-violated", "guard", guarded(
        "{weak_legs: yes}", "must: {triage_at_least: emergency}")),
    Small("a-property-broken-at-one-number", "property-violated", "guard", rules(
        rule("after-a-while", "{weeks: {above: 45}}", "{triage: emergency}")) + guarded(
        "{weeks: {at_least: 45}}", "must: {triage_at_least: emergency}")),
    Small("a-property-that-clashing-answers-break", "property-violated", "guard", guarded(
        "{weakness_onset: rapid}", "must: {triage_at_least: emergency}")),
    Small("an-open-answer-taken-for-a-no", "property-violated", "guard", guarded(
        "{strength: severe}", "not_ruled_out: {finding: ill}\n    unanswered: [chills]")),
    # Texts, names and claims
    Small("texts-equal-but-for-capitals-and-points", "same-text", "stay_in_bed",
        "advice:\n  stay_in_bed: {kind: at_home, text: lie down}\n" + rules(
        rule("bed", "{chills: yes}", "{give: stay_in_bed}"))),
    Small("a-because-that-only-repeats", "because-repeats", "repeated", rules(
        "  repeated:\n    when: {fever: yes, strength: severe}\n"
        "    then: {condition: infection, support: possible}\n"
        "    because: Fever that is severe may be an infection.\n    ours: true\n")),
    Small("a-red-flag-that-no-rule-carries", "warning-not-carried", "S1-04",
        "claims:\n  S1-04: {source: S1, kind: red-flag, claim: Shivering is a warning sign.}\n"),
    Small("a-misspelt-kind-of-claim", "rare-kind", "S1-07",
        "claims:\n  S1-05: {source: S1, kind: relief, claim: Lying down helps.}\n"
        "  S1-06: {source: S1, kind: relief, claim: Sitting down helps.}\n"
        "  S1-07: {source: S1, kind: releif, claim: Bending forward helps.}\n" + rules(
        rule("relieved", "{eased_by: resting, strength: mild}", "{give: lie_down}",
             "claims: [S1-05, S1-06, S1-07]"))),
    Small("a-question-that-nothing-reads", "unused-question", "dizzy", DIZZY),
)  # fmt: skip

EMERGENCY, URGENT_RULES = "rules/emergency.yaml", "rules/urgent.yaml"
BUNDLED = (
    Bundled("an-option-dropped-from-a-red-flag", "property-violated", "bladder-or-bowel-is-an-emergency",
            EMERGENCY, "[hard_to_urinate, no_feeling]", "[hard_to_urinate]"),
    Bundled("a-level-too-low", "property-violated", "a-weak-leg-is-an-emergency",
            EMERGENCY, "when: {finding: weak_leg}\n    then: {triage: emergency}",
            "when: {finding: weak_leg}\n    then: {triage: see_doctor}"),
    Bundled("the-wrong-option", "property-violated", "sudden-severe-pain-is-urgent",
            URGENT_RULES, "pain_onset: sudden\n      pain_strength: severe",
            "pain_onset: sudden\n      pain_strength: moderate"),
    Bundled("a-sign-too-many-required", "property-violated", "leg-pain-that-spreads-to-both-legs-is-urgent",
            URGENT_RULES, "{leg_signs: spread_to_both}",
            "{leg_signs: spread_to_both, pain_strength: severe}"),
    Bundled("one-of-several-signs-forgotten", "property-violated", "signs-of-illness-are-urgent",
            URGENT_RULES, "[fever, chills, weight_loss]", "[fever, weight_loss]"),
    Bundled("a-red-flag-that-cites-nothing", "warning-not-carried", "S4-43",
            URGENT_RULES, "claims: [S4-39, S4-43]", "claims: [S4-39]"),
    Bundled("a-copy-with-a-part-more", "subsumed", "dropping-foot-again",
            URGENT_RULES, "  dropping-foot:\n", """\
  dropping-foot-again:
    when: {leg_signs: foot_drop, pain_strength: severe}
    then: {triage: urgent}
    because: A foot that drops while it hurts much.
    claims: [S4-39, S4-44]

  dropping-foot:
"""),
)  # fmt: skip

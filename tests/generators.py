"""Knowledge bases and cases that nobody wrote, for the tests that hold for all of them.

A base comes out as the text of a file, so that the whole language is read; answers as a person or a program
gives them. A base is acyclic by construction: its questions, findings, conditions, levels, items and scores
are made one after the other in an order that is drawn, and a rule reads only what was made before all it
concludes. Everything is drawn as small whole numbers, which Hypothesis does fast and shrinks well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import TypeVar

from hypothesis import strategies as st

SUPPORT = ("background", "possible", "typical", "hallmark", "known")
OPTIONS = ("a", "b", "c")
POINTS = tuple(
    map(
        Decimal, ("1", "2", "-1", "0.5", "-2", "-1.25", "0.125", "0", "0.29", "-0.000001", "2.718282", "3000")
    )
)
AWKWARD = tuple(map(Decimal, ("0.07", "0.29", "0.57", "1.13", "1.005", "2.675")))
"""Numbers that come out one step too low where they are cut off instead of rounded."""
ONE_BOUND = ("at_least", "at_most", "above", "below", "equals")
TWO_BOUNDS = {
    ("at_least", "at_most"): 0,
    ("at_least", "below"): 1,
    ("above", "at_most"): 1,
    ("above", "below"): 2,
}
"""How many values the upper bound has to be above the lower one, so that something keeps both."""
COUNTS = ("at_least", "at_most", "exactly")
FEW = Decimal(3)
Spec = dict[str, object]
T = TypeVar("T")


@lru_cache
def up_to(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@dataclass
class Dice:
    """Everything that is drawn; what comes first in a sequence is what shrinking tends to. Of a base that is
    to be `small`, all answers can be tried.
    """

    draw: Callable[[st.SearchStrategy[int]], int]
    small: bool = False

    def number(self, low: int, high: int) -> int:
        return low + self.draw(up_to(high - low)) if high > low else low

    def one(self, values: Sequence[T]) -> T:
        return values[self.number(0, len(values) - 1)]

    def chance(self, one_in: int) -> bool:
        return self.number(1, one_in) == one_in

    def several(self, values: Sequence[T], low: int, high: int) -> list[T]:
        """Different values, as many as drawn."""
        left = list(values)
        return [
            left.pop(self.number(0, len(left) - 1)) for _ in range(self.number(low, min(high, len(left))))
        ]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        return self.several(values, len(values), len(values))

    def name_or_names(self, names: Sequence[str]) -> str | list[str]:
        return self.one(names) if self.chance(2) else self.several(names, 1, 2)


# Texts


def written(value: object) -> str:
    """A value in YAML's flow style; scalars as they are."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def text_of(sections: Spec) -> str:
    """The file of a knowledge base, an entry a line."""
    lines = []
    for name, section in sections.items():
        if name in ("scope", "knowledge_base"):
            lines.append(f"{name}: {written(section)}")
        elif section:
            lines += [f"{name}:", *(f"  {key}: {written(each)}" for key, each in section.items())]
    return "\n".join(lines) + "\n"


# Parts


@dataclass
class Context:
    """What can be read so far; of a condition the strongest support, of a score what it can reach."""

    questions: dict[str, Spec] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    conditions: dict[str, str] = field(default_factory=dict)
    levels: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    scores: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    classes: dict[str, list[str]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[str]:
        return [name for name, spec in self.questions.items() if spec["kind"] == kind]


def part(dice: Dice, known: Context, depth: int = 2) -> object:
    """One part over what is known: a leaf, or parts inside a part."""
    inner = ("all", "any", "any", "not", "not not", *COUNTS, "several") if depth else ()
    word = dice.one(("leaf", "leaf", "leaf", *inner))
    match word:
        case "leaf":
            return leaf(dice, known)
        case "not":
            return {"not": part(dice, known, depth - 1)}
        case "not not":
            return {"not": {"not": part(dice, known, depth - 1)}}
        case "at_least" | "at_most" | "exactly":
            of = more_of(dice, [part(dice, known, depth - 1) for _ in range(dice.number(2, 5))])
            return {word: {"count": dice.number(1, len(of) - (word == "at_most")), "of": of}}
    parts = [part(dice, known, depth - 1) for _ in range(dice.number(1, 3))]
    if word != "several":
        parts = more_of(dice, parts)
        return {word: parts}
    return {key: each for one in parts if isinstance(one, dict) for key, each in one.items()} or "always"


def more_of(dice: Dice, parts: list[object]) -> list[object]:
    """The parts, perhaps with one of them twice, and perhaps with `always` among them."""
    found = [*parts, *([dice.one(parts)] if dice.chance(6) else [])]
    return dice.shuffled([*found, "always"]) if dice.chance(8) else found


def leaf(dice: Dice, known: Context) -> object:
    """A part without parts inside."""
    kinds = ["answer"] * 4 + ["finding"] * (2 * bool(known.findings)) + ["score"] * (2 * bool(known.scores))
    kinds += ["condition"] * bool(known.conditions) + ["triage_at_least"] * bool(known.levels)
    kinds += ["advice"] * bool(known.advice) + ["class"] * (2 * bool(known.classes))
    match dice.one(kinds):
        case "answer":
            name = dice.one(list(known.questions))
            return "always" if dice.chance(40) else {name: test_of(dice, known.questions[name])}
        case "score":
            return of_score(dice, dice.one(list(known.scores)), known)
        case "class":
            name = dice.one(list(known.classes))
            named = dice.several(known.classes[name], 1, len(known.classes[name]) - 1)
            return {"class": {name: named[0] if len(named) == 1 and dice.chance(2) else named}}
        case kind:
            return of_conclusion(dice, kind, known)


def of_conclusion(dice: Dice, kind: str, known: Context) -> Spec:
    """A part that reads a conclusion; also what something can be shown with."""
    match kind:
        case "finding":
            return {"finding": dice.name_or_names(known.findings)}
        case "advice":
            return {"advice": dice.name_or_names(known.advice)}
        case "triage_at_least":
            return {"triage_at_least": dice.one(known.levels)}
    name = dice.one(list(known.conditions))
    reachable = SUPPORT[: SUPPORT.index(known.conditions[name]) + 1]
    plain = "possible" in reachable and dice.chance(2)
    return {"condition": name if plain else {name: dice.one(reachable)}}


def of_score(dice: Dice, name: str, known: Context) -> Spec:
    """One bound or two on a score, within what it can reach."""
    low, high = known.scores[name]
    whole = range(int(low.to_integral(ROUND_CEILING)), int(high.to_integral(ROUND_FLOOR)) + 1)
    return {"score": {name: bounds(dice, sorted({low, high, *map(Decimal, whole)}))}}


def bounds(dice: Dice, values: Sequence[object]) -> Spec:
    """One bound or two that some value keeps; the values in ascending order."""
    if dice.chance(2):
        lower, upper = dice.one(list(TWO_BOUNDS))
        apart = TWO_BOUNDS[lower, upper]
        if len(values) > apart:
            at = dice.number(0, len(values) - 1 - apart)
            other = dice.number(at + apart, len(values) - 1)
            if not apart and dice.chance(2):
                return {"between": [values[at], values[other]]}
            return {lower: values[at], upper: values[other]}
    return {dice.one(ONE_BOUND): dice.one(values)}


def test_of(dice: Dice, spec: Spec) -> object:
    """What an answer is compared with."""
    match spec["kind"]:
        case "yes_no":
            return dice.chance(2)
        case "number":
            by_name = dice.chance(2)
            return bounds(dice, ["few" if by_name and each == FEW else each for each in numbers_of(spec)])
        case "choices" if dice.chance(2):
            return "none" if dice.chance(3) else bounds(dice, range(len(spec["options"]) + 1))
    return dice.name_or_names(list(spec["options"]))


test_of.__test__ = False


def numbers_of(spec: Spec) -> list[Decimal]:
    """Numbers in a question's range, in order: all of a few, else those at the ends and awkward ones."""
    low, high, step = spec["minimum"], spec["maximum"], Decimal(1).scaleb(-int(spec["decimals"]))
    if step >= 1:
        return [low + at for at in range(int(high - low) + 1)]
    some = {
        low,
        low + step,
        high - step,
        high,
        FEW,
        *(low + each.quantize(step) for each in AWKWARD),
        *AWKWARD,
    }
    return sorted(each for each in some if low <= each <= high and each == each.quantize(step))


# Questions and answers


def question(dice: Dice) -> Spec:
    """A question without its `asked_when`."""
    kind = dice.one(("yes_no", "choice", "choices", "number"))
    spec: Spec = {"ask": f"what is the {kind}", "kind": kind}
    spec |= {"changeable": False} if dice.chance(4) else {}
    if kind == "number":
        low = dice.one((0, 1, -2, -1))
        ends = {"minimum": Decimal(low), "maximum": Decimal(low + dice.number(2, 4))}
        return spec | {
            "unit": "steps",
            **ends,
            "decimals": dice.one((0, 1) if dice.small else (0, 0, 1, 2, 3)),
        }
    if kind != "yes_no":
        spec["options"] = {each: f"option {each}" for each in OPTIONS[: dice.number(2, 3)]}
    return spec


def answer(dice: Dice, spec: Spec) -> object:
    """An answer as a person or a program gives it; None where there is none."""
    match dice.one(("answered",) * 5 + ("unknown",) + (None,) * 3):
        case "answered":
            return known_answer(dice, spec)
        case other:
            return other


def known_answer(dice: Dice, spec: Spec) -> object:
    match spec["kind"]:
        case "yes_no":
            return dice.chance(2)
        case "number":
            return float(dice.one(numbers_of(spec)))
    options = list(spec["options"])
    if spec["kind"] == "choice":
        return dice.one(options)
    match dice.one(("complete", "partial", "none")):
        case "complete":
            return dice.several(options, 0, len(options))
        case "partial":
            named = dice.several(options, 0, len(options))
            return {option: dice.one((True, False, None, "unknown")) for option in named}
    return "none"


# Knowledge bases


@dataclass
class Draft:
    """A knowledge base as it is made: its sections, what can be read, and what is still to come."""

    dice: Dice
    sections: dict[str, Spec]
    to_come: list[tuple[str, str]]
    kinds: dict[str, str]
    sources: tuple[str, ...]
    known: Context = field(default_factory=Context)


def knowledge_base(dice: Dice) -> Spec:
    """The sections of a knowledge base that loads."""
    to_come = plan(dice)
    kinds = {name: dice.one(("soon", "later")) for kind, name in to_come if kind == "item"}
    sources = dice.one(((), ("S1", "S2")))
    levels = [name for kind, name in reversed(to_come) if kind == "level"]
    sections: dict[str, Spec] = {
        "knowledge_base": {"name": "drawn", "version": 1},
        "sources": {name: {"title": f"article {name}"} for name in sources},
        "claims": {f"{name}-1": {"source": name, "claim": "so it is"} for name in sources},
        "numbers": {"few": {"value": FEW, "ours": True}},
        "advice_kinds": {"soon": "soon", "later": "later"},
        "triage": {name: level(dice, name) for name in levels},
    }
    sections |= {name: {} for name in ("questions", "findings", "conditions", "advice", "scores", "rules")}
    draft = Draft(dice, sections, to_come, kinds, sources)
    while draft.to_come:
        kind, name = draft.to_come.pop(0)
        MAKERS[kind](draft, name)
    make_the_rest(draft)
    order = dice.shuffled(list(sections["questions"]))
    return sections | {"questions": {name: sections["questions"][name] for name in order}}


def level(dice: Dice, name: str) -> Spec:
    """A level that reassures or is for red flags, which then stands alone or does not."""
    flag = {"red_flag": True, "sooner": f"come for {name} if", "signs": [f"one of {name}", f"two of {name}"]}
    return {"text": f"level {name}", **dice.one(({"reassures": True}, flag, flag | {"alone": True}))}


def plan(dice: Dice) -> list[tuple[str, str]]:
    """What a base is made of, in the order of making; levels from the highest down."""
    levels = [f"l{at}" for at in reversed(range(dice.one((0, 2, 3))))]
    most = {"question": 3 if dice.small else 4, "finding": 3, "condition": 2, "score": 2, "item": 3}
    rest = [(kind, f"{kind[0]}{at}") for kind, high in most.items() for at in range(dice.number(0, high))]
    mixed = dice.shuffled([*rest, *[("level", "")] * len(levels)])
    names = iter(levels)
    first = [("question", f"p{at}") for at in range(dice.number(2, 3))]
    return first + [(kind, next(names) if kind == "level" else name) for kind, name in mixed]


def make_question(draft: Draft, name: str) -> None:
    spec = question(draft.dice)
    if len(draft.known.questions) >= 2 and draft.dice.chance(2):
        spec["asked_when"] = part(draft.dice, draft.known, 1)
    if spec["kind"] == "number" and draft.dice.chance(3):
        ends = sorted(draft.dice.several(numbers_of(spec)[:-1], 1, 2))
        add_classes(draft, name, spec, [{"at_most": end} for end in ends])
    draft.sections["questions"][name] = draft.known.questions[name] = spec


def make_finding(draft: Draft, name: str) -> None:
    draft.sections["findings"][name] = f"finding {name}"
    make_rules(draft, {"finding": name})
    draft.known.findings.append(name)


def make_condition(draft: Draft, name: str) -> None:
    draft.sections["conditions"][name] = {"text": name, "serious": draft.dice.chance(2)}
    make_rules(draft, {"condition": name, "support": draft.dice.one(SUPPORT)})
    concluded = [each for rule in draft.sections["rules"].values() for each in rule["then"]]
    grades = [each["support"] for each in concluded if each.get("condition") == name and "support" in each]
    draft.known.conditions[name] = max(grades, key=SUPPORT.index)


def make_level(draft: Draft, name: str) -> None:
    make_rules(draft, {"triage": name})
    draft.known.levels.append(name)


def make_item(draft: Draft, name: str) -> None:
    known, kind = draft.known, draft.kinds[name]
    if not any(draft.kinds[each] == kind for each in known.advice) and draft.dice.chance(3):
        make_rules(draft, {"hold_kind": kind})
    if draft.dice.chance(2):
        make_rules(draft, {"hold": name})
    spec: Spec = {"kind": kind, "text": name}
    draft.sections["advice"][name] = spec
    hosts = kinds_of_host(known)
    if hosts and draft.dice.chance(3):
        host = draft.dice.one(hosts)
        shown_with = of_conclusion(draft.dice, host, known)
        spec["shown_with"] = {"advice": draft.dice.one(known.advice)} if host == "advice" else shown_with
    if "shown_with" not in spec or draft.dice.chance(3):
        make_rules(draft, {"give": name})
    known.advice.append(name)


def kinds_of_host(known: Context) -> list[str]:
    """What something can be shown with."""
    there = {"finding": known.findings, "advice": known.advice, "condition": known.conditions}
    return [kind for kind, names in (there | {"triage_at_least": known.levels}).items() if names]


def make_score(draft: Draft, name: str) -> None:
    lines = [line(draft.dice, draft.known) for _ in range(draft.dice.number(1, 4))]
    counted = [each for _, each in lines]
    others = list(draft.known.scores)
    spec: Spec = {"text": name, "parts": [each for each, _ in lines]}
    if others and draft.dice.chance(2):
        other = draft.dice.one(others)
        spec["parts"].append({"lines_of": other})
        counted.append([list(draft.known.scores[other])])
    draft.sections["scores"][name] = spec
    low = sum(min(0, *points) for each in counted for points in each)
    high = sum(max(0, *points) for each in counted for points in each)
    draft.known.scores[name] = Decimal(low), Decimal(high)
    if low < high and draft.dice.chance(2):
        ways = [[{"at_most": low}], [{"below": high}], [{"at_most": (low + high) / 2}]]
        ways += [[{"below": 0}, {"at_most": 0}]] if low < 0 < high else []
        add_classes(draft, name, spec, draft.dice.one(ways))


def add_classes(draft: Draft, name: str, spec: Spec, ends: list[Spec]) -> None:
    """Classes with these ends, and one for everything higher."""
    named = {f"k{at}": {**end, "text": f"class {at}"} for at, end in enumerate(ends)}
    spec["classes"] = {**named, f"k{len(ends)}": draft.dice.one(("otherwise", {"otherwise": True}))}
    draft.known.classes[name] = list(spec["classes"])


def line(dice: Dice, known: Context) -> tuple[Spec, list[list[Decimal]]]:
    """A line of a score, and for everything that it counts the points that bound it."""
    of_number = ["times", "bands"] * bool(known.of_kind("number"))
    by_option = ["points"] * bool(known.of_kind("choice")) + ["chosen"] * bool(known.of_kind("choices"))
    match dice.one(["when", "each", *by_option, *of_number]):
        case "when":
            points = dice.one(POINTS)
            return {"points": points, "when": part(dice, known, 1)}, [[points]]
        case "each":
            points = dice.one(POINTS)
            listed = dice.several(known.of_kind("yes_no"), 0, 3)
            if listed and dice.chance(2):
                return {"each": listed, "is": dice.chance(2), "points": points}, [[points]] * len(listed)
            of = [*listed, *(part(dice, known, 1) for _ in range(dice.number(not listed, 2)))]
            of = [each for each in of if each != "always"] or [{"not": leaf(dice, known)}]
            return {"each": of, "points": points}, [[points]] * len(of)
        case "points":
            names = dice.several(known.of_kind("choice"), 1, 2)
            several, bounded = of_options(dice, known, names)
            return several, [bounded] * len(names)
        case "chosen":
            spec, bounded = of_options(dice, known, [dice.one(known.of_kind("choices"))])
            return spec, [[each] for each in bounded]
        case kind:
            name = dice.one(known.of_kind("number"))
            low, high = (known.questions[name][end] for end in ("minimum", "maximum"))
    if kind == "times":
        weight = dice.one(POINTS)
        return {"question": name, "times": weight}, [[weight * low, weight * high]]
    ends = sorted(dice.several(numbers_of(known.questions[name]), 0, 2))
    bands = [{dice.one(("below", "at_most")): end, "points": dice.one(POINTS)} for end in ends]
    if len(ends) == 2 and ends[1] - ends[0] <= 1:
        bands[0] = {"below": ends[0], "points": dice.one(POINTS)}
    bands.append({"points": dice.one(POINTS)})
    reached = [band["points"] for band in bands if band.get("below") != low]
    reached = reached[:-1] if any(band.get("at_most") == high for band in bands) else reached
    return {"question": name, "bands": bands}, [reached]


def of_options(dice: Dice, known: Context, names: list[str]) -> tuple[Spec, list[Decimal]]:
    """Points by the options that all of these questions have."""
    options = [each for each in OPTIONS if all(each in known.questions[name]["options"] for name in names)]
    by_option = {option: dice.one(POINTS) for option in dice.several(options, 1, 3)}
    asked = {"question": names[0]} if len(names) == 1 and dice.chance(2) else {"each": names}
    return {**asked, "points": by_option}, list(by_option.values())


def make_rules(draft: Draft, conclusion: Spec) -> None:
    """One rule or two for a conclusion, each perhaps with more that is still to come."""
    dice = draft.dice
    for _ in range(dice.one((1, 1, 2))):
        then = [conclusion]
        if draft.to_come and dice.chance(3):
            then += another_conclusion(dice, *dice.one(draft.to_come))
        if draft.known.conditions and dice.chance(5):
            then.append({"condition": dice.one(list(draft.known.conditions)), "counts_against": True})
        rule: Spec = {"when": part(dice, draft.known)}
        if dice.chance(6):
            rule["unless"] = part(dice, draft.known, 1)
        most = 1 if any("triage" in each for each in then) else 2
        claims = [f"{source}-1" for source in dice.several(draft.sources, 0, most)]
        rule |= {"then": then, "because": "we say so", **({"claims": claims} if claims else {"ours": True})}
        rules = draft.sections["rules"]
        rules[f"r{len(rules)}"] = rule


def another_conclusion(dice: Dice, kind: str, name: str) -> list[Spec]:
    match kind:
        case "finding":
            return [{"finding": name}]
        case "condition":
            return [{"condition": name, "support": dice.one(SUPPORT)}]
        case "level":
            return [{"triage": name}]
        case "item":
            return [{dice.one(("give", "hold")): name}]
    return []


MAKERS = {
    "question": make_question,
    "finding": make_finding,
    "condition": make_condition,
    "level": make_level,
    "item": make_item,
    "score": make_score,
}


def make_the_rest(draft: Draft) -> None:
    """The sections that read everything and that nothing reads."""
    dice, sections, known = draft.dice, draft.sections, draft.known
    if not sections["rules"]:
        make_finding(draft, "last")
    hosts = kinds_of_host(known)
    shown = [of_conclusion(dice, dice.one(hosts), known) for _ in range(dice.number(0, 2))] if hosts else []
    sections["texts"] = {
        f"t{at}": {"text": "read on", "shown_with": each, "ours": True} for at, each in enumerate(shown)
    }
    clashes = [part(dice, known) for _ in range(dice.number(0, 2))]
    sections["consistency"] = {
        f"k{at}": {"when": each, "because": "both cannot be"} for at, each in enumerate(clashes)
    }
    if draft.sources and dice.chance(2):
        sides = [{"says": "this", "claims": ["S1-1"]}, {"says": "that", "claims": ["S2-1"]}]
        entry = {"about": "it", "when": part(dice, known), "sides": sides, "done": "the safer"}
        sections["disagreements"] = {"d0": entry}
    sections["safety"] = {f"s{at}": property_of(dice, sections, known) for at in range(dice.number(0, 3))}
    if dice.chance(2):
        sections["scope"] = {"text": "those concerned", "when": part(dice, known, 1)}


def property_of(dice: Dice, sections: Spec, known: Context) -> Spec:
    """What may hold for every case, or may not."""
    spec: Spec = {"when": part(dice, known, 1)} if dice.chance(3) else {}
    if dice.chance(3):
        spec["unanswered"] = dice.name_or_names(list(known.questions))
    verb = dice.one(("must", "never", "not_ruled_out", "stays"))
    return spec | {verb: property_part(dice, sections, known), "because": "we say so", "ours": True}


def property_part(dice: Dice, sections: Spec, known: Context) -> object:
    """A part, perhaps one that only properties have."""
    words = {"triage": known.levels, "held": known.advice, "advice_kind": list(sections["advice_kinds"])}
    word = dice.one(("part", "part", *(word for word, names in words.items() if names)))
    if word == "part":
        return part(dice, known)
    one = {word: dice.name_or_names(words[word])}
    return {"not": one} if dice.chance(4) else one


@st.composite
def bases_with_cases(draw, cases: int = 6, small: bool = False) -> tuple[str, list[Spec]]:
    """The text of a knowledge base, and the answers of some people."""
    dice = Dice(draw, small)
    sections = knowledge_base(dice)
    people = [
        {name: answer(dice, spec) for name, spec in sections["questions"].items()} for _ in range(cases)
    ]
    return text_of(sections), people

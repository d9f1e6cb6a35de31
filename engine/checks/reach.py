"""What can never be, and what cannot fail to be: found by what must have been answered, not by trying cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.checks.boxes import HOLDS, Box, Sides, clash, sides, some
from engine.checks.check import Check, Examined, Example, Problems, finding
from engine.model import SUPPORT, KnowledgeBase
from engine.part_text import name_text
from engine.parts import All, Always, Part
from facts.problem import Span, quote


def never_fires(examined: Examined) -> Problems:
    """Whatever has a `when` that no answers can make true."""
    found = examined.boxes
    for what, name, part, span in _whens(examined):
        if found[name].true is None and _by_itself(part, examined.kb, found).true is None:
            message = f"{what} can never hold{_why(part, examined.kb, found)}"
            yield finding("never-fires", message, span, "change one of its parts; for one or the other, use `any`")


def always_fires(examined: Examined) -> Problems:
    """Whatever has a `when` that no answers can make false, though it is not `always`."""
    found = examined.boxes
    for what, name, part, span in _whens(examined):
        never_false = found[name].false is None and not isinstance(part, Always)
        if never_false and _by_itself(part, examined.kb, found).false is None:
            message = f"{what} can never be ruled out: every answer makes it true"
            help = "take out the part that asks nothing, or write `when: always`"
            yield finding("always-fires", message, span, help)


def out_of_place(examined: Examined) -> Problems:
    """Rules that need an answer to a question, and other answers with which it is not asked."""
    kb, found = examined.kb, examined.boxes
    for id, rule in kb.rules.items():
        box = found[f"rule:{id}"].true
        asked = _asked(box, kb, found)
        if box and asked and some(1 + len(asked), [box, *asked.values()]) is None:
            question = next((each for each in asked if some(2, [box, asked[each]]) is None), next(iter(asked)))
            message = f"rule {quote(id)} needs an answer to {quote(question)} where this question is not asked"
            help = "change the part, or the `asked_when` of the question"
            earlier = kb.questions[question].span
            yield finding("fires-out-of-place", message, rule.span, help, earlier)


def background_only(examined: Examined) -> Problems:
    """Conditions for which no rule gives more than `background`."""
    for name in examined.kb.conditions:
        grades = [grade for grade in SUPPORT if examined.prepared.rules_for[f"condition:{name}:{grade}"]]
        if grades == ["background"]:
            message = f"nothing supports condition {quote(name)} beyond `background`"
            help = "write a rule with the pattern of this condition, or allow it with the reason"
            yield finding("background-only", message, examined.place("conditions", name), help)


def _whens(examined: Examined) -> Iterator[tuple[str, str, Part, Span]]:
    """Everything that somebody gave a `when`: what it is, its name, the part and its place."""
    kb = examined.kb
    sections: tuple[tuple[str, str, str], ...] = (
        ("rules", "rule", "rule {}"),
        ("questions", "asked", "`asked_when` of {}"),
        ("consistency", "inconsistency", "inconsistency {}"),
        ("disagreements", "disagreement", "disagreement {}"),
    )
    for section, kind, what in sections:
        for name, span in kb.places.get(section, {}).items():
            part = examined.definitions.get(f"{kind}:{name}")
            if part is not None:
                yield what.format(quote(name)), f"{kind}:{name}", part, span


def _by_itself(part: Part, kb: KnowledgeBase, found: Mapping[str, Sides]) -> Sides:
    """Both sides of a part if what it reads could be either: what follows from other faults is not one of its own."""
    return sides(part, kb, _open(found))


def _open(found: Mapping[str, Sides]) -> Callable[[str], Sides]:
    def of(name: str) -> Sides:
        each = found.get(name, HOLDS)
        if name not in found or None not in (each.true, each.false):
            return each
        return Sides({} if each.true is None else each.true, {} if each.false is None else each.false)

    return of


def _why(part: Part, kb: KnowledgeBase, found: Mapping[str, Sides]) -> str:
    """On what the parts of an `all` contradict each other."""
    if not isinstance(part, All):
        return ""
    inner = [sides(each, kb, _open(found)).true for each in part.parts]
    on = clash(inner)
    said = on if on in kb.questions else name_text(on) if on else ""
    return f": its parts contradict each other on {quote(said)}" if said else ""


def _asked(box: Box | None, kb: KnowledgeBase, found: Mapping[str, Sides]) -> dict[str, Box]:
    """The boxes of the `asked_when` of each question of a box, and of those that these need."""
    asked: dict[str, Box] = {}
    waiting = list(box or ())
    while waiting:
        question = waiting.pop()
        own = found[f"asked:{question}"].true if question in kb.asked_when else None
        if own is not None and question not in asked:
            asked[question] = own
            waiting += own
    return asked


def _rule(when: str) -> Example:
    lines = f"when: {when}\n    then: {{finding: ill}}\n    because: It calls for attention.\n    ours: true\n"
    return Example(f"rules:\n  an-example:\n    {lines}")


NEVER_FIRES = Check(
    "never-fires",
    "A rule that can never fire",
    "Its parts contradict each other, perhaps through the findings that they read, so no answers make all of "
    "them true. Whoever wrote it believes that a case is covered, and it is not. Clashes, disagreements and "
    "`asked_when` are looked at, too.",
    _rule("{all: [{strength: mild}, {strength: severe}]}"),
    _rule("{strength: [mild, severe]}"),
    never_fires,
)
ALWAYS_FIRES = Check(
    "always-fires",
    "A rule that can never be ruled out",
    "Its parts leave no answer out, so whatever is answered it fires sooner or later. It says `always` in a way that "
    "nobody sees, and until then it keeps questions open for nothing.",
    _rule("{any: [{weeks: {at_least: 4}}, {weeks: {below: 5}}]}"),
    _rule("{weeks: {at_least: 4}}"),
    always_fires,
)
OUT_OF_PLACE = Check(
    "fires-out-of-place",
    "A rule that fires only where its question is not asked",
    "It reads the answer to a question whose `asked_when` is not true where the other parts of the rule are. "
    "Nobody who is asked in order ever gets there; only inconsistent answers do.",
    _rule("{weak_legs: no, weakness_onset: gradual}"),
    _rule("{weak_legs: yes, weakness_onset: gradual}"),
    out_of_place,
)
_SPRAIN = """\
conditions:
  sprain: {{text: a sprain}}
rules:
  strength-of-a-sprain:
    when: {{strength: moderate}}
    then: {{condition: sprain, support: {}}}
    because: It hurts, but not most of all.
    claims: [S1-03]
"""
BACKGROUND_ONLY = Check(
    "background-only",
    "A condition that nothing points to",
    "`background` says that a condition is among those that there are; no pattern of answers speaks for it. It is on "
    "everybody's list and rises on nobody's. Where the articles really give no pattern, allow it and say so.",
    Example(_SPRAIN.format("background")),
    Example(_SPRAIN.format("possible")),
    background_only,
)
CHECKS = (NEVER_FIRES, ALWAYS_FIRES, OUT_OF_PLACE, BACKGROUND_ONLY)

"""What can never be true, or never be false, derived from necessary answers instead of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.checks.boxes import HOLDS, Box, Sides, clash, sides, some
from engine.checks.check import Check, Examined, Problems, finding
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import kind_of, name_of
from engine.model.parts import All, Always, Part, Ref
from engine.words.rule_text import name_text
from facts.problem import Span, quote, quoted

CAN_NEVER = {"advice": "be given", "text": "be shown"}
HELP = {
    "advice": "a hold applies to everybody who is given this advice: make the holds apply to fewer cases",
    "text": "show the text with something else, or remove it",
    "property": "the property applies to no case: change one of its parts",
}


def never_fires(examined: Examined) -> Problems:
    """Rules and other entries with a `when`, given items and shown texts that no answers can make true."""
    found, hosted = examined.boxes, _hosted(examined.kb)
    for what, name, part, span in (*_whens(examined), *_shown(examined)):
        if found[name].true is None and _by_itself(part, examined).true is None:
            kind = kind_of(name)
            why = "" if kind == "advice" else _why(part, examined)
            message = f"{what} can never {CAN_NEVER.get(kind, 'hold')}{why}{_with_it(hosted.get(name, []))}"
            help = "change one of the parts; if one of them is enough, use `any`"
            yield finding("never-fires", message, span, HELP.get(kind, help))


def _shown(examined: Examined) -> Iterator[tuple[str, str, Part, Span]]:
    """Items and texts, except those shown only with an item, and the `when` of properties."""
    kb = examined.kb
    hosted = {each for host, those in _hosted(kb).items() if kind_of(host) == "advice" for each in those}
    for section, kind, what in (("advice", "advice", "advice {}"), ("texts", "text", "text {}")):
        for name, span in examined.kb.places.get(section, {}).items():
            if name not in hosted:
                yield (
                    what.format(quote(name)),
                    name_of(kind, name),
                    examined.definitions[name_of(kind, name)],
                    span,
                )
    for name, each in examined.kb.safety.items():
        yield f"`when` of property {quote(name)}", name_of("property", name, "when"), each.when, each.span


def _hosted(kb: KnowledgeBase) -> dict[str, list[str]]:
    """The items and texts that appear only with a single definition, by that definition."""
    found: dict[str, list[str]] = {}
    shown = [*((each.name, each.shown_with) for each in kb.advice.values())]
    shown += [(each.name, each.shown_with) for each in kb.texts.values()]
    for name, host in shown:
        if isinstance(host, Ref):
            found.setdefault(host.name, []).append(name)
    return found


def _with_it(hosted: list[str]) -> str:
    return f"; the same is true of {quoted(hosted)}, shown with it" if hosted else ""


def always_fires(examined: Examined) -> Problems:
    """Entries whose `when` no answers can make false, although it is not `always`."""
    found = examined.boxes
    for what, name, part, span in _whens(examined):
        never_false = found[name].false is None and not isinstance(part, Always)
        if never_false and _by_itself(part, examined).false is None:
            message = f"{what} can never be ruled out: every answer makes it true"
            help = "remove the part that has no effect, or write `when: always`"
            yield finding("always-fires", message, span, help)


def out_of_place(examined: Examined) -> Problems:
    """Rules that require an answer to a question together with answers for which it is not asked."""
    kb, found = examined.kb, examined.boxes
    for id, rule in kb.rules.items():
        box = found[name_of("rule", id)].true
        asked = _asked(box, kb, found)
        if box and asked and some(1 + len(asked), [box, *asked.values()]) is None:
            alone = [each for each in asked if some(2, [box, asked[each]]) is None]
            question = (alone or list(asked))[0]
            message = f"rule {quote(id)} needs an answer to {quote(question)} when that question is not asked"
            help = "change this part, or the `asked_when` of the question"
            earlier = kb.questions[question].span
            yield finding("fires-out-of-place", message, rule.span, help, earlier)


def background_only(examined: Examined) -> Problems:
    """Conditions for which no rule gives more than `background`."""
    for name in examined.kb.conditions:
        grades = [
            grade for grade in SUPPORT if examined.prepared.rules_for[name_of("condition", name, grade)]
        ]
        if grades == ["background"]:
            message = f"rules give condition {quote(name)} only `background` support"
            help = "write a rule for a pattern of answers, or allow this with the reason"
            yield finding("background-only", message, examined.place("conditions", name), help)


def _whens(examined: Examined) -> Iterator[tuple[str, str, Part, Span]]:
    """Every `when` that an author wrote: the kind and name of its entry, the part and its place."""
    kb = examined.kb
    sections: tuple[tuple[str, str, str], ...] = (
        ("rules", "rule", "rule {}"),
        ("questions", "asked", "`asked_when` of {}"),
        ("consistency", "inconsistency", "inconsistency {}"),
        ("disagreements", "disagreement", "disagreement {}"),
    )
    for section, kind, what in sections:
        for name, span in kb.places.get(section, {}).items():
            part = examined.definitions.get(name_of(kind, name))
            if part is not None:
                yield what.format(quote(name)), name_of(kind, name), part, span


def _by_itself(part: Part, examined: Examined) -> Sides:
    """Both sides of a part; names that can never be true or never false count as undecided.

    This keeps one fault from being reported twice.
    """
    return sides(part, examined.answers, _open(examined.boxes))


def _open(found: Mapping[str, Sides]) -> Callable[[str], Sides]:
    def of(name: str) -> Sides:
        each = found.get(name, HOLDS)
        if name not in found or None not in (each.true, each.false):
            return each
        return Sides({} if each.true is None else each.true, {} if each.false is None else each.false)

    return of


def _why(part: Part, examined: Examined) -> str:
    """The question on which the parts of an `all` contradict each other, in words."""
    if not isinstance(part, All):
        return ""
    inner = [_by_itself(each, examined).true for each in part.parts]
    on = clash(inner)
    said = on if on in examined.kb.questions else name_text(on) if on else ""
    return f": its parts contradict each other on {quote(said)}" if said else ""


def _asked(box: Box | None, kb: KnowledgeBase, found: Mapping[str, Sides]) -> dict[str, Box]:
    """The `asked_when` boxes of the questions in a box, and of the questions that these boxes read."""
    asked: dict[str, Box] = {}
    waiting = list(box or ())
    while waiting:
        question = waiting.pop()
        own = found[name_of("asked", question)].true if question in kb.asked_when else None
        if own is not None and question not in asked:
            asked[question] = own
            waiting += own
    return asked


CHECKS = (
    Check("never-fires", never_fires),
    Check("always-fires", always_fires),
    Check("fires-out-of-place", out_of_place),
    Check("background-only", background_only),
)

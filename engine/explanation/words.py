"""Changes of answers and differences of assessments in words, as short lines.

In: changes and differences. Out: lines of text for the terminal and the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod
from typing import TYPE_CHECKING

from engine.explanation.difference import Difference, Stated
from engine.meaning.holds import Truth
from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of, parsed
from engine.model.parts import AnyOf
from engine.words.phrases import text_of
from engine.words.rule_text import name_text, written
from facts.cases.text import answer_text
from facts.vocabulary import Answer, Choices, Number, Question

if TYPE_CHECKING:
    from engine.explanation import Flip
    from engine.explanation.ask import Ask
    from engine.explanation.branch import Branch
    from engine.solver import Alternative, Changes, Excluded, Limit, Need, Step
    from engine.solver.search import How

FIELDS: Mapping[str, str] = {
    "in_scope": "in scope",
    "level": "level",
    "ceiling": "could be",
    "settled": "settled",
    "level_by_source": "level by article",
    "ceiling_by_source": "could be by article",
    "conditions": "conditions",
    "could_reach": "conditions could reach",
    "against": "counts against",
    "scores": "scores",
    "classes": "classes",
    "advice": "advice",
    "findings": "findings",
    "inconsistencies": "answers that clash",
    "disagreements": "disagreements",
    "texts": "texts",
    "ask_next": "to ask",
    "kept_open_by": "kept open by “I don't know”",
    "rules": "rules",
}
MARKS: Mapping[Truth, str] = {True: "✓", False: "✗", None: "?"}
STATES: Mapping[Truth, str] = {True: "holds", False: "is ruled out", None: "is open"}
MOST_SHOWN = 8
"""Maximum number of alternatives shown; JSON has all."""
NEVER = "No rule concludes this."
OUT_OF_REACH = "is out of reach: no consistent further answers make it true"
FOLDED = "… marks what is not shown because it decides nothing here; `--all` shows everything"
ALREADY = "This is already so."
LONG = "more parts than can be read at once"
DOING: Mapping[How, str] = {"answer": "answer", "change": "change", "withdraw": "withdraw", "falls_away": ""}
NO_SOLVER = "To find the smallest change, install the solver z3: pip install 'cartsign[author]'"
NO_PROOF = (
    "To leave out questions that can change nothing, install the solver z3: pip install 'cartsign[author]'"
)
ELSEWHERE = {"above": "as above", "deeper": "continues: explain this name by itself", "folded": "…"}
MEMBERS = ("findings", "inconsistencies", "disagreements", "texts", "ask_next", "kept_open_by")


@dataclass(frozen=True, slots=True)
class Choosing:
    """What to do about a question (`how`), the answers any of which will do, and the answer that was given.

    Without answers to choose from, the given answer is withdrawn.
    """

    question: str
    how: How
    answers: tuple[str, ...]
    instead_of: str


def state(branch: Branch, changes: Changes | None = None) -> str:
    """Whether something holds, in words; an open definition is out of reach if the solver proved that."""
    unreachable = branch.truth is None and changes is not None and changes.is_open is False
    return OUT_OF_REACH if unreachable else STATES[branch.truth]


def flip_text(flip: Flip, kb: KnowledgeBase) -> tuple[str, str]:
    """Two phrases: what a flip would bring about, and what is the case now."""
    if flip.is_level:
        said = f"level: {parsed(flip.name).name}: {text_of(flip.name, kb)}"
        return f"What would make it {said}", f"now {flip.now or 'no level'}"
    kind, called, support = parsed(flip.name)
    name = name_of(kind, called, "possible") if support == SUPPORT[0] else flip.name
    said = f"{name_text(name)}: {text_of(flip.name, kb)}"
    state = "suspected" if flip.wanted else "no longer suspected"
    return f"What would make it {state}: {said}", "now not suspected" if flip.wanted else "now suspected"


def asking_lines(ask: Ask, kb: KnowledgeBase) -> tuple[list[tuple[str, str]], list[str]]:
    """The first questions to ask, as pairs of name and text, and sentences about what they can settle."""
    shown = [(name, kb.questions[name].ask) for name in ask.questions[:MOST_SHOWN]]
    rest = len(ask.questions) - len(shown)
    said = [f"and {rest} more"] if rest else []
    if ask.settling is not None:
        texts = ["no level" if each is None else kb.levels[each].text for each in ask.settling.levels]
        at = " or ".join(f"“{each}”" for each in texts)
        said.append(
            f"Fewest questions that can settle the level, at {at}: {' and '.join(ask.settling.questions)}"
        )
    if ask.idle:
        said.append(f"Left out, as no answer to them can change anything: {', '.join(ask.idle)}")
    return shown, said if ask.proved else [*said, NO_PROOF]


def alternatives(changes: Changes, kb: KnowledgeBase) -> list[tuple[Choosing, ...]]:
    """The alternatives, each as a few answers.

    Alternatives that answer the same questions are merged if they contain every combination of their answers.
    """
    found: list[tuple[Choosing, ...]] = []
    for _, group in groupby(changes.alternatives, key=_kinds_of_step):
        same = list(group)
        choosing = _choosing(same, kb)
        is_product = prod(max(1, len(each.answers)) for each in choosing) == len(same)
        found += [choosing] if is_product else [_choosing([each], kb) for each in same]
    return found


def _kinds_of_step(steps: Alternative) -> list[tuple[str, How]]:
    return [(step.question, step.how) for step in steps]


def nothing(found: Assessment, kb: KnowledgeBase) -> str:
    """Why there is nothing to explain."""
    if found.triage is None:
        return "Nothing is concluded. `--why-not NAME` shows what NAME needs."
    if found.triage.level is not None:
        return "There is no higher level."
    if found.triage.ceiling is None:
        return "No level applies, and no further answers can change that."
    could = kb.levels[found.triage.ceiling].text
    return f"No level is established yet; it could still be “{could}”. `--why-not` shows what is open."


def clashing(found: Assessment, kb: KnowledgeBase) -> list[str]:
    """The answers that clash, and why."""
    return [
        f"{' and '.join(each.questions)}: {kb.consistency[each.name].because}"
        if each.name in kb.consistency
        else f"{parsed(each.name).name} is answered, but does not apply"
        for each in found.inconsistencies
    ]


def more(found: Sequence[tuple[Choosing, ...]], complete: bool) -> str:
    """What exists beyond the alternatives shown; empty if nothing does."""
    rest = len(found) - MOST_SHOWN
    said = [f"and {rest} more" if rest > 0 else "", "" if complete else "there may be others of this size"]
    told = "; ".join(filter(None, said))
    return f"{told}; `--json` shows all that were found" if rest > 0 else told


def impossible(changes: Changes, fixed: Sequence[str]) -> str:
    """Why no smallest change is shown."""
    if changes.size is not None:
        return f"A change of {changes.size} answers is enough, but the search for them ran out of time."
    if not changes.decided:
        return "The search ran out of time, so it is unknown whether a change of answers is enough."
    if _is_never(changes):
        return NEVER
    if any(each.parts is not None for each in changes.excluded):
        ways = "Each way to it is excluded:" if len(changes.excluded) > 1 else "These cannot all hold:"
        return f"No change of answers is enough: proved. {ways}"
    listed = " and ".join(filter(None, [", ".join(fixed[:-1]), *fixed[-1:]]))
    stays = f"{listed} {'stay as they are' if fixed[1:] else 'stays as it is'}, " if fixed else ""
    sound = "only questions that apply are answered and no answers clash"
    return f"No change of answers is enough: proved, as long as {stays}{sound}."


def obstacles(changes: Changes, case: Valuation) -> list[tuple[str, tuple[str, ...]]]:
    """For each way to the wanted result, its name (empty if there is only one), and the parts that cannot all
    hold.
    """
    if _is_never(changes) or all(each.parts is None for each in changes.excluded):
        return []
    return [
        ("" if each.way is None else _need_text(each.way), _excluding_text(each, case))
        for each in changes.excluded
    ]


def _excluding_text(excluded: Excluded, case: Valuation) -> tuple[str, ...]:
    if excluded.parts is None:
        return (LONG,)
    return tuple(part_text(each, case) for each in excluded.parts)


def part_text(each: Need | Limit, case: Valuation) -> str:
    """A part that the wanted result needs, or an answer that no change may touch, in words."""
    kb = case.prepared.kb
    if each.kind == "part":
        return _need_text(each)
    if each.kind == "stays":
        return f"{each.name} stays {answer_text(kb.questions[each.name], case.answers[each.name])}"
    if each.kind == "asked":
        return f"{each.name} is asked only if {written(kb.asked_when[each.name])}"
    return f"{each.name}: {kb.consistency[each.name].because}"


def _need_text(need: Need) -> str:
    claim = need.claim
    said = written(claim.part) if claim.truth and claim.holds else f"not: {written(claim.part)}"
    return f"{said}   rule: {need.rule}" if need.rule and f"rule: {need.rule}" != said else said


def _is_never(changes: Changes) -> bool:
    """Whether what was wanted is not possible as no rule concludes it."""
    parts = [part for each in changes.excluded for part in each.parts or ()]
    return any(each.kind == "part" and each.claim.part == AnyOf(()) for each in parts)


def _choosing(same: Sequence[Alternative], kb: KnowledgeBase) -> tuple[Choosing, ...]:
    """Alternatives that answer the same questions, merged question by question."""
    columns: Iterable[tuple[Step, ...]] = zip(*same, strict=True)
    found = []
    for steps in columns:
        question = kb.questions[steps[0].question]
        given = (step for step in steps if step.after is not None)
        said = tuple(dict.fromkeys(step_text(step, question) for step in given))
        before = steps[0].before
        was = "" if before is None else answer_text(question, before)
        found.append(Choosing(question.name, steps[0].how, said, was))
    return tuple(found)


def step_text(step: Step, question: Question) -> str:
    """The answer that a step gives; for a `choices` question, only the options that change."""
    assert step.after is not None
    match question.kind:
        case Choices(options):
            return _options_text(step, len(options))
        case Number(unit, minimum, maximum):
            if step.low == step.high or step.low is None or step.high is None:
                return f"{answer_text(question, step.after)} {unit}"
            low, high = (answer_text(question, end) for end in (step.low, step.high))
            if step.low == minimum:
                return f"any number of {unit}" if step.high == maximum else f"at most {high} {unit}"
            return f"at least {low} {unit}" if step.high == maximum else f"{low} to {high} {unit}"
        case _:
            return answer_text(question, step.after)


def _options_text(step: Step, many: int) -> str:
    assert isinstance(step.after, Mapping)
    before: Answer = step.before if isinstance(step.before, Mapping) else {}
    assert isinstance(before, Mapping)
    changed = {option: said for option, said in step.after.items() if before.get(option) is not said}
    if len(changed) == many and not any(changed.values()):
        return "none"
    return ", ".join(option if said else f"not {option}" for option, said in changed.items())


def difference_lines(differences: Iterable[Difference]) -> Iterator[tuple[str, str]]:
    """The differences as pairs of field and change, such as `level` and `see_doctor → emergency`."""
    for field, group in groupby(differences, key=lambda each: each.field):
        names: dict[str, list[str]] = {}
        for each in group:
            names.setdefault(_change(field, each), []).append(each.name)
        for change, those in names.items():
            listed = ", ".join(filter(None, those))
            yield FIELDS[field], f"{change}: {listed}" if listed else change


def _change(field: str, each: Difference) -> str:
    if field in MEMBERS:
        return "new" if each.after else "no longer"
    if field == "in_scope":
        return f"{_scope(each.before)} → {_scope(each.after)}"
    return f"{_stated(each.before)} → {_stated(each.after)}"


def _scope(value: Stated) -> str:
    return "open" if value is None else _stated(value)


def _stated(value: Stated) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)

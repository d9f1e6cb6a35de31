"""Why an expectation is not met: the rules and answers that led to the actual result.

In: a difference between an assessment and the expectation of its case, and the valuation of the case. Out:
the grounds to print below the difference. All names in the difference must exist in the knowledge base.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.casetest.expectation import NONE, Difference
from engine.casetest.grounds import MOST, Ground, Grounds, behind, fate, grounds, why
from engine.casetest.ladders import condition, triage
from engine.meaning.asking import Asking
from engine.meaning.holds import contribution, total
from engine.meaning.valuation import Valuation
from engine.model.names import name_of, parsed
from engine.model.parts import NOWHERE
from engine.model.scores import Line, Points, in_digits
from engine.words.rule_text import written
from facts.cases.text import answer_text
from facts.vocabulary import Unknown

LISTS_OF_RULES = (("rules",), ("against",), ("unless",))
"""Lists of rules in other fields, besides `fired` and `open`."""


def explained(difference: Difference, case: Valuation) -> Grounds:
    """Why the result is not as expected; empty if the expectation itself says nothing."""
    field, *inside = difference.path
    if difference.kind == "is" and difference.found == NONE:
        return ()
    if difference.kind in ("no_key", "empty") or field not in FIELDS:
        return ()
    if difference.path[-2:-1] in LISTS_OF_RULES:
        return _rule(difference.path, difference, case)
    return FIELDS[field](tuple(inside), difference, case)


def _advice(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """Why an advice item has its state, or why a hold applies or does not."""
    item = next((each for each in reversed(path) if each in case.prepared.kb.advice), None)
    return (why(name_of("rule", path[-1]), case) if item is None else fate(item, case),)


def _rule(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    return (why(name_of("rule", path[-1]), case),)


def _reason(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """Why a rule in another field did not fire, or which claims it cites."""
    rule = case.prepared.kb.rules[path[0]]
    if not case.value(name_of("rule", rule.id)):
        return (why(name_of("rule", rule.id), case),)
    cited = f"cites {', '.join(rule.claims)}" if rule.claims else "cites nothing"
    return (Ground(f"rule `{rule.id}` {cited}", rule.span),)


def _one(said: str, below: Grounds) -> Grounds:
    return (Ground(said, NOWHERE, below),)


def _score(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """Each line of the score that contributes points."""
    found = []
    for line in case.score(path[0]).lines:
        low, high = contribution(line, case)
        if (low, high) != (0, 0):
            ends = in_digits(low) if low == high else f"{in_digits(low)} to {in_digits(high)}"
            found.append(Ground(f"{_line_said(line, case)} counts {ends}"))
    return _one("these lines count", tuple(found)) if found else (Ground("no line counts"),)


def _class(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """The points or the answer that the class follows from."""
    classes = case.prepared.kb.classes[path[0]]
    if not classes.is_score:
        return (Ground(_answer_said(classes.of, case).removesuffix(",")),)
    low, high = map(in_digits, total(case.score(classes.of), case))
    said = f"the score is {low}" if low == high else f"the score is {low} to {high}"
    return (Ground(said, NOWHERE, _score(path, difference, case)),)


def _line_said(line: Line, case: Valuation) -> str:
    if isinstance(line, Points):
        return f"`{written(line.when)}`"
    return _answer_said(line.question, case)


def _answer_said(question: str, case: Valuation) -> str:
    answer = case.answers.get(question)
    if answer is None:
        return f"`{question}`, not answered,"
    return f"`{question}: {answer_text(case.prepared.kb.questions[question], answer)}`"


def _question(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """Whether a question is answered or does not apply, or which open rules read it."""
    question = path[-1]
    reading = _open_rules_that_read(question, case)
    if reading:
        named = ", ".join(f"`{id}`" for id in reading[:MOST])
        more = f" and {len(reading) - MOST} more" if len(reading) > MOST else ""
        unknown = isinstance(case.answers.get(question), Unknown)
        answered = ", and the answer is `unknown`" if unknown else ""
        return (Ground(f"open rules that read it: {named}{more}{answered}"),)
    if case.is_answered(question):
        return (Ground(f"it is answered: {_answer_said(question, case)}"),)
    asked = name_of("asked", question)
    if case.value(asked) is False:
        return _one(f"`{question}` does not apply", grounds(case.prepared.definitions[asked], case))
    return (Ground("no open rule reads it"),)


def _open_rules_that_read(question: str, case: Valuation) -> list[str]:
    asking = Asking(case)
    names = [id for id in case.prepared.kb.rules if case.value(name_of("rule", id)) is None]
    return [id for id in names if question in asking.questions_behind([name_of("rule", id)])]


def _inconsistency(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """Why the answers clash or do not; for a question, whether it applies."""
    kind, question, _ = parsed(path[0])
    if kind != "asked_when" or not question:
        return _named("inconsistency")(path, difference, case)
    if not case.is_answered(question):
        return (Ground(f"`{question}` is not answered"),)
    if case.value(name_of("asked", question)) is False:
        return _one(f"`{question}` does not apply", grounds(case.prepared.kb.asked_when[question], case))
    return _one(f"`{question}` may apply", grounds(case.prepared.kb.asked_when[question], case))


Explain = Callable[[tuple[str, ...], Difference, Valuation], Grounds]


def _named(kind: str) -> Explain:
    """The explanation of a finding, text or disagreement, which all have definitions."""

    def explain(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
        return behind(name_of(kind, path[0]), case)

    return explain


def _scope(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    scope = case.prepared.kb.scope
    return grounds(scope.when, case) if scope else (Ground("the knowledge base has no `scope`"),)


FIELDS: dict[str, Explain] = {
    "in_scope": _scope,
    "triage": triage,
    "conditions": condition,
    "findings": _named("finding"),
    "scores": _score,
    "classes": _class,
    "advice": _advice,
    "texts": _named("text"),
    "ask_next": _question,
    "kept_open_by": _question,
    "inconsistencies": _inconsistency,
    "disagreements": _named("disagreement"),
    "fired": _rule,
    "open": _rule,
    "reasons": _reason,
}

"""The lines of an explanation as a tree, independent of how it was derived.

In: names of definitions and comparisons of answers. Out: branches to be shown in a terminal, on a page or as
JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.meaning.holds import Truth, contribution, total
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import parsed, without_kind
from engine.model.parts import NOWHERE, Part, Scored, Test
from engine.model.scores import Line, Points, Times, in_digits
from engine.words.phrases import text_of
from engine.words.rule_text import comparison_text, headed, name_text, written
from facts.cases.text import answer_text
from facts.problem import Span

UNANSWERED = "not answered"
DEEPEST = 24
"""Maximum number of levels of a tree; anything deeper must be asked for separately."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One line: its text in the rule language, its truth for the case, and what that rests on.

    `kind` is that of a definition (`rule`, `finding`, ...), or `answer`, `score`, `points`, `part`; `name` is
    the name of the definition, question or score. `found` is the answer or the points of the case. Inner
    branches that are left out are `elsewhere`: `above` in the tree, `deeper` than the limit, or `folded`.
    """

    kind: str
    name: str
    said: str
    truth: Truth
    about: str = ""
    claims: tuple[str, ...] = ()
    ours: bool = False
    found: str = ""
    inner: tuple[Branch, ...] = ()
    elsewhere: str = ""
    place: Span = field(default=NOWHERE, compare=False, repr=False)


def every(branch: Branch) -> Iterator[Branch]:
    """A branch and all its descendants, parents first."""
    waiting = [branch]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(each.inner)


def decides(above: Branch, below: Branch) -> bool:
    """Whether the truth of `above` follows from `below`."""
    is_turned = above.said.startswith(("not", "at_most", "exactly"))
    return above.kind in ("answer", "points", "score") or is_turned or below.truth is above.truth


def depth(branch: Branch) -> int:
    """The number of levels of a tree."""
    return 1 + max(map(depth, branch.inner), default=0)


def named(name: str, case: Valuation, inner: tuple[Branch, ...] = (), elsewhere: str = "") -> Branch:
    """The line of a definition; a rule also has its reason and its claims."""
    kb, (kind, _, _) = case.prepared.kb, parsed(name)
    called = without_kind(name)
    truth = case.value(name)
    if kind == "rule":
        rule = kb.rules[called]
        return Branch(
            kind=kind,
            name=called,
            said=name_text(name),
            truth=truth,
            about=rule.because,
            claims=rule.claims,
            ours=rule.ours,
            inner=inner,
            elsewhere=elsewhere,
            place=rule.span,
        )
    return Branch(kind, called, name_text(name), truth, _about(name, kb), inner=inner, elsewhere=elsewhere)


def _about(name: str, kb: KnowledgeBase) -> str:
    kind, called, _ = parsed(name)
    match kind:
        case "text":
            return kb.texts[called].text
        case "disagreement":
            return kb.disagreements[called].about
        case "inconsistency":
            return kb.consistency[called].because
        case "give" | "hold":
            return kb.advice[called].text
        case "asked":
            return kb.questions[called].ask
        case "scope":
            return kb.scope.text if kb.scope else ""
        case _:
            return text_of(name, kb)


def compared(
    question: str, test: Test, truth: Truth, case: Valuation, inner: tuple[Branch, ...] = ()
) -> Branch:
    """The line of a comparison, with the given answer."""
    asked = case.prepared.kb.questions[question]
    answer = case.answers.get(question)
    found = UNANSWERED if answer is None else f"answer {answer_text(asked, answer)}"
    said = f"{question}: {comparison_text(test)}"
    return Branch("answer", question, said, truth, asked.ask, found=found, inner=inner)


def inner_part(part: Part, truth: Truth, inner: tuple[Branch, ...]) -> Branch:
    """The line of `all`, `any`, `not` or a count, with its parts as inner branches."""
    return Branch("part", "", headed(part), truth, inner=inner)


def scored(part: Scored, truth: Truth, case: Valuation, inner: tuple[Branch, ...]) -> Branch:
    """The line of a bound on a score, with the points so far."""
    score = case.score(part.score)
    found = points_text(total(score, case))
    return Branch(
        kind="score",
        name=score.name,
        said=headed(part),
        truth=truth,
        about=score.text,
        claims=score.claims,
        ours=False,
        found=found,
        inner=inner,
    )


def line_of_score(line: Line, case: Valuation, inner: tuple[Branch, ...] = ()) -> Branch:
    """The line for a line of a score; if it counts a simple part, that part with the points in front."""
    ends = contribution(line, case)
    truth = None if ends[0] != ends[1] else ends[0] != 0
    if isinstance(line, Points) and len(inner) == 1:
        (part,) = inner
        return replace(part, kind="points", said=f"{_signed(line.ticks)} if {part.said}")
    if isinstance(line, Points):
        said = f"{_signed(line.ticks)} if {written(line.when)}"
        return Branch("points", "", said, truth, found=points_text(ends), inner=inner)
    asked = case.prepared.kb.questions[line.question]
    answer = case.answers.get(line.question)
    given = "no answer" if answer is None else answer_text(asked, answer)
    by = "times a weight" if isinstance(line, Times) else "points by the answer"
    found = f"{points_text(ends)} for {given}"
    return Branch(
        "points", line.question, f"{line.question}: {by}", truth, asked.ask, found=found, inner=inner
    )


def _signed(ticks: int) -> str:
    return f"{'+' if ticks >= 0 else ''}{in_digits(ticks)}"


def points_text(ends: tuple[int, int]) -> str:
    """Points, or the range in which they can still lie."""
    low, high = map(in_digits, ends)
    return f"{low} {'point' if low == '1' else 'points'}" if low == high else f"{low} to {high} points"

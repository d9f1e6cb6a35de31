"""Explanations in a terminal: proofs and parts as trees, changes and differences as short lists.

In: an explanation. Out: renderables of rich, coloured only if the console supports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from engine.explanation import Explanation, Flip, WhatIf, Why, WhyNot
from engine.explanation.ask import Ask
from engine.explanation.branch import Branch, depth, every
from engine.explanation.words import (
    ALREADY,
    DOING,
    ELSEWHERE,
    FOLDED,
    MARKS,
    MOST_SHOWN,
    NEVER,
    NO_SOLVER,
    Choosing,
    alternatives,
    asking_lines,
    clashing,
    difference_lines,
    flip_text,
    impossible,
    more,
    nothing,
    obstacles,
    state,
)
from engine.meaning.holds import Truth
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase
from facts.cases.text import answer_text
from facts.problem import Span, printable

STEP, LEAST_TEXT = 4, 36
"""Indent per branch, and minimum width for the text of the deepest branch."""
COLOURS: dict[Truth, str] = {True: "green", False: "red", None: "yellow"}


def printed(explanation: Explanation, kb: KnowledgeBase) -> RenderableType:
    """The whole explanation."""
    case = explanation.case
    parts: list[RenderableType] = [Text(printable(case.id), "bold")]
    parts += [Text(f"  {printable(case.about)}")] if case.about else []
    parts += [
        Text(f"  answers clash: {printable(said)}", "red") for said in clashing(explanation.assessment, kb)
    ]
    for why in explanation.why:
        parts += [Text(""), *_why(why, kb)]
    for why_not in explanation.why_not:
        parts += [Text(""), *_why_not(why_not, explanation.valuation)]
    for flip in explanation.flip:
        parts += [Text(""), *_flip(flip, explanation.valuation)]
    if explanation.ask is not None:
        parts += [Text(""), *_ask(explanation.ask, kb)]
    if explanation.what_if is not None:
        parts += [Text(""), *_what_if(explanation.what_if, kb)]
    if explanation.is_empty:
        parts += [Text(""), Text(nothing(explanation.assessment, kb))]
    return Group(*parts)


def needed_width(explanation: Explanation) -> int:
    """The minimum width at which the deepest branches stay readable."""
    branches = [each.branch for each in explanation.why] + [each.branch for each in explanation.why_not]
    return STEP * max(map(depth, branches), default=0) + LEAST_TEXT


def _why(why: Why, kb: KnowledgeBase) -> Iterator[RenderableType]:
    yield _heading("Why", why.branch, state(why.branch))
    yield Text(printable(why.reason))
    yield from _trees(why.branch, in_words=True)
    if why.branch.truth is False and not why.branch.inner:
        yield Text(NEVER)
    if why.branch.truth is None:
        yield Text(f"Nothing is proved yet; `--why-not {why.name}` shows which answers are missing.", "dim")
    claims = dict.fromkeys(claim for branch in every(why.branch) for claim in branch.claims)
    if claims:
        yield Text("")
        yield Text("What the articles say", "bold")
        yield _pairs((claim, kb.claims[claim]["claim"]) for claim in claims)


def _why_not(why_not: WhyNot, case: Valuation) -> Iterator[RenderableType]:
    yield _heading("Why not", why_not.branch, state(why_not.branch, why_not.changes))
    yield Text(printable(why_not.reason))
    yield from _trees(why_not.branch, in_words=False)
    if any(each.elsewhere == "folded" for each in every(why_not.branch)):
        yield Text(FOLDED, "dim")
    if why_not.branch.truth:
        yield Text("This already holds.", "dim")
        return
    yield Text("")
    yield from _changes(why_not, case)


def _flip(flip: Flip, case: Valuation) -> Iterator[RenderableType]:
    heading, now = flip_text(flip, case.prepared.kb)
    yield Text(printable(heading), "bold").append(f"   {now}", "dim")
    yield Text(printable(flip.reason))
    yield from _changes(flip, case)


def _changes(asked: WhyNot | Flip, case: Valuation) -> Iterator[RenderableType]:
    changes, kb = asked.changes, case.prepared.kb
    if changes is None:
        yield Text(NO_SOLVER, "dim")
    elif changes.size == 0:
        yield Text(ALREADY)
    elif not changes.alternatives:
        yield Text(impossible(changes, asked.fixed), "bold")
        for way, parts in obstacles(changes, case):
            yield from [Text(f"  {printable(way)}", "bold")] if way else []
            yield from (Text(f"  · {printable(each)}") for each in parts)
    else:
        answers = "1 answer" if changes.size == 1 else f"{changes.size} answers"
        yield Text(f"The smallest change that is enough: {answers}", "bold")
        found = alternatives(changes, kb)
        for at, each in enumerate(found[:MOST_SHOWN]):
            yield from _alternative(each, at > 0)
        if rest := more(found, changes.complete):
            yield Text(f"  {rest}", "dim")


def _alternative(choices: Iterable[Choosing], is_another: bool) -> Iterator[RenderableType]:
    if is_another:
        yield Text("  or")
    for each in choices:
        line = (
            Text(f"  · {DOING[each.how]}").append(" " * bool(DOING[each.how])).append(each.question, "cyan")
        )
        line.append(": " * bool(each.answers) + " | ".join(each.answers))
        line.append(" falls away" if each.how == "falls_away" else "")
        yield line.append(f"   (now {each.instead_of})", "dim") if each.instead_of else line


def _ask(ask: Ask, kb: KnowledgeBase) -> Iterator[RenderableType]:
    questions, said = asking_lines(ask, kb)
    yield Text("What to ask", "bold")
    yield _pairs(questions) if questions else Text("  Nothing that could change anything.")
    yield from (Text(f"  {printable(each)}") for each in said)


def _what_if(what_if: WhatIf, kb: KnowledgeBase) -> Iterator[RenderableType]:
    said = [
        f"{name}: {'not answered' if answer is None else answer_text(kb.questions[name], answer)}"
        for name, answer in what_if.answers.items()
    ]
    yield Text("What if ", "bold").append(", ".join(said))
    lines = list(difference_lines(what_if.differences))
    yield _pairs(_first_only(lines)) if lines else Text("  Nothing would change.")


def _first_only(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Lines with their heading shown only where it changes."""
    last = ""
    for heading, line in lines:
        yield ("" if heading == last else heading), line
        last = heading


def _pairs(pairs: Iterable[tuple[str, str]]) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(name, Text(printable(text)))
    return Padding(table, (0, 0, 0, 2))


def _heading(start: str, branch: Branch, state: str) -> Text:
    mark, colour = MARKS[branch.truth], COLOURS[branch.truth]
    about = f": {branch.about}" if branch.about and branch.kind != "rule" else ""
    said = Text(f"{start} ", "bold").append(f"{mark} ", colour).append(printable(branch.said + about), "bold")
    return said.append(f"   {state}", "dim")


def _trees(branch: Branch, in_words: bool) -> Iterator[Tree]:
    """The trees below a heading; a rule is the first tree itself."""
    for each in (branch,) if branch.kind == "rule" else branch.inner:
        yield _tree(each, in_words)


def _tree(branch: Branch, in_words: bool) -> Tree:
    """A branch with all its descendants; with `in_words`, the reasons of rules, else the places of parts."""
    tree = Tree(_line(branch, in_words), guide_style="dim")
    waiting = [(branch, tree)]
    while waiting:
        above, node = waiting.pop()
        waiting += [(each, node.add(_line(each, in_words))) for each in above.inner]
    return tree


def _line(branch: Branch, in_words: bool) -> Text:
    mark, colour = MARKS[branch.truth], COLOURS[branch.truth]
    line = (
        Text()
        .append(f"{mark} ", colour)
        .append(printable(branch.said), "" if branch.kind == "answer" else "bold")
    )
    if branch.found:
        line.append(f"   {printable(branch.found)}", "cyan")
    if branch.kind == "rule":
        line.append(f"   [{', '.join(branch.claims) or 'ours'}]", "dim")
    has_place = not in_words and branch.place.line and branch.elsewhere not in ("above", "deeper")
    if in_words and branch.about and not branch.elsewhere and branch.kind not in ("answer", "points"):
        line.append(f"\n  {printable(branch.about)}", "dim")
    line.append(f"   {_place(branch.place)}" if has_place else "", "dim")
    line.append(f"   {ELSEWHERE[branch.elsewhere]}" if branch.elsewhere else "", "dim")
    return line


def _place(span: Span) -> str:
    return f"{printable(span.file)}:{span.line}"

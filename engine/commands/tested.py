"""The output of `cartsign test`: each case that needs a message, rewritten files, and a final count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from engine.casetest.grounds import Ground
from engine.casetest.report import FAILING, WORDS, as_plain, cause, heading, paragraph, summary
from engine.casetest.running import Outcome, Violation
from engine.casetest.updating import Rewritten, difference_shown, still_fails, suspicious
from engine.commands.shared import FINDINGS, FINE, counted, exit_code, say, say_document, tell
from engine.model.assessment import Target
from engine.model.knowledge_base import KnowledgeBase, identity
from facts.case import Unread
from facts.problem import Problem, gathered, printable, quote, quoted

FORMAT = "cartsign.test/1"
LOOK_TWICE = "look twice: a case now gives what it must not, no longer gives something, or has a lower level:"
MOST_NAMED = 5
"""Maximum number of cases named in which a property does not hold."""
MOST_ALIKE = 3
"""Maximum number of cases printed in full that fail for the same reason."""
REWRITTEN, IN_PART = "rewritten", "rewritten in part"


@dataclass
class Run:
    """The outcomes of the cases so far."""

    kb: KnowledgeBase
    target: Target
    outcomes: list[Outcome] = field(default_factory=list)
    unreadable: list[list[Problem]] = field(default_factory=list)
    rewritten: list[Rewritten] = field(default_factory=list)
    violated: list[Violation] = field(default_factory=list)

    def reject(self, problems: list[Problem]) -> None:
        """Record an unreadable case; a mere warning is only printed."""
        if any(problem.severity == "error" for problem in problems):
            self.unreadable.append(problems)
        else:
            tell(problems)

    def words(self) -> list[str]:
        """The word for the outcome of each case."""
        changed = {each.case.id for one in self.rewritten for each in one.changed}
        return [_word(each, each.case.id in changed) for each in self.outcomes]

    def code(self) -> int:
        """The exit code."""
        unread = any(isinstance(each, Unread) for each in self.unreadable)
        code = exit_code(bool(self.unreadable), unread, bool(self.outcomes))
        return FINDINGS if code == FINE and self.fails() else code

    def fails(self) -> bool:
        """Whether the run failed: a case is unreadable, breaks a property, or fails and was not rewritten."""
        both = zip(self.outcomes, self.words(), strict=True)
        return bool(self.unreadable or self.violated) or any(
            each.verdict in FAILING and word != REWRITTEN for each, word in both
        )


def _word(outcome: Outcome, changed: bool) -> str:
    if not changed:
        return WORDS[outcome.verdict]
    return IN_PART if still_fails(outcome) else REWRITTEN


def print_text(run: Run) -> None:
    """Print the readable output: failures first, the count of all cases last."""
    words = run.words()
    _print_outcomes(run, words)
    for each in run.rewritten:
        _print_rewritten(each, list(run.kb.levels))
    tell(gathered(problem for problems in run.unreadable for problem in problems))
    tell(_violation(each, run.kb) for each in run.violated)
    found = Counter(words)
    counts = {word: found[word] for word in (*WORDS.values(), REWRITTEN, IN_PART)}
    broken = f"; {counted(len(run.violated), 'property', 'properties')} broken" if run.violated else ""
    say(summary(counts, len(run.unreadable)) + broken)


def _print_outcomes(run: Run, words: list[str]) -> None:
    """Print each case that needs a message; of cases that fail for the same reason, print the first and list
    the places of the others.
    """
    causes = [cause(outcome) for outcome in run.outcomes]
    alike: dict[Ground, list[Outcome]] = {}
    for because, outcome in zip(causes, run.outcomes, strict=True):
        if because is not None:
            alike.setdefault(because, []).append(outcome)
    for because, outcome, word in zip(causes, run.outcomes, words, strict=True):
        first, *others = alike.get(because, [outcome]) if because is not None else [outcome]
        is_told = len(others) >= MOST_ALIKE and outcome is not first
        if outcome.verdict == "passed" or is_told:
            continue
        say(heading(outcome, word))
        say("".join(f"  {line}\n" for line in paragraph(outcome)))
        if because is not None and len(others) >= MOST_ALIKE:
            spans = [each.case.span for each in others]
            named = ", ".join(f"{span.file}:{span.line}" for span in spans[:MOST_NAMED])
            fail = counted(len(spans), "other case fails", "other cases fail")
            more = ", ..." if spans[MOST_NAMED:] else ""
            say(printable(f"{fail} only because {because.said}: {named}{more}") + "\n")


def _print_rewritten(each: Rewritten, levels: list[str]) -> None:
    """Print the changes of a file, those to check with care, and the cases left unchanged."""
    for line in difference_shown(each):
        say(line)
    twice = [heading(outcome, said) for outcome in each.changed for said in suspicious(outcome, levels)]
    _print_list(LOOK_TWICE, twice)
    _print_list("not rewritten:", [heading(outcome, why) for outcome, why in each.left])
    say("")


def _print_list(start: str, lines: list[str]) -> None:
    if lines:
        say("\n".join([start, *(f"  {line}" for line in lines)]))


def print_document(run: Run) -> None:
    """Print one JSON document."""
    tell(gathered(problem for problems in run.unreadable for problem in problems))
    tell(_violation(each, run.kb) for each in run.violated)
    document = {
        "format": FORMAT,
        "kb": identity(run.kb),
        "target": run.target,
        "fails": run.fails(),
        "cases": [
            {**as_plain(outcome), "verdict": word}
            for outcome, word in zip(run.outcomes, run.words(), strict=True)
        ],
        "unreadable": [_problem(each) for problems in run.unreadable for each in problems],
        "rewritten": [_rewritten(each) for each in run.rewritten],
        "violated": [{"property": each.name, "cases": list(each.cases)} for each in run.violated],
    }
    say_document(document)


def _violation(each: Violation, kb: KnowledgeBase) -> Problem:
    broken, more = kb.safety[each.name], len(each.cases) - MOST_NAMED
    cases = quoted(each.cases[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    message = f"property {quote(each.name)} does not hold in {counted(len(each.cases), 'case')}: {cases}"
    return Problem(
        "property-violated", message, broken.span, f"the property must hold because: {broken.because}"
    )


def _problem(problem: Problem) -> dict[str, object]:
    span = problem.span
    place = {"file": span.file, "line": span.line, "column": span.column}
    return {**place, "code": problem.code, "message": problem.message, "help": problem.help}


def _rewritten(each: Rewritten) -> dict[str, object]:
    return {
        "file": each.file,
        "cases": [outcome.case.id for outcome in each.changed],
        "left_alone": [{"id": outcome.case.id, "why": why} for outcome, why in each.left],
        "diff": list(difference_shown(each)),
    }

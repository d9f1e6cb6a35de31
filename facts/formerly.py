"""Old names of questions and options, as the questionnaire says them (`formerly`).

In: the questionnaire. Out: the questions as they were once asked, each with what its answers say today; the
names that a file may have beside those of today; a warning for each old name that is met. An answer under an
old name says what its options said, and nothing of the options that came later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from facts.problem import Problem, Span, quote
from facts.tree import Mapping as MappingNode
from facts.tree import Node, Scalar
from facts.tree import Sequence as SequenceNode
from facts.vocabulary import Choice, Choices, Question, Questionnaire, YesNo

YES = "yes"
"""What stands for the answer of a yes/no question among options."""
OLD = "old-name"
KEEP = "keep one of the two, under the name of today"

Words = Mapping[str, str]
Slot = tuple[str, str]
"""A question of today and its option, which is empty where the answer is that of the whole question."""


@dataclass(frozen=True, slots=True)
class Former:
    """A question as it was asked, as far as that is known. Where it only got another name, `whole` has that;
    else `moved` has where each of its options is today. Of one that has neither, answers are left out.
    """

    question: Question
    whole: str = ""
    moved: Mapping[str, Slot] = field(default_factory=dict)

    @property
    def is_left_out(self) -> bool:
        """Whether it is no longer asked."""
        return not self.whole and not self.moved

    @property
    def targets(self) -> list[str]:
        """The questions of today that its answers belong to."""
        return [self.whole] if self.whole else list(dict.fromkeys(name for name, _ in self.moved.values()))

    def options_of(self, target: str) -> dict[str, str]:
        """Its options that belong to a question of today, each with its option there."""
        return {old: option for old, (name, option) in self.moved.items() if name == target}


def former(name: str, questions: Questionnaire) -> Former | None:
    """The question that had this name, None where there was none."""
    told = [(each, each.formerly[name]) for each in questions.values() if name in each.formerly]
    told = [(each, words) for each, words in told if each.name != name]
    if not told:
        return None
    today, words = told[0]
    if words is None or (words and not isinstance(today.kind, YesNo | Choices)):
        return Former(replace(today, name=name, formerly={name: words} if words else {}), today.name)
    moved = {
        old: (each.name, "" if isinstance(each.kind, YesNo) else new)
        for each, words in told
        for old, new in (words or {}).items()
    }
    kind = YesNo() if YES in moved else Choices({old: old for old in moved})
    return Former(Question(name, today.ask, kind, today.span), moved=moved)


def formers(questions: Questionnaire) -> dict[str, Former]:
    """All questions that had other names, by those."""
    names = dict.fromkeys(name for each in questions.values() for name in each.formerly)
    found = {name: former(name, questions) for name in names}
    return {name: each for name, each in found.items() if each is not None}


def as_read(questions: Questionnaire) -> dict[str, Question]:
    """The questions that a file may answer: those of today and those that had other names, all with the
    options that they ever had.
    """
    once = {name: each.question for name, each in formers(questions).items() if not each.is_left_out}
    return {name: _with_old_options(each) for name, each in {**questions, **once}.items()}


def _with_old_options(question: Question) -> Question:
    words = question.formerly.get(question.name)
    if not words or not isinstance(question.kind, Choice | Choices):
        return question
    options = {**question.kind.options, **{old: question.kind.options[new] for old, new in words.items()}}
    return replace(question, kind=replace(question.kind, options=options))


def words_of(questions: Questionnaire) -> dict[str, Words]:
    """The options of today for old ones that stand under the name of their question, by question."""
    once = [each.question for each in formers(questions).values()]
    named = {each.name: each.formerly.get(each.name) for each in (*questions.values(), *once)}
    return {name: words for name, words in named.items() if words}


def words_in(node: Node, words: Words) -> list[str]:
    """The old options that an answer has."""
    match node:
        case Scalar(text):
            said = [text]
        case SequenceNode(items):
            said = [item.text for item in items if isinstance(item, Scalar)]
        case MappingNode(entries):
            said = [key.text for key, _ in entries]
    return [each for each in dict.fromkeys(map(str.strip, said)) if each in words]


def column_of(slot: Slot) -> str:
    """The column of a question, or of its option."""
    question, option = slot
    return f"{question}.{option}" if option else question


def is_of(column: str, former: Former) -> bool:
    """Whether a column holds answers to a question that had another name."""
    name = column.removesuffix("?")
    head, dot, option = name.partition(".")
    if head != former.question.name or not dot:
        return head == former.question.name
    kind = former.question.kind
    return former.is_left_out or (isinstance(kind, Choices) and option in kind.options)


def left_out(columns: Iterable[str], questions: Questionnaire) -> list[str]:
    """The columns of questions that are no longer asked."""
    gone = [each for each in formers(questions).values() if each.is_left_out]
    return [column for column in columns if any(is_of(column, each) for each in gone)]


def answered(columns: Iterable[str], questions: Questionnaire) -> set[str]:
    """The questions of today that some columns answer under old names."""
    there = list(columns)
    met = (each for each in formers(questions).values() if any(is_of(column, each) for column in there))
    own = {name for name, words in words_of(questions).items() for old in words if f"{name}.{old}" in there}
    return {target for each in met for target in each.targets} | (own & questions.keys())


def old_columns(
    columns: Sequence[str], questions: Questionnaire, place: Callable[[int], Span]
) -> Iterator[Problem]:
    """A warning for each old name that columns have."""
    for each in formers(questions).values():
        at = next((index for index, column in enumerate(columns) if is_of(column, each)), None)
        if at is not None:
            yield renamed(each, place(at))
    for name, words in words_of(questions).items():
        for old in words:
            if f"{name}.{old}" in columns:
                yield reworded(name, old, words[old], place(columns.index(f"{name}.{old}")))


def renamed(former: Former, span: Span) -> Problem:
    """The warning that a question has another name today."""
    name, help = former.question.name, "write the name of today"
    if former.is_left_out:
        message, help = f"{quote(name)} is no longer asked; its answers are left out", "leave them out"
    else:
        now = [_told(former, target) for target in former.targets]
        listed = " and ".join([", ".join(now[:-1]), now[-1]] if now[1:] else now)
        message = f"{quote(name)} is now {listed}; it is read as such"
    return Problem(OLD, message, span, help, subject=name, severity="warning")


def reworded(question: str, old: str, new: str, span: Span) -> Problem:
    """The warning that an option has another name today."""
    message = f"{quote(f'{question}: {old}')} is now {quote(f'{question}: {new}')}; it is read as such"
    return Problem(OLD, message, span, "write the name of today", subject=question, severity="warning")


def once(notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each warning once, where it comes first."""
    first: dict[str, Problem] = {}
    for note in notes:
        first.setdefault(note.message, note)
    return tuple(first.values())


def two_answers(old: str, slot: Slot) -> str:
    """What is said where an answer under an old name contradicts the one under that of today."""
    now = slot[0] if not slot[1] else f"{slot[0]}: {slot[1]}"
    return f"{quote(old)} and {quote(slot[0])} say different things of {quote(now)}"


def _told(former: Former, target: str) -> str:
    options = [option for option in former.options_of(target).values() if option]
    return quote(f"{target}: {', '.join(options)}" if options else target)

"""Old names of questions and options, declared in the questionnaire as `formerly`.

In: the questionnaire. Out: the old questions, with the current meaning of their answers; the names that a
file may use in addition to the current ones; a warning for each old name. An answer under an old name covers
only the options that existed under that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from facts.problem import Problem, Span, quote
from facts.trees.tree import Mapping as MappingNode
from facts.trees.tree import Node, Scalar
from facts.trees.tree import Sequence as SequenceNode
from facts.vocabulary import Choice, Choices, Question, Questionnaire, YesNo

YES = "yes"
"""The key under which the answer of a yes/no question is treated as an option."""
OLD = "old-name"
KEEP = "keep one of the two, under the present name"

Words = Mapping[str, str]
Slot = tuple[str, str]
"""A current question and option; the option is "" if the answer is that of the whole question."""


@dataclass(frozen=True, slots=True)
class Former:
    """An old question, as reconstructed from the questionnaire. If it was only renamed, `whole` is its
    current name; otherwise `moved` maps its options to their current slots. If both are empty, its answers
    are ignored.
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
        """The current questions that its answers belong to."""
        return [self.whole] if self.whole else list(dict.fromkeys(name for name, _ in self.moved.values()))

    def options_of(self, target: str) -> dict[str, str]:
        """Return its options that now belong to `target`, each with the current option."""
        return {old: option for old, (name, option) in self.moved.items() if name == target}


@dataclass(frozen=True, slots=True)
class OldNames:
    """All old names of a questionnaire.

    `formers` and `columns` map old names and old column names to old questions; `as_read` holds all questions
    that a file may answer; `words` maps old options to current ones, by question.
    """

    formers: Mapping[str, Former]
    columns: Mapping[str, Former]
    as_read: Mapping[str, Question]
    words: Mapping[str, Words]

    def of_column(self, column: str) -> Former | None:
        """Return the old question that a column answers, or None."""
        found = self.columns.get(column)
        if found is None and "." in column:
            found = self.columns.get(column.partition(".")[0])
            return found if found and found.is_left_out else None
        return found

    def of_columns(self, columns: Iterable[str]) -> dict[str, tuple[int, Former]]:
        """Return the old questions that columns answer, by old name, each with the index of its first column
        found.
        """
        met: dict[str, tuple[int, Former]] = {}
        for index, column in enumerate(columns):
            if each := self.of_column(column):
                met.setdefault(each.question.name, (index, each))
        return met


@dataclass(frozen=True, eq=False)
class Same:
    """A questionnaire compared by identity, so that it can be a cache key."""

    questions: Questionnaire

    def __hash__(self) -> int:
        return id(self.questions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.questions is self.questions


def old_names(questions: Questionnaire) -> OldNames:
    """Return the old names of a questionnaire, cached because it does not change."""
    return _old_names(Same(questions))


@lru_cache(maxsize=16)
def _old_names(same: Same) -> OldNames:
    questions = same.questions
    names = dict.fromkeys(name for each in questions.values() for name in each.formerly)
    found = {name: former for name in names if (former := _former(name, questions))}
    once = {name: each.question for name, each in found.items() if not each.is_left_out}
    columns = {column: each for each in found.values() for column in _columns(each.question)}
    named = {name: each.formerly.get(name) for name, each in {**questions, **once}.items()}
    words = {name: each for name, each in named.items() if each}
    read = {name: _with_old_options(each) for name, each in {**questions, **once}.items()}
    return OldNames(found, columns, read, words)


def _columns(question: Question) -> list[str]:
    options = question.kind.options if isinstance(question.kind, Choices) else ()
    return [question.name, f"{question.name}?", *(f"{question.name}.{option}" for option in options)]


def former(name: str, questions: Questionnaire) -> Former | None:
    """Return the question that had this name, or None."""
    return old_names(questions).formers.get(name)


def _former(name: str, questions: Questionnaire) -> Former | None:
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


def as_read(questions: Questionnaire) -> Mapping[str, Question]:
    """Return the questions that a file may answer: current and old ones, with current and old options."""
    return old_names(questions).as_read


def _with_old_options(question: Question) -> Question:
    words = question.formerly.get(question.name)
    if not words or not isinstance(question.kind, Choice | Choices):
        return question
    options = {**question.kind.options, **{old: question.kind.options[new] for old, new in words.items()}}
    return replace(question, kind=replace(question.kind, options=options))


def words_in(node: Node, words: Words) -> list[str]:
    """Return the old options that an answer uses."""
    match node:
        case Scalar(text):
            said = [text]
        case SequenceNode(items):
            said = [item.text for item in items if isinstance(item, Scalar)]
        case MappingNode(entries):
            said = [key.text for key, _ in entries]
    return [each for each in dict.fromkeys(map(str.strip, said)) if each in words]


def column_of(slot: Slot) -> str:
    """Return the column name of a question or option."""
    question, option = slot
    return f"{question}.{option}" if option else question


def left_out(columns: Iterable[str], questions: Questionnaire) -> list[str]:
    """Return the columns of questions that are no longer asked."""
    names = old_names(questions)
    return [column for column in columns if (each := names.of_column(column)) and each.is_left_out]


def answered(columns: Iterable[str], questions: Questionnaire) -> set[str]:
    """Return the current questions that columns answer under old names."""
    there, names = set(columns), old_names(questions)
    own = {name for name, words in names.words.items() if any(f"{name}.{old}" in there for old in words)}
    met = names.of_columns(there).values()
    return {target for _, each in met for target in each.targets} | (own & questions.keys())


def old_columns(
    columns: Sequence[str], questions: Questionnaire, place: Callable[[int], Span]
) -> Iterator[Problem]:
    """Yield a warning for each old name used by columns."""
    names = old_names(questions)
    for index, each in names.of_columns(columns).values():
        yield renamed(each, place(index))
    for name, words in names.words.items():
        for old in words:
            if f"{name}.{old}" in columns:
                yield reworded(name, old, words[old], place(columns.index(f"{name}.{old}")))


def renamed(former: Former, span: Span) -> Problem:
    """Return the warning that a question has a new name or is no longer asked."""
    name, help = former.question.name, "write the present name"
    if former.is_left_out:
        message, help = f"{quote(name)} is no longer asked; its answers are ignored", "remove them"
    else:
        now = [_told(former, target) for target in former.targets]
        listed = " and ".join([", ".join(now[:-1]), now[-1]] if now[1:] else now)
        message = f"{quote(name)} is an old name and is read as {listed}"
    return Problem(OLD, message, span, help, subject=name, severity="warning")


def reworded(question: str, old: str, new: str, span: Span) -> Problem:
    """Return the warning that an option has a new name."""
    message = f"{quote(f'{question}: {old}')} is an old name and is read as {quote(f'{question}: {new}')}"
    return Problem(OLD, message, span, "write the present name", subject=question, severity="warning")


def two_answers(old: str, slot: Slot) -> str:
    """Return the message for contradictory answers under an old and the current name."""
    now = slot[0] if not slot[1] else f"{slot[0]}: {slot[1]}"
    return f"{quote(old)} and {quote(slot[0])} contradict each other about {quote(now)}"


def _told(former: Former, target: str) -> str:
    options = [option for option in former.options_of(target).values() if option]
    return quote(f"{target}: {', '.join(options)}" if options else target)

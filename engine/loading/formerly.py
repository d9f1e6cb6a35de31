"""`formerly` of a question: earlier names of the question and its options.

In: the entries of the `questions` sections, and the questions read from them. Out: old names with their
present meaning (`facts.other_names.formerly`), or problems: an old name has exactly one meaning and must not
be in use today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.loading.reader import Fields, Reader
from facts.other_names.formerly import YES
from facts.problem import Span, quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar
from facts.vocabulary import Choice, Choices, Number, Question, YesNo

Entries = Iterable[tuple[Scalar, Node]]
Formerly = dict[str, Mapping[str, str] | None]

KEY = "formerly"
NO = "no"
OPPOSITE = "write what `yes` means today; `no` is then the opposite"
ONE = "remove one: a `no` to one old name would leave the other open"


def read_formerly(reader: Reader, fields: Fields) -> Formerly:
    """The old names that a question declares; wrong ones are reported."""
    node = fields.get(KEY)
    if node is None:
        return {}
    if isinstance(node, Scalar) and node.text and not node.is_null:
        return {node.text: None}
    if isinstance(node, Map) and node.entries:
        return {key.text: _options(reader, key, value, fields.where) for key, value in node.entries}
    message = f"`{KEY}` of {fields.where} must be an old name or a mapping of old names"
    help = f"write `{KEY}: old_name`, or lines `old_name: {{old_option: option}}` below it"
    reader.wrong(node, message, fields.keys[KEY], help)
    return {}


def _options(reader: Reader, key: Scalar, node: Node, where: str) -> dict[str, str]:
    name = quote(key.text)
    if not isinstance(node, Map):
        help = f"write `{key.text}: {{old_option: option}}`, or `{{}}` if it is no longer asked"
        message = f"{name} in `{KEY}` of {where} must be a mapping from old options to present ones"
        reader.wrong(node, message, key.span, help)
        return {}
    found = {}
    for old, new in node.entries:
        if isinstance(new, Scalar) and new.text and not new.is_null:
            found[old.text] = new.text
        else:
            message = (
                f"option {quote(old.text)} of {name} in `{KEY}` of {where} must lead to one present option"
            )
            reader.wrong(new, message, old.span, "write its present name, or remove the line")
    return found


def check_formerly(reader: Reader, entries: Entries, questions: Mapping[str, Question]) -> None:
    """Report wrong old names, once all present names are known."""
    checking = _Checking(reader, questions)
    for key, node in entries:
        formerly = node.get(KEY) if isinstance(node, Map) else None
        question = questions[key.text]
        if isinstance(formerly, Scalar) and question.formerly:
            checking.name(question, formerly, whole=True)
        elif isinstance(formerly, Map):
            checking.mapping(question, formerly)


@dataclass
class _Checking:
    """The old names seen so far: where each names a whole question, and where its options are."""

    reader: Reader
    questions: Mapping[str, Question]
    wholes: dict[str, Span] = field(default_factory=dict)
    parts: dict[str, dict[str, Span]] = field(default_factory=dict)

    def mapping(self, question: Question, node: Map) -> None:
        """Check the old names of a question and of its options."""
        today: dict[str, Span] = {}
        for key, value in node.entries:
            if not isinstance(value, Map):
                continue
            is_own, kind = key.text == question.name, question.kind
            if is_own:
                self.reader.use("questions", key)
            if is_own and not value.entries:
                self._report(
                    "old-name-taken", f"{quote(key.text)} is still asked", key.span, "remove the line"
                )
            elif isinstance(kind, Number) and value.entries:
                message = f"a `number` question has no options, so {quote(key.text)} cannot list any"
                self._report("wrong-type", message, key.span, f"write `{KEY}: {key.text}`")
            elif is_own and isinstance(kind, YesNo):
                message = f"{quote(key.text)} is a `yes_no` question and has no options to rename"
                self._report("wrong-type", message, key.span, "remove the line")
            else:
                whole = not value.entries or isinstance(kind, Choice)
                if is_own or self.name(question, key, whole):
                    self._options(question, key, value, today)

    def name(self, question: Question, key: Scalar, whole: bool) -> bool:
        """Whether an old name of a question is allowed and has only this meaning; if not, it is reported."""
        old, span = key.text, key.span
        if old in self.questions:
            message = f"{quote(old)} is still the name of a question"
            help = "write a name that no question has today"
            self._report("old-name-taken", message, span, help, self.questions[old].span)
            return False
        if not self.reader.check_name(key, "question"):
            return False
        earlier = self.wholes.get(old)
        if earlier is None and whole:
            earlier = next(iter(self.parts.get(old, {}).values()), None)
        if earlier is not None:
            message = f"{quote(old)} is the old name of two questions"
            self._report(
                "old-name-twice",
                message,
                span,
                "remove one, or list which options moved to which question",
                earlier,
            )
            return False
        if whole:
            self.wholes[old] = span
        return True

    def _options(self, question: Question, key: Scalar, node: Map, today: dict[str, Span]) -> None:
        is_own, seen = key.text == question.name, self.parts.setdefault(key.text, {})
        options = question.kind.options if isinstance(question.kind, Choice | Choices) else ()
        for old, new in node.entries:
            if self._is_old(question, old, is_own, seen):
                seen[old.text] = old.span
            if not isinstance(new, Scalar) or new.is_null or not new.text:
                continue
            if isinstance(question.kind, YesNo):
                if new.text != YES:
                    message = (
                        f"in question {quote(question.name)} an old option can only become the answer `yes`"
                    )
                    self._report("wrong-type", f"{message}, not {quote(new.text)}", new.span, "write `yes`")
            elif new.text not in options:
                message = f"question {quote(question.name)} has no option {quote(new.text)}"
                help = self.reader.hint(new.text, options, "options")
                self._report("unknown-option", message, new.span, help)
            else:
                self.reader.use("options", new, question.name)
            if not isinstance(question.kind, Choice):
                if new.text in today:
                    message = f"{quote(new.text)} of {quote(question.name)} has two old names"
                    self._report("old-name-twice", message, new.span, ONE, today[new.text])
                today.setdefault(new.text, new.span)

    def _is_old(self, question: Question, old: Scalar, is_own: bool, seen: Mapping[str, Span]) -> bool:
        """Whether an old option is allowed and listed only once; if not, it is reported."""
        if old.text == NO:
            self._report("wrong-type", "the answer `no` is not an option", old.span, OPPOSITE)
            return False
        if old.text == YES and (is_own or isinstance(question.kind, Choice)):
            message = f"the answer `yes` cannot be an option of {quote(question.name)}"
            self._report("wrong-type", message, old.span, "write an option that the question had")
            return False
        if old.text != YES and not self.reader.check_name(old, "option"):
            return False
        if is_own and isinstance(question.kind, Choice | Choices) and old.text in question.kind.options:
            message = f"{quote(old.text)} is still an option of {quote(question.name)}"
            self._report("old-name-taken", message, old.span, "remove the line")
            return False
        if old.text in seen:
            message = f"option {quote(old.text)} has two present names"
            self._report("old-name-twice", message, old.span, "keep one of the two", seen[old.text])
            return False
        if seen and (old.text == YES) != (YES in seen):
            message = "a question answered with `yes` cannot also have had options"
            self._report(
                "wrong-type", message, old.span, "keep either `yes` or the options", next(iter(seen.values()))
            )
            return False
        return True

    def _report(self, code: str, message: str, span: Span, help: str, earlier: Span | None = None) -> None:
        self.reader.report(code, message, span, help, earlier)

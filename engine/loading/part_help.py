"""Help for a word that does not begin a part: habits from other languages, and words in the wrong place.

In: the word and its node. Out: help for the message, with the part spelt correctly where the intention is
clear.
"""

from __future__ import annotations

from typing import Literal

from engine.loading.reader import Reader
from engine.model.knowledge_base import VERBS
from engine.model.parts import BOUNDS
from facts.nearest import nearest
from facts.problem import LONGEST, quote
from facts.trees.tree import Mapping, Node, Scalar, Sequence
from facts.vocabulary import Questionnaire

Of = Literal["rule", "property"]
BESIDE: dict[Of, tuple[str, ...]] = {
    "rule": ("when", "unless", "then", "because", "claims", "ours"),
    "property": ("because", "when", "unanswered", *VERBS, "claims", "ours"),
}
JOINING = {"and": "all", "or": "any", "either": "any", "one_of": "any", "all_of": "all", "any_of": "any"}
"""Words for `all` and `any` in other languages."""
COUNTING = {
    "below": ("at_most: {{count: {below}, of: [...]}}", "fewer than"),
    "fewer_than": ("at_most: {{count: {below}, of: [...]}}", "fewer than"),
    "above": ("at_least: {{count: {above}, of: [...]}}", "more than"),
    "more_than": ("at_least: {{count: {above}, of: [...]}}", "more than"),
    "count": ("at_least: {{count: {count}, of: [...]}}", "at least"),
    "equals": ("exactly: {{count: {count}, of: [...]}}", "exactly"),
}
"""Ways of counting parts that the language lacks: how to write each, and what it means."""
NONE_OF = ("none", "none_of", "neither", "nor")
MOST_SHOWN = 3


def help_with(
    reader: Reader, word: str, value: Node, questions: Questionnaire, words: tuple[str, ...], of: Of
) -> str:
    """Help with a key that is neither a question nor a word of the language."""
    if word.lower() in JOINING:
        return f"write `{JOINING[word.lower()]}: [...]`, a list of parts"
    if word in NONE_OF:
        return "for none of several parts, write `not: {any: [...]}`"
    if word == "between" and isinstance(value, Mapping):
        return "write `all: [{at_least: {count: ..., of: [...]}}, {at_most: {count: ..., of: [...]}}]`"
    if word == "between" and isinstance(value, Sequence):
        return "write the bound below a question or a score, such as `question: {between: [18, 64]}`"
    if isinstance(value, Scalar) and word in BOUNDS:
        return f"write the bound below a question or a score, such as `question: {{{word}: {value.text}}}`"
    if word in COUNTING:
        return _counted(word, value)
    if word in reader.names.get("scores", {}) and isinstance(value, Scalar) and value.text.isidentifier():
        return f"that is a score: write `class: {{{word}: {value.text}}}` for one of its classes"
    if word in reader.names.get("scores", {}):
        return f"that is a score: write `score: {{{word}: {{at_least: ...}}}}`"
    if word in BESIDE[of]:
        return f"`{word}` is a key of the {of}: write it at the same level as `{BESIDE[of][0]}`"
    near = nearest(word, filter(None, (reader.near(word, questions), *words)))
    return f"did you mean `{near}`?" if near in words else reader.hint(word, questions, "questions")


def _counted(word: str, value: Node) -> str:
    """How to write this count of parts, with the number that the user gave."""
    node = value.get("count") if isinstance(value, Mapping) else value
    said = node.text if isinstance(node, Scalar) else ""
    form, means = COUNTING[word]
    if not (said.isascii() and said.isdigit() and len(said) < LONGEST // 10):
        return f"for {means} N of several parts, write `{form.format(count='N', above='N+1', below='N-1')}`"
    count = int(said)
    return f"for {means} {said} of them, write `{form.format(count=count, above=count + 1, below=count - 1)}`"


def listing(word: str, node: Node) -> str:
    """How to write as a list the parts that are in braces or lack dashes."""
    if not isinstance(node, Mapping) or not node.span.source.startswith("{", node.span.column - 1):
        return "begin each part with `- `"
    shown = [f"{{{_short(key.text)}: {_value(value)}}}" for key, value in node.entries[:MOST_SHOWN]]
    listed = ", ".join([*shown, *(["..."] if node.entries[MOST_SHOWN:] else [])])
    return f"write `{word}: [{listed}]`"


def _value(node: Node) -> str:
    """A one-word value as written, else dots."""
    return _short(node.text) if isinstance(node, Scalar) and not node.is_null and node.text else "..."


def _short(word: str) -> str:
    return quote(word)[1:-1]

"""Names: which words may be declared, and help for a name that is not allowed or not known."""

from __future__ import annotations

import re
from collections.abc import Collection
from unicodedata import normalize

from engine.model.parts import BOUNDS
from facts.problem import MOST_LISTED, Problem, quote, quoted
from facts.trees.tree import Scalar

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
WORDS_OF_THE_LANGUAGE = frozenset(
    (
        *("all", "any", "not", *BOUNDS, "count", "of", "exactly"),
        *("when", "unless", "then", "because", "claims", "ours", "always", "none", "unknown"),
        *("finding", "condition", "support", "counts_against", "triage", "triage_at_least"),
        *("advice", "advice_kind", "give", "hold", "hold_kind", "held", "score", "class", "otherwise"),
        *("yes", "no", "true", "false"),
    )
)

COLUMNS_OF_A_CASE = ("id", "about")


def name_problem(key: Scalar, what: str) -> Problem | None:
    """The problem with a name, or None if it may be declared.

    A name has only letters, digits, `_` and `-`, and is not a word of the language.
    """
    word = quote(key.text) if key.text else "an empty text"
    if key.text in WORDS_OF_THE_LANGUAGE:
        message = f"{word} cannot be the name of {a(what)}: it is a reserved word"
        help = f"choose another word, such as `{key.text}_{what}`"
        return Problem("reserved-name", message, key.span, help)
    if what == "question" and key.text in COLUMNS_OF_A_CASE:
        message = f"{word} cannot name a question: tables of cases have a column with that name"
        return Problem(
            "reserved-name", message, key.span, f"choose another word, such as `{key.text}_question`"
        )
    if key.text and key.is_twisted:
        message = f"{word} cannot name {a(what)}: YAML 1.1 readers turn it into another value"
        help = f"choose another word, such as {quote(_spelt(key.text, what))}"
        return Problem("twisted-name", message, key.span, help)
    if NAME.fullmatch(key.text):
        return None
    spelt = _spelt(key.text, what)
    help = (
        f"begin with a letter and use only letters from a to z, digits, `_` and `-`, such as {quote(spelt)}"
    )
    if len(key.text) > 80:
        help = "use at most 80 characters"
    return Problem("bad-name", f"{word} cannot name {a(what)}", key.span, help)


def _spelt(word: str, what: str) -> str:
    """The nearest word that may be declared."""
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        word = word.replace(letter, plain).replace(letter.upper(), plain.capitalize())
    ascii = normalize("NFKD", word).encode("ascii", "ignore").decode()
    letters = re.sub(r"[^A-Za-z0-9-]+", "_", ascii).strip("_-")
    if letters[:1].isalpha() and letters.lower() not in WORDS_OF_THE_LANGUAGE and len(letters) > 1:
        return letters if letters.lower() not in ("on", "off", "null") else f"is_{letters.lower()}"
    return f"{what}_{letters}" if letters else f"{what}_1"


def a(what: str) -> str:
    """A word with its indefinite article."""
    return f"{'an' if what[:1] in 'aeiou' else 'a'} {what}"


def plural(what: str) -> str:
    """The plural of a word for a kind of name."""
    return {"advice": what, "class": "classes"}.get(what, f"{what}s")


def meant(word: str, known: Collection[str], what: str, near: str) -> str:
    """Help with an unknown word: a missing space, the nearest known word, or the alternatives."""
    if word == "<<":
        return "write the lines out; merge keys (`<<`) are not read"
    told = f"did you mean {quote(near)}?" if near else ""
    listed = f"{what}: {quoted(known)}" if len(known) <= MOST_LISTED and set(known) - {near} else ""
    return glued(word, known) or " ".join(filter(None, (told, listed)))


def glued(word: str, names: Collection[str]) -> str:
    """Help if a known key and its value have no space between them, else an empty string."""
    head, colon, _ = word.partition(":")
    return f"put a space after the `:` of {quote(head + ':')}" if colon and head in names else ""

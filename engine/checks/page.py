"""The page of a check, and what the codes of the loader mean: what `cartsign check --explain ID` prints."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill, indent

from engine.checks.check import Check, Example
from engine.checks.codes import meaning_of

WIDTH = 96


def page_of(check: Check) -> str:
    """What is wrong, why it matters, what to avoid, what to prefer, and how to allow it."""
    blocks = [
        f"{check.id}: {check.title}",
        fill(check.why, WIDTH),
        f"Avoid\n\n{_shown(check.bad)}",
        f"Prefer\n\n{_shown(check.good)}",
    ]
    if not check.id.startswith("allow-"):
        comment = f"# cartsign: allow {check.id} because REASON"
        how = "To allow it for one entry, write on the line of its name, right above it, or inside it:"
        blocks.append(f"{fill(how, WIDTH)}\n\n    {comment}")
    return "\n\n".join(blocks)


def page_of_code(code: str) -> str:
    """What an error of the loader means; it cannot be allowed."""
    text = "This is an error: while it is there, the knowledge base, or the case, is not used. It cannot be allowed."
    return "\n\n".join((code, fill(meaning_of(code), WIDTH), fill(text, WIDTH)))


def listing(checks: Sequence[Check]) -> str:
    """A line for each check."""
    widest = max(len(check.id) for check in checks)
    return "\n".join(f"{check.id:<{widest}}  {check.title}" for check in checks)


def _shown(example: Example) -> str:
    texts = [example.text.rstrip()] if example.text else []
    if example.cases:
        texts.append(f"# in a file of the folder cases\n{example.cases.rstrip()}")
    return indent("\n\n".join(texts) or "# no file in the folder cases", "    ", lambda line: bool(line.strip()))

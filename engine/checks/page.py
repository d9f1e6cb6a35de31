"""The page of a check, and what the codes of the loader mean: what `cartsign check --explain ID` prints.

In: the id of a check; its page lies in `pages/ID.md`. Out: its title, why it matters, and two examples: what
to avoid and what to prefer. An example is a piece of a knowledge base, read beside what
`engine.checks.example` declares; the cases of its folder, if any, are a block of their own, ```yaml cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill, indent

from engine.checks.codes import meaning_of

WIDTH = 96
PAGES = Path(__file__).parent / "pages"
PAGE = re.compile(r"# (.+?)\n\n(.+?)\n\n## Avoid\n\n(.+?)\n## Prefer\n\n(.+)", re.DOTALL)
BLOCK = re.compile(r"^```yaml( cases)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of a knowledge base; `cases` are those of its folder, None where nobody looks for any."""

    text: str = ""
    cases: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to know of a check: `bad` has the fault, once, and `good` has it no more."""

    id: str
    title: str
    why: str
    bad: Example
    good: Example


def page_of(id: str) -> Page:
    """The page of a check."""
    read = PAGE.fullmatch((PAGES / f"{id}.md").read_text(encoding="utf-8"))
    assert read is not None, f"pages/{id}.md is no page"
    title, why, bad, good = read.groups()
    return Page(id, title, " ".join(why.split()), _example(bad), _example(good))


def _example(text: str) -> Example:
    blocks = dict(BLOCK.findall(text))
    return Example(blocks.get("", ""), blocks.get(" cases"))


def explained(page: Page) -> str:
    """What is wrong, why it matters, what to avoid, what to prefer, and how to allow it."""
    blocks = [
        f"{page.id}: {page.title}",
        fill(page.why, WIDTH),
        f"Avoid\n\n{_shown(page.bad)}",
        f"Prefer\n\n{_shown(page.good)}",
    ]
    if not page.id.startswith("allow-"):
        how = "To allow it for one entry, write on the line of its name, right above it, or inside it:"
        blocks += [fill(how, WIDTH), f"    # cartsign: allow {page.id} because REASON"]
    return "\n\n".join(blocks)


def explained_code(code: str) -> str:
    """What an error of the loader means; it cannot be allowed."""
    consequence = "While it is there, the knowledge base, or the case, is not used. It cannot be allowed."
    return "\n\n".join((code, fill(meaning_of(code), WIDTH), fill(consequence, WIDTH)))


def _shown(example: Example) -> str:
    texts = [example.text.rstrip()] if example.text else []
    if example.cases:
        texts.append(f"# in a file of the folder cases\n{example.cases.rstrip()}")
    return indent("\n\n".join(texts), "    ", lambda line: bool(line.strip()))

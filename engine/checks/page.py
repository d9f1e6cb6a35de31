"""The page of a check, and the explanation of error codes, as printed by `cartsign check --explain ID`.

In: the id of a check, whose page is `pages/ID.md`. Out: its title, why it matters, and two examples: what to
avoid and what to prefer. An example is part of a knowledge base, loaded together with the texts below, which
declare the names that it may use; its cases, if any, are in a separate block, ```yaml cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill, indent

from engine.checks.codes import meaning_of

COMMON = """\
sources:
  S1: {title: The first article}
  S2: {title: The second article}
claims:
  S1-01: {source: S1, claim: Fever with back pain is a warning sign.}
  S1-02: {source: S1, claim: Weak legs are a warning sign.}
  S1-03: {source: S1, claim: A pain that lasts should be looked at.}
  S2-01: {source: S2, claim: Back pain with a fever can be an infection.}
  S2-02: {source: S2, claim: Lying down helps.}
questions:
  fever: {ask: Do you have a fever?, kind: yes_no}
  chills: {ask: Do you have chills?, kind: yes_no}
  weak_legs: {ask: Are your legs weak?, kind: yes_no}
  weakness_onset:
    ask: How fast did the weakness come?
    kind: choice
    options: {rapid: within hours, gradual: over days, long_ago: long ago}
    asked_when: {weak_legs: yes}
  strength:
    ask: How strong is the pain?
    kind: choice
    options: {mild: mild, moderate: moderate, severe: severe}
  eased_by:
    ask: What eases the pain?
    kind: choices
    options: {resting: resting, sitting: sitting down, bending: bending forward}
  weeks: {ask: For how many weeks has it hurt?, kind: number, unit: weeks, minimum: 0, maximum: 100}
findings:
  ill: signs of illness
  eased: a pain that something eases
conditions:
  infection: {text: an infection}
triage:
  see_doctor: {text: See a doctor}
  emergency: {text: Go to an emergency room}
advice_kinds:
  at_home: At home
advice:
  lie_down: {kind: at_home, text: Lie down.}
rules:
  common-ill:
    when: {fever: yes, strength: severe}
    then: [{finding: ill}, {triage: see_doctor}]
    because: A high temperature and great pain call for a doctor.
    claims: [S1-01]
  common-eased:
    when: {eased_by: [resting, sitting, bending]}
    then: [{finding: eased}, {give: lie_down}]
    because: What helps is worth doing.
    ours: true
  common-infection:
    when: {fever: yes, chills: yes}
    then: {condition: infection, support: typical}
    because: Shivering and a high temperature may come from germs.
    claims: [S2-01]
  common-emergency:
    when: {weak_legs: yes, weakness_onset: rapid}
    then: {triage: emergency}
    because: Legs that fail within hours cannot wait.
    claims: [S1-02]
"""

COMMON_CASES = """\
- id: all-of-it
  about: somebody with every sign there is
  answers:
    {fever: yes, chills: yes, strength: severe, weak_legs: yes, weakness_onset: rapid, eased_by: [resting]}
  expect: {findings: [ill, eased], advice: {given: [lie_down]}, triage: {level: emergency}}
- id: less-of-it
  about: somebody with severe pain and a fever
  answers: {fever: yes, strength: severe, weak_legs: no}
  expect: {triage: {level: see_doctor}}
- id: nothing
  about: somebody who has nothing
  answers: {fever: no, chills: no, strength: mild, weak_legs: no, eased_by: [], weeks: 9}
  expect: {triage: {level: null}}
  expect_not: {fired: [common-ill, common-eased, common-infection, common-emergency]}
"""


WIDTH = 96
PAGES = Path(__file__).parent / "pages"
PAGE = re.compile(r"# (.+?)\n\n(.+?)\n\n## Avoid\n\n(.+?)\n## Prefer\n\n(.+)", re.DOTALL)
BLOCK = re.compile(r"^```yaml( cases)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """Part of a knowledge base; `cases` are those of its folder, None if cases are not loaded."""

    text: str = ""
    cases: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The documentation of a check: `bad` has the fault exactly once, `good` does not have it."""

    id: str
    title: str
    why: str
    bad: Example
    good: Example


def ids_of_pages() -> set[str]:
    """The ids of everything that has a page: findings of checks and findings of proofs."""
    return {path.stem for path in PAGES.glob("*.md")}


def page_of(id: str) -> Page:
    """The page of a check."""
    read = PAGE.fullmatch((PAGES / f"{id}.md").read_text(encoding="utf-8"))
    assert read is not None, f"pages/{id}.md is not a page"
    title, why, bad, good = read.groups()
    return Page(id, title, " ".join(why.split()), _example(bad), _example(good))


def _example(text: str) -> Example:
    blocks = dict(BLOCK.findall(text))
    return Example(blocks.get("", ""), blocks.get(" cases"))


def explained(page: Page) -> str:
    """The page as text: what is wrong, why it matters, what to avoid, what to prefer, and how to allow it."""
    blocks = [
        f"{page.id}: {page.title}",
        fill(page.why, WIDTH),
        f"Avoid\n\n{_shown(page.bad)}",
        f"Prefer\n\n{_shown(page.good)}",
    ]
    if not page.id.startswith("allow-"):
        how = (
            "To allow this finding for an entry, write a comment on the line of"
            " its name, right above it, or inside it:"
        )
        blocks += [fill(how, WIDTH), f"    # cartsign: allow {page.id} because REASON"]
    return "\n\n".join(blocks)


def explained_code(code: str) -> str:
    """The explanation of an error code as text; errors cannot be allowed."""
    consequence = "A knowledge base or case with this error is not used. Errors cannot be allowed."
    return "\n\n".join((code, fill(meaning_of(code), WIDTH), fill(consequence, WIDTH)))


def _shown(example: Example) -> str:
    texts = [example.text.rstrip()] if example.text else []
    if example.cases:
        texts.append(f"# in a file of the folder cases\n{example.cases.rstrip()}")
    return indent("\n\n".join(texts), "    ", lambda line: bool(line.strip()))

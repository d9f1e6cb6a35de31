"""From a folder (or one file) of YAML to a knowledge base, or to every problem it has.

The steps: find the files, read their trees, gather the sections, gather the declared names, read each
section against them, look at the whole. Files are read in the order of their paths; `cases/` is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from engine.model import KnowledgeBase
from engine.part_syntax import PartReader
from engine.reading import Fields, Reader
from engine.rule_syntax import RuleReader
from engine.sections import (
    PartSections,
    read_claims,
    read_conditions,
    read_levels,
    read_numbers,
    read_plain,
    read_questions,
    read_texts,
)
from engine.wholeness import whole
from facts.document import MAX_BYTES, Node, Scalar, describe, read_yaml
from facts.document import Mapping as Map
from facts.problem import Problem, Rejected, Span, in_order, suggest

SINGLE = ("knowledge_base", "scope")
NAMED = {
    "sources": "source",
    "claims": "claim",
    "questions": "question",
    "findings": "finding",
    "conditions": "condition",
    "triage": "level",
    "advice_kinds": "kind",
    "advice": "advice",
    "texts": "text",
    "numbers": "number",
    "scores": "score",
    "rules": "rule",
    "consistency": "inconsistency",
    "disagreements": "disagreement",
}
MAX_FILES = 10_000

Entry = tuple[Scalar, Node]


def load(path: str | Path) -> KnowledgeBase:
    """The knowledge base in a folder or a file. Raises `Rejected` with all problems, in order."""
    kb, problems = read_knowledge_base(path)
    if kb is None:
        raise Rejected(problems)
    return kb


def read_knowledge_base(path: str | Path) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The knowledge base, None where it has problems, and the problems in order."""
    files, problems = _files(Path(path))
    entries: dict[str, list[Entry]] = {section: [] for section in NAMED}
    single: dict[str, Entry] = {}
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(f"{len(name)}:{name}:{len(data)}:".encode() + data)
        documents, found = read_yaml(data, str(Path(path, name)) if Path(path).is_dir() else str(path))
        problems += found
        for document in documents:
            _sort(document, entries, single, problems)
    reader = Reader(_declare(entries, problems), problems=problems)
    kb = _read(reader, entries, single, digest.hexdigest())
    if not problems:
        problems += whole(kb, reader.names)
    return (None if problems else kb), in_order(problems)


def _files(path: Path) -> tuple[list[tuple[str, bytes]], list[Problem]]:
    if path.is_dir():
        found = [each for each in sorted(path.rglob("*")) if each.suffix in (".yaml", ".yml")]
        inside = [each.relative_to(path) for each in found]
        named = [
            each for each in inside if each.parts[0] != "cases" and not any(p[0] == "." for p in each.parts)
        ]
    else:
        named = [Path(path.name)]
    root = path if path.is_dir() else path.parent
    problems: list[Problem] = []
    files: list[tuple[str, bytes]] = []
    for name in named[:MAX_FILES]:
        try:
            with open(root / name, "rb") as file:
                files.append((name.as_posix(), file.read(MAX_BYTES + 1)))
        except OSError as error:
            message = f"cannot be read: {(error.strerror or 'unknown error').lower()}"
            problems.append(
                Problem("unreadable", message, Span(str(root / name)), "name a folder with `.yaml` files")
            )
    if not named:
        help = "name the folder that has `rules/` and `questions/`"
        problems.append(Problem("no-files", "the folder has no `.yaml` files", Span(str(path)), help))
    return files, problems


def _sort(
    document: Node, entries: dict[str, list[Entry]], single: dict[str, Entry], problems: list[Problem]
) -> None:
    """Put the sections of one document where they belong."""
    if isinstance(document, Scalar) and document.is_null:
        return
    if not isinstance(document, Map):
        message = f"a file of a knowledge base is a mapping of sections, not {describe(document)}"
        problems.append(
            Problem("wrong-type", message, document.span, "begin with `rules:` or another section")
        )
        return
    for key, node in document.entries:
        if key.text in SINGLE:
            if key.text in single:
                earlier = single[key.text][0].span
                problems.append(_twice("section", key, earlier))
            single[key.text] = (key, node)
        elif key.text in NAMED and isinstance(node, Map):
            entries[key.text] += node.entries
        elif key.text in NAMED:
            if not (isinstance(node, Scalar) and node.is_null):
                message = f"section `{key.text}` is a mapping of names, not {describe(node)}"
                problems.append(Problem("wrong-type", message, node.span, "write `name: ...` lines below it"))
        else:
            help = suggest(key.text, [*SINGLE, *NAMED], "sections")
            problems.append(Problem("unknown-section", f"no section is called `{key.text}`", key.span, help))


def _twice(what: str, key: Scalar, earlier: Span) -> Problem:
    message = f"{what} `{key.text}` is declared twice"
    return Problem(f"duplicate-{what}", message, key.span, "remove or rename one of the two", earlier)


def _declare(entries: dict[str, list[Entry]], problems: list[Problem]) -> dict[str, dict[str, Span]]:
    """Every declared name by section; a second declaration is a problem and is dropped."""
    names: dict[str, dict[str, Span]] = {}
    reader = Reader({}, problems=problems)
    for section, what in NAMED.items():
        first: dict[str, Span] = names.setdefault(section, {})
        kept: list[Entry] = []
        for key, node in entries[section]:
            if key.text in first:
                problems.append(_twice(what, key, first[key.text]))
                continue
            reader.check_name(key, what)
            first[key.text] = key.span
            kept.append((key, node))
        entries[section] = kept
    return names


def _read(
    reader: Reader, entries: Mapping[str, list[Entry]], single: Mapping[str, Entry], sha256: str
) -> KnowledgeBase:
    """Read each section, in the order in which they need each other."""
    reader.numbers.update(read_numbers(reader, entries["numbers"]))
    questions = read_questions(reader, entries["questions"])
    parts = PartSections(reader, questions)
    advice = parts.advice(entries["advice"])
    title = _title(reader, single.get("knowledge_base"))
    return KnowledgeBase(
        name=title["name"] or "unnamed",
        version=title["version"] or "0",
        notice=title["notice"],
        sha256=sha256,
        sources=read_plain(reader, entries["sources"], "source"),
        claims=read_claims(reader, entries["claims"]),
        questions=questions,
        asked_when=parts.asked_when(entries["questions"]),
        scope=parts.scope(single["scope"][1]) if "scope" in single else None,
        findings=read_texts(reader, entries["findings"], "finding"),
        conditions=read_conditions(reader, entries["conditions"]),
        levels=read_levels(reader, entries["triage"]),
        advice_kinds=read_texts(reader, entries["advice_kinds"], "kind"),
        advice=advice,
        texts=parts.texts(entries["texts"]),
        scores=parts.scores(entries["scores"]),
        rules=RuleReader(reader, PartReader(reader, questions), advice).rules(entries["rules"]),
        consistency=parts.consistency(entries["consistency"]),
        disagreements=parts.disagreements(entries["disagreements"]),
    )


def _title(reader: Reader, entry: Entry | None) -> dict[str, str]:
    keys = ("name", "version", "notice")
    if entry is None:
        return dict.fromkeys(keys, "")
    fields: Fields = reader.fields(entry[1], "`knowledge_base`", ("name",), keys)
    return {key: reader.text(fields, key) for key in keys}

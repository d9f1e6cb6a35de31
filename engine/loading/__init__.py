"""From a folder or a file of YAML to a knowledge base, or to all of its problems.

The steps: find the files, parse them, sort their sections, collect the declared names, read each section
against these names, check the whole. Files are read in the order of their paths; `cases/` is skipped. A
population is checked but is not part of the rules; a file that has nothing else does not count in the
checksum.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.collector import paused
from engine.loading.classes import read_classes
from engine.loading.entries import (
    PartSections,
    read_claims,
    read_conditions,
    read_levels,
    read_numbers,
    read_sources,
)
from engine.loading.files import read_files, shown
from engine.loading.parts import PartReader
from engine.loading.population import holds_population_alone, read_population
from engine.loading.properties import SafetyReader
from engine.loading.questions import read_questions, read_texts
from engine.loading.reader import Reader, Use
from engine.loading.rules import RuleReader
from engine.loading.scores import ScoreReader
from engine.loading.sections import NAMED, Entry, Sections
from engine.loading.whole import whole
from engine.model.knowledge_base import KnowledgeBase
from facts.problem import Problem, Rejected, Span, in_order
from facts.trees.yaml_tree import MAX_PROBLEMS, read_yaml

REFUSED = ("alias", "yaml-character")


def load(path: str | Path) -> KnowledgeBase:
    """The knowledge base in a folder or a file. Raises `Rejected` with all problems, in order."""
    kb, problems = read_knowledge_base(path)
    if kb is None:
        raise Rejected(problems)
    return kb


def read_knowledge_base(path: str | Path) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The knowledge base, or None if it has problems, and the problems in order."""
    with paused():
        kb, problems, _ = _load(Path(path))
    return kb, problems


def read_uses(path: str | Path) -> tuple[Use, ...]:
    """Every place where the files of a knowledge base declare or read a name. Raises `Rejected` if it has
    problems.
    """
    with paused():
        kb, problems, reader = _load(Path(path))
    if kb is None:
        raise Rejected(problems)
    declared = (
        Use(section, name, span) for section, names in reader.names.items() for name, span in names.items()
    )
    return (*declared, *reader.uses)


def _load(root: Path) -> tuple[KnowledgeBase | None, list[Problem], Reader]:
    files, problems = read_files(root)
    sections = Sections(problems, {name for name in NAMED if problems})
    digest, is_folder = hashlib.sha256(), os.path.isdir(root)
    for name, data in files:
        encoded = name.encode("utf-8", "surrogateescape")
        documents, found = read_yaml(data, shown(root / name if is_folder else root))
        if not holds_population_alone(documents):
            digest.update(b"%d:%s:%d:%s" % (len(encoded), encoded, len(data), data))
        sections.take(documents, found)
    sections.finish(root)
    reader = Reader(sections.declare(), problems, sections.unsure, sections.unsound)
    kb = _read(reader, sections, digest.hexdigest())
    whole(kb, reader)
    return (None if problems else kb), _told(problems, reader, root), reader


def _told(problems: list[Problem], reader: Reader, path: Path) -> list[Problem]:
    """The problems in order, without consequences of content that was refused."""
    refused = {each.span for each in problems if each.code in REFUSED}
    told = in_order(each for each in problems if each.code in REFUSED or each.span not in refused)
    if len(told) <= MAX_PROBLEMS and reader.noted <= MAX_PROBLEMS:
        return told
    message = f"there are more than {MAX_PROBLEMS} problems"
    more = Problem("too-many", message, Span(shown(path)), "fix these first")
    return [*told[:MAX_PROBLEMS], more]


def _read(reader: Reader, sections: Sections, sha256: str) -> KnowledgeBase:
    """Read the sections in the order of their dependencies."""
    entries, single = sections.entries, sections.single
    numbers = read_numbers(reader, entries["numbers"])
    reader.numbers.update({name: number.value for name, number in numbers.items()})
    questions = read_questions(reader, entries["questions"])
    classes = read_classes(reader, questions, entries["questions"], entries["scores"])
    part_reader = PartReader(reader, questions, classes)
    parts = PartSections(reader, part_reader)
    advice = parts.advice(entries["advice"])
    title = _title(reader, single.get("knowledge_base"))
    if "population" in single:
        read_population(reader, questions, *single["population"])
    return KnowledgeBase(
        name=title["name"] or "unnamed",
        version=title["version"] or "0",
        notice=title["notice"],
        sha256=sha256,
        sources=read_sources(reader, entries["sources"]),
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
        numbers=numbers,
        scores=ScoreReader(reader, part_reader).scores(entries["scores"]),
        rules=RuleReader(reader, part_reader).rules(entries["rules"], advice.values()),
        consistency=parts.consistency(entries["consistency"]),
        disagreements=parts.disagreements(entries["disagreements"]),
        safety=SafetyReader(reader, questions, classes).properties(entries["safety"]),
        classes={
            name: replace(each, rows=tuple(reader.rows.get(name, ()))) for name, each in classes.items()
        },
        places=reader.names,
        numbers_read=frozenset(reader.numbers_read),
    )


def _title(reader: Reader, entry: Entry | None) -> Mapping[str, str]:
    keys = ("name", "version", "notice")
    if entry is None:
        return dict.fromkeys(keys, "")
    fields = reader.fields(entry[1], "`knowledge_base`", ("name",), ("version", "notice"), entry[0].span)
    return {key: reader.text(fields, key) for key in keys}

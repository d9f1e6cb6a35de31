"""Rename something in every file that names it, and show that nothing else changes.

In: the files of a knowledge base and of its cases, the kind of a name, and the old and the new name. Out: the
new text of each file, or problems. Only the characters of the name change; comments and layout stay. The new
files must load to the same knowledge base under the new name, or nothing is written.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.authoring.former import Former, with_former
from engine.authoring.uses import APPLIES, members, uses_in_cases, uses_in_map
from engine.loading import load, read_uses
from engine.loading.files import read_files
from engine.loading.names import name_problem
from engine.loading.reader import Use
from engine.loading.sections import NAMED
from engine.model.knowledge_base import KnowledgeBase
from engine.output.files import write_whole
from facts.paths import unreadable
from facts.problem import Problem, Rejected, Span, quote, suggest
from facts.trees.json_tree import parse_json, read_json
from facts.trees.text import decode
from facts.trees.tree import Node, Scalar
from facts.trees.yaml_layout import Written, written
from facts.trees.yaml_tree import read_yaml

OF = {"option": ("options", "QUESTION"), "class": ("classes", "SCORE")}
"""The kinds of names that belong to something: their section, and what they are written behind."""
KINDS: Mapping[str, str] = {what: section for section, what in NAMED.items()} | {
    kind: section for kind, (section, _) in OF.items()
}
"""The section that declares the names of each kind."""
YAML = (".yaml", ".yml")
TEXTS = (*YAML, ".json", ".jsonl", ".ndjson")
"""The case files that are rewritten; tables keep old names, which `formerly` translates."""
MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Renaming:
    """What is renamed: the section, its old and new name, and for an option or class what it belongs to."""

    section: str
    old: str
    new: str
    of: str = ""

    def concerns(self, use: Use) -> bool:
        """Whether a place names what is renamed."""
        return (use.section, use.name, use.of) == (self.section, self.old, self.of)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file before and after, and the number of places that changed."""

    file: Path
    before: str
    after: str
    places: int


class Shared(Rejected):
    """Raised for a word that names two things, of which only one gets another name."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """The files that change, and the case files that keep the old name, which `formerly` is for."""

    files: tuple[Rewritten, ...]
    left: tuple[Path, ...]


def renaming(kind: str, old: str, new: str, kb: KnowledgeBase) -> Renaming:
    """What the words of a user mean; an option is written `QUESTION.OPTION`, a class `SCORE.CLASS`. Raises
    `Rejected`.
    """
    section, of = KINDS[kind], ""
    if kind in OF:
        of, _, old = old.partition(".")
        new = new.removeprefix(f"{of}.")
        owners = [name for name in (*kb.questions, *kb.scores) if members(section, name, kb)]
        if of not in owners or not old:
            owner = OF[kind][1]
            help = suggest(of, owners, "names") if old else f"write `{owner}.{kind.upper()}`"
            raise Rejected([_unknown(owner.lower(), of, kb, help)])
    known = members(section, of, kb) if of else [*kb.places[section]]
    if old not in known:
        raise Rejected([_unknown(kind, old, kb, suggest(old, known, f"{kind}s"))])
    wrong = name_problem(Scalar(new, True, Span(kb.name)), kind) or _taken(kind, new, of, kb)
    if wrong is not None:
        raise Rejected([wrong])
    return Renaming(section, old, new, of)


def _unknown(kind: str, name: str, kb: KnowledgeBase, help: str) -> Problem:
    return Problem(f"unknown-{kind}", f"there is no {kind} {quote(name)}", Span(kb.name), help, subject=name)


def _taken(kind: str, new: str, of: str, kb: KnowledgeBase) -> Problem | None:
    """The problem if the new name already means something, today or in files of earlier versions."""
    if of:
        formerly = kb.questions[of].formerly if kind == "option" else {}
        old_names = {old for options in formerly.values() for old in options or ()}
        place = (kb.questions.get(of) or kb.scores[of]).span
        taken = place if new in members(KINDS[kind], of, kb) or new in old_names else None
    else:
        places = [names[new] for names in kb.places.values() if new in names]
        former = [each.span for each in kb.questions.values() if kind == "question" and new in each.formerly]
        taken = next(iter((*places, *former)), None)
    if taken is None:
        return None
    message, help = f"{quote(new)} is already the name of something else", "choose another name"
    return Problem("name-taken", message, Span(kb.name), help, taken, new)


def renamed(
    root: Path, cases: Iterable[Path], maps: Iterable[Path], change: Renaming, is_kept: bool = False
) -> Renamed:
    """The new texts of all files that name what is renamed. With `is_kept`, the old name of a question or an
    option is declared in `formerly`.

    Raises `Rejected` if a file cannot be read or changed, or if the new files would mean anything else.
    """
    kb, uses = load(root), read_uses(root)
    found: dict[Path, list[Use]] = defaultdict(list)
    for use in uses:
        found[Path(use.span.file)].append(use)
    is_text = {path: path.suffix.lower() in TEXTS for path in cases}
    for path in (path for path, is_one in is_text.items() if is_one):
        found[path] += uses_in_cases(_documents(path, _text_of(path)), kb)
    for path in maps:
        found[path] += uses_in_map(_documents(path, _text_of(path)), kb)
    _check_alone([use for own in found.values() for use in own], change)
    concerned = {path: [each for each in own if change.concerns(each)] for path, own in found.items()}
    files = tuple(_rewritten(path, own, change) for path, own in concerned.items() if own)
    new, again = _load_anew(root, files)
    _compare(uses, again, change, kb)
    for each in files:
        if each.file in is_text:
            _compare(found[each.file], uses_in_cases(_documents(each.file, each.after), new), change, kb)
    if is_kept:
        files = tuple(_with_former(each, kb, change) for each in files)
        _load_anew(root, files)
    return Renamed(files, tuple(path for path, is_one in is_text.items() if not is_one))


def _check_alone(uses: Iterable[Use], change: Renaming) -> None:
    """Raise `Shared` for a word that also names something else, such as an option of several questions."""
    uses = list(uses)
    places = {use.span for use in uses if change.concerns(use)}
    for use in uses:
        if use.span in places and not change.concerns(use) and use.name == change.old:
            what = f"of {quote(use.of)}" if use.of else "something else"
            message = f"{quote(change.old)} names one {what} here, too"
            help = "write a line of its own for each of them first"
            raise Shared([Problem("shared-name", message, use.span, help, subject=change.old)])


def _documents(path: Path, text: str) -> list[Node]:
    """The documents of a YAML, JSON or JSONL file. Raises `Rejected`."""
    suffix, data = path.suffix.lower(), text.encode()
    if suffix in YAML:
        read = [read_yaml(data, str(path))]
    elif suffix == ".json":
        read = [read_json(data, str(path))]
    else:
        lines = enumerate(text.split("\n"), 1)
        read = [parse_json(line, str(path), at) for at, line in lines if line.strip()]
    problems = [problem for _, own in read for problem in own]
    if problems:
        raise Rejected(problems)
    return [document for own, _ in read for document in own]


def _text_of(path: Path) -> str:
    """The text of a file without a byte order mark. Raises `Rejected`."""
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise Rejected([unreadable(path, error)]) from None
    if isinstance(text, Problem):
        raise Rejected([text])
    return text.removeprefix(MARK)


def _rewritten(path: Path, uses: Iterable[Use], change: Renaming) -> Rewritten:
    before = _text_of(path)
    source = written(before)
    starts = sorted({_start(use, source, change) for use in uses})
    parts, at = [], 0
    for start in starts:
        parts += [before[at:start], change.new]
        at = start + len(change.old)
    return Rewritten(path, before, "".join([*parts, before[at:]]), len(starts))


def _start(use: Use, source: Written, change: Renaming) -> int:
    """Where the name begins in the text: behind a quotation mark, a question or the word `asked_when`."""
    begin = source.lines[use.span.line - 1] + use.span.column - 1
    said = source.text[begin : begin + len(use.span.source)]
    for before in ("", f"{change.of}.", APPLIES):
        for mark in ("", '"', "'"):
            if said.startswith(f"{mark}{before}{change.old}"):
                return begin + len(mark) + len(before)
    message = f"{quote(change.old)} is written here in a way that cannot be changed automatically"
    raise Rejected([Problem("unusual-spelling", message, use.span, "write it as one plain word")])


def _with_former(file: Rewritten, kb: KnowledgeBase, change: Renaming) -> Rewritten:
    """The file with the old name in `formerly`, if it declares the question."""
    question = change.of or change.old
    if file.file != Path(kb.questions[question].span.file):
        return file
    former = Former(change.of, change.old, change.new) if change.of else Former(change.new, change.old)
    return replace(file, after=with_former(file.after, former, str(file.file)))


def _load_anew(root: Path, files: Iterable[Rewritten]) -> tuple[KnowledgeBase, tuple[Use, ...]]:
    """The knowledge base of the new files, and what they name. Raises `Rejected`."""
    after = {each.file: each.after for each in files}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, root.name)
        for name, data in read_files(root)[0]:
            path = root / name if root.is_dir() else root
            target = copy / name if root.is_dir() else copy
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(after[path].encode() if path in after else data)
        try:
            return load(copy), read_uses(copy)
        except Rejected as rejected:
            raise Rejected(_placed(each, copy, root) for each in rejected.problems) from None


def _placed(problem: Problem, copy: Path, root: Path) -> Problem:
    """The problem at its place in the files of the user."""
    file = problem.span.file.replace(str(copy), str(root), 1)
    return replace(problem, span=problem.span._replace(file=file))


def _compare(before: Iterable[Use], after: Iterable[Use], change: Renaming, kb: KnowledgeBase) -> None:
    """Raise `Rejected` unless the same places name the same things, but for the name that changes.

    The reader looks at a name only to find what it names, so nothing else can change.
    """
    wanted = [
        (use.section, change.new if change.concerns(use) else use.name, _of(use, change, kb))
        for use in before
    ]
    if wanted != [(use.section, use.name, use.of) for use in after]:
        message = f"{quote(change.new)} would mean something else in some place"
        raise Rejected([Problem("name-taken", message, Span(kb.name), "choose another name")])


def _of(use: Use, change: Renaming, kb: KnowledgeBase) -> str:
    """What an option or class belongs to, by its new name."""
    is_score = use.section == "classes" and kb.classes[use.of].is_score
    is_renamed = use.of == change.old and change.section == ("scores" if is_score else "questions")
    return change.new if is_renamed else use.of


def write(found: Renamed) -> None:
    """Write all files; a symbolic link is followed.

    Raises `Rejected` if one cannot be written; then all are as they were.
    """
    locked = [each.file for each in found.files if not os.access(each.file, os.W_OK)]
    if locked:
        message, help = "the file is write-protected", "allow writing; nothing was renamed"
        raise Rejected(Problem("file-readonly", message, Span(str(each)), help) for each in locked)
    before = {each.file: each.file.read_bytes() for each in found.files}
    done: list[Path] = []
    for each in found.files:
        mark = MARK if before[each.file].startswith(MARK.encode()) else ""
        try:
            write_whole(each.file.resolve(), mark + each.after)
        except OSError as error:
            for file in done:
                write_whole(file.resolve(), before[file].decode())
            raise Rejected([_unwritable(each.file, error)]) from None
        done.append(each.file)


def _unwritable(file: Path, error: OSError) -> Problem:
    """The problem that a file cannot be written."""
    reason = (error.strerror or "unknown error").lower()
    help = "make room or allow writing; nothing was renamed"
    return Problem("cannot-write", f"the file cannot be written: {reason}", Span(str(file)), help)

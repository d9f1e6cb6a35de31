"""Files of cases to cases, one after the other.

In: names of files and folders, or `-` for JSON lines on standard input. Out: for every case the case
itself or all its problems, in the order of the files. Every format only builds a tree; `facts.case`
alone says what a case is. JSONL and CSV are read a line at a time, so memory stays bounded; nothing in a
file, however torn, ends in an exception, and no row is dropped without a problem that names it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, chain, count
from pathlib import Path
from typing import BinaryIO, NoReturn

from facts.case import Case, read_case
from facts.document import MAX_BYTES, MAX_DEPTH, Mapping, Node, Scalar, Sequence, decode, read_yaml
from facts.problem import WIDTH, Problem, Span, in_order, suggest
from facts.vocabulary import UNKNOWN, Choices, Questionnaire

MAX_LINE = 8 * 1024 * 1024
MAX_COLUMNS = 2_000
STDIN = "<stdin>"
KINDS = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
READ = "files end in `.yaml`, `.yml`, `.json`, `.jsonl`, `.ndjson`, `.csv` or `.tsv`"
UNREADABLE = ("yaml-syntax", "yaml-character", "json-syntax", "too-deep", "too-large", "not-utf8")
TEXTS = ("id", "about")

Read = Case | list[Problem]


def read_cases(
    paths: Iterable[str | Path], questions: Questionnaire, stdin: BinaryIO | None = None
) -> Iterator[Read]:
    """Every case of the files, or all the problems of a case, of a row or of a file.

    The kind of a file is told by its suffix; a folder stands for all such files below it, in order. A list
    of warnings alone costs no case. Without an `id` a case is called `file:line`. Never raises.
    """
    ids: dict[str, Span] = {}
    names: dict[str, str] = {}
    for found in chain.from_iterable(_find(path) for path in paths):
        if isinstance(found, Problem):
            yield [found]
            continue
        file = STDIN if found == "-" else _shown(found)
        name = os.path.basename(file)
        prefix = name if names.setdefault(name, file) == file else file
        empty = True
        for read in _read_file(found, _Origin(file, prefix, questions), stdin):
            empty = empty and isinstance(read, list) and read[0].code == "unknown-column"
            yield _once(read, ids)
        if empty:
            yield [Problem("empty-file", "the file holds no case", Span(file), "write at least one case")]


@dataclass(frozen=True, slots=True)
class _Origin:
    """The file that cases come from, what cases without an id are called after, and the questionnaire."""

    file: str
    prefix: str
    questions: Questionnaire = field(repr=False)


def _once(read: Read, ids: dict[str, Span]) -> Read:
    if not isinstance(read, Case):
        return read
    earlier = ids.get(read.id)
    if earlier is None:
        ids[read.id] = replace(read.span, source="")
        return read
    message = f"two cases have the id `{read.id[:WIDTH]}`"
    return [Problem("duplicate-id", message, read.span, "give each case its own id", earlier, "id")]


# Which files


def _shown(path: str | Path) -> str:
    return os.fspath(path).encode("utf-8", "replace").decode("utf-8")


def _find(path: str | Path) -> Iterator[str | Path | Problem]:
    if str(path) == "-":
        yield "-"
        return
    try:
        is_folder = Path(path).stat().st_mode & 0o170000 == 0o040000
    except (FileNotFoundError, NotADirectoryError, ValueError):
        yield Problem("file-missing", f"there is no file `{_shown(path)}`", Span(_shown(path)), _nearby(path))
    except OSError as error:
        yield _unreadable(path, error)
    else:
        yield from _below(Path(path)) if is_folder else [_of_known_kind(path)]


def _nearby(path: str | Path) -> str:
    try:
        names = sorted(_shown(entry) for entry in os.listdir(Path(path).parent)[:1000])
    except (OSError, ValueError):
        return "check the path"
    return suggest(Path(path).name, names, "files") or "check the path"


def _unreadable(path: str | Path, error: OSError) -> Problem:
    why = (error.strerror or "an error of the file system").lower()
    message = f"the file cannot be read: {why}"
    return Problem("file-unreadable", message, Span(_shown(path)), "check it and its permissions")


def _of_known_kind(path: str | Path) -> str | Path | Problem:
    suffix = Path(path).suffix.lower()
    if suffix == ".parquet":
        help = "write the cases as CSV or JSONL"
        return Problem("file-kind", "Parquet files are not read yet", Span(_shown(path)), help)
    if suffix not in KINDS:
        said = f"the suffix `{suffix}`" if suffix else "a name without a suffix"
        message = f"{said} does not say what kind of file this is"
        return Problem("file-kind", message, Span(_shown(path)), READ)
    return path


def _below(folder: Path) -> Iterator[str | Path | Problem]:
    """Every file of cases below a folder by path, then what is wrong with the folders."""
    files: list[Path] = []
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    waiting = deque([folder])
    while waiting:
        here = waiting.popleft()
        first = seen.setdefault(os.path.realpath(here), here)
        if first is not here:
            message = f"the folder is `{_shown(first)}` again, which is read once"
            problems.append(Problem("folder-loop", message, Span(_shown(here)), "remove the link"))
            continue
        try:
            entries = sorted(entry for entry in here.iterdir() if not entry.name.startswith("."))
            waiting.extend(entry for entry in entries if entry.is_dir())
            named = (entry for entry in entries if entry.suffix.lower() in KINDS)
            files += (entry for entry in named if entry.is_file() or not entry.exists())
        except OSError as error:
            problems.append(_unreadable(here, error))
    yield from (_of_known_kind(file) for file in sorted(files))
    yield from problems
    if not files and not problems:
        yield Problem("empty-folder", "the folder holds no file of cases", Span(_shown(folder)), READ)


def _read_file(path: str | Path, origin: _Origin, stdin: BinaryIO | None) -> Iterator[Read]:
    try:
        if path == "-":
            yield from _jsonl(stdin or sys.stdin.buffer, origin)
            return
        kind = KINDS[Path(path).suffix.lower()]
        with open(path, "rb") as stream:
            match kind:
                case "jsonl":
                    yield from _jsonl(stream, origin)
                case "csv":
                    yield from _csv(stream, origin)
                case _:
                    yield from _whole(stream, origin, read_yaml if kind == "yaml" else read_json)
    except OSError as error:
        yield [_unreadable(origin.file, error)]


# Files that are read as one tree: YAML and JSON


def _whole(
    stream: BinaryIO, origin: _Origin, read: Callable[[bytes, str], tuple[list[Node], list[Problem]]]
) -> Iterator[Read]:
    size = os.fstat(stream.fileno()).st_size
    if size > MAX_BYTES:
        most = MAX_BYTES / 2**20
        message = f"the file has {size / 2**20:.0f} MB, and at most {most:.0f} MB are read as one document"
        help = "split the file, or write the cases as JSONL or CSV, which are read line by line"
        yield [Problem("too-large", message, Span(origin.file), help)]
        return
    documents, problems = read(stream.read(MAX_BYTES + 1), origin.file)
    nodes = [node for document in documents for node in _cases_of(document)]
    of_file, of_case = _shared_out(nodes, documents, problems)
    last = 0
    for node, found in zip(nodes, of_case, strict=True):
        line = node.span.line
        default = f"{origin.prefix}:{line}" + (f":{node.span.column}" if line == last else "")
        last = line
        yield _checked(node, found, origin.questions, default)
    if of_file:
        yield in_order(of_file)


def _cases_of(document: Node) -> Iterable[Node]:
    match document:
        case Scalar() if document.is_null:
            return ()
        case Sequence(items):
            return items
        case Mapping(entries=((Scalar(text="cases"), Sequence(items)),)):
            return items
        case _:
            return (document,)


def _shared_out(
    nodes: list[Node], documents: list[Node], problems: list[Problem]
) -> tuple[list[Problem], list[list[Problem]]]:
    """Problems that no single case has, and those of each case: what stands between it and the next."""
    starts = [(node.span.line, node.span.column) for node in nodes]
    roots = [d.entries[0][0].span for d in documents if isinstance(d, Mapping) and _cases_of(d) != (d,)]
    of_file: list[Problem] = []
    of_case: list[list[Problem]] = [[] for _ in nodes]
    for problem in problems:
        at = bisect_right(starts, (problem.span.line, problem.span.column)) - 1
        is_shared = problem.code in UNREADABLE or problem.earlier in roots
        (of_file if at < 0 or is_shared else of_case[at]).append(problem)
    return of_file, of_case


def _checked(node: Node, problems: list[Problem], questions: Questionnaire, default_id: str) -> Read:
    read = read_case(node, questions, default_id)
    if isinstance(read, Case) and not problems:
        return read
    return in_order(problems + (read if isinstance(read, list) else []))


# JSON


def read_json(data: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """The value of a JSON file as a tree with positions, in a list that is empty where it is broken."""
    text = decode(data, file, MAX_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    return _Json(text, file).read() if text.strip() else ([], [])


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


SCALAR = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_constant)
SPACE = re.compile(r"[ \t\r\n]*")
WORD = re.compile(r"[^\s,:\[\]{}\"]*")


class _Json:
    """Reads one JSON text, whose first line is line `first` of the file."""

    def __init__(self, text: str, file: str, first: int = 1) -> None:
        self.text, self.file, self.first, self.at = text, file, first, 0
        self.lines = text.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self.problems: list[Problem] = []

    def read(self) -> tuple[list[Node], list[Problem]]:
        try:
            node = self.value(0)
            if self.peek():
                self.refuse("something follows the value", "one object a line belongs in a `.jsonl` file")
        except _Refused as refused:
            return [], [*self.problems, refused.problem]
        return [node], self.problems

    def span(self, start: int, end: int) -> Span:
        index = bisect_right(self.starts, start) - 1
        begin, line = self.starts[index], self.lines[index]
        return Span(self.file, self.first + index, start - begin + 1, min(end - begin, len(line)) + 1, line)

    def refuse(self, said: str, help: str = "", at: int | None = None) -> NoReturn:
        at = self.at if at is None else at
        help = help or "check the quotes, the commas and the brackets"
        raise _Refused(Problem("json-syntax", f"not valid JSON: {said}", self.span(at, at + 1), help))

    def peek(self) -> str:
        space = SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Node:
        opening, start = self.peek(), self.at
        if opening in ("{", "[") and depth >= MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise _Refused(Problem("too-deep", message, self.span(start, start + 1), "write it flatter"))
        match opening:
            case "{":
                entries = self.entries(depth + 1)
                return Mapping(entries, self.span(start, self.at))
            case "[":
                items = tuple(self.value(depth + 1) for _ in self.members("]"))
                return Sequence(items, self.span(start, self.at))
            case _:
                return self.scalar()

    def members(self, closing: str) -> Iterator[None]:
        self.at += 1
        if self.peek() == closing:
            self.at += 1
            return
        while True:
            yield
            found = self.peek()
            if found not in (",", closing):
                self.refuse(f"`,` or `{closing}` is missing")
            self.at += 1
            if found == closing:
                return

    def entries(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for _ in self.members("}"):
            if self.peek() != '"':
                self.refuse('a key in `"` is missing')
            key = self.scalar()
            if self.peek() != ":":
                self.refuse("`:` is missing after a key")
            self.at += 1
            value = self.value(depth)
            if key.text in entries:
                message = f"key `{key.text[:WIDTH]}` stands twice"
                help = "remove or rename one of the two"
                self.problems.append(
                    Problem("duplicate-key", message, key.span, help, entries[key.text][0].span)
                )
            entries.setdefault(key.text, (key, value))
        return tuple(entries.values())

    def scalar(self) -> Scalar:
        start = self.at
        quoted = self.text.startswith('"', start)
        try:
            value, self.at = SCALAR.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            said = error.msg.removesuffix(" at").rstrip(": ").lower() if quoted else self.stranger()
            self.refuse(said, at=error.pos)
        except ValueError as constant:
            self.refuse(f"`{constant}` is not a number")
        text = value if quoted else self.text[start : self.at]
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            self.refuse("half of a surrogate pair is no character", "write the character itself", start)
        return Scalar(text, not quoted, self.span(start, self.at))

    def stranger(self) -> str:
        word = WORD.match(self.text, self.at)
        if word and word.group():
            return f"`{word.group()[:WIDTH]}` is no value; texts stand in quotes"
        return "a value is missing" if self.peek() else "it ends too early"


# JSON lines. A good line is read by the fast parser without places; `_Json` says what is wrong with the rest.

NOWHERE = Span("")


@lru_cache(maxsize=4096)
def _word(text: str, plain: bool = False) -> Scalar:
    return Scalar(text, plain, NOWHERE)


def _leaf(value: object) -> Node:
    match value:
        case str():
            return _word(value)
        case Scalar() | Mapping():
            return value
        case list():
            return Sequence(tuple(_leaf(item) for item in value), NOWHERE)
        case _:
            return _word("null" if value is None else "true" if value else "false", True)


def _object(pairs: list[tuple[str, object]]) -> Mapping:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return Mapping(tuple((_word(key), _leaf(value)) for key, value in pairs), NOWHERE)


QUICK = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=lambda text: _word(text, True),
    parse_float=lambda text: _word(text, True),
    parse_constant=_no_constant,
)


def _quick_json(text: str) -> Mapping | None:
    if text.count("{") + text.count("[") > MAX_DEPTH or "\\ud" in text or "\\uD" in text:
        return None
    try:
        node = QUICK.decode(text)
    except ValueError:
        return None
    return node if isinstance(node, Mapping) else None


def _jsonl(stream: BinaryIO, origin: _Origin) -> Iterator[Read]:
    for line in _lines(stream, origin.file):
        if line.problem:
            yield [line.problem]
        elif line.text.strip():
            yield _line_case(line, origin)


def _line_case(line: _Line, origin: _Origin) -> Read:
    default_id = f"{origin.prefix}:{line.number}"
    node = _quick_json(line.text)
    if node is not None:
        span = Span(origin.file, line.number, 1, len(line.text) + 1, line.text)
        read = read_case(Mapping(node.entries, span), origin.questions, default_id)
        if isinstance(read, Case):
            return read
    nodes, problems = _Json(line.text, origin.file, line.number).read()
    return _checked(nodes[0], problems, origin.questions, default_id) if nodes else problems


@dataclass(frozen=True, slots=True)
class _Line:
    """One line without its end, or with the problem that makes it unreadable."""

    number: int
    text: str
    problem: Problem | None = None


def _lines(stream: BinaryIO, file: str) -> Iterator[_Line]:
    for number in count(1):
        data = stream.readline(MAX_LINE + 1)
        if not data:
            return
        if len(data) > MAX_LINE:
            while not data.endswith(b"\n") and (more := stream.readline(MAX_LINE)):
                data = data[:WIDTH] + more[-1:]
            message = f"the line has more than {MAX_LINE // 2**20} MB"
            start = data[:WIDTH].decode("utf-8", "replace")
            span = Span(file, number, 0, 0, start)
            yield _Line(number, start, Problem("line-too-long", message, span, "write one case a line"))
            continue
        text = decode(data.rstrip(b"\r\n"), file)
        if isinstance(text, Problem):
            line = data.rstrip(b"\r\n").decode("utf-8", "replace")
            span = Span(file, number, text.span.column, text.span.column + 1, line)
            yield _Line(number, line, replace(text, span=span))
        else:
            yield _Line(number, text)


# CSV


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: the line it begins in, its text, its cells, and what makes it unreadable."""

    file: str
    number: int
    text: str
    cells: list[str]
    problems: list[Problem] = field(default_factory=list)

    def span(self, index: int | None = None) -> Span:
        """The place of a cell, as far as it is cheap: where the row has no quotes; else the row."""
        if index is None or '"' in self.text or index >= len(self.cells):
            return Span(self.file, self.number, 0, 0, self.text)
        cell = self.cells[index]
        start = sum(len(cell) + 1 for cell in self.cells[:index]) + len(cell) - len(cell.lstrip()) + 1
        return Span(self.file, self.number, start, start + len(cell.strip()), self.text)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the columns of a CSV file are: cell by index, question (or text) and option, and the nameless."""

    width: int
    columns: list[tuple[int, str, str]]
    nameless: list[int]
    unbroken: list[int]


def _csv(stream: BinaryIO, origin: _Origin) -> Iterator[Read]:
    lines = _lines(stream, origin.file)
    first = next((line for line in lines if line.problem or line.text.strip()), None)
    if first is None:
        return
    delimiter = _delimiter(first.text)
    header = next(_rows(iter([first]), delimiter, origin.file, lambda cells: True))
    problems = header.problems or _header_problems(header, origin.questions)
    if problems:
        yield problems
        return
    layout = _layout(header.cells, origin.questions)
    if unknown := _unknown_columns(header, origin.questions):
        yield unknown
    for row in _rows(lines, delimiter, origin.file, _keeps(layout)):
        if row.problems:
            yield row.problems
        elif len(row.cells) > 1 or "".join(row.cells).strip():
            yield _row_case(row, layout, origin)


def _delimiter(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(",;\t", key=bare.count)


def _keeps(layout: _Layout) -> Callable[[list[str]], bool]:
    """Whether the cells of a row that runs over several lines make sense: only `about` may have two lines."""

    def keeps(cells: list[str]) -> bool:
        return len(cells) == layout.width and not any("\n" in cells[index] for index in layout.unbroken)

    return keeps


class _Feed:
    """Lines for the CSV parser; it knows which ones the current row took and can have them back."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self.lines = lines
        self.taken: list[_Line] = []
        self.back: deque[_Line] = deque()

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else next(self.lines)
        self.taken.append(line)
        return "\n" if line.problem or "\0" in line.text else line.text + "\n"

    def give_back(self) -> None:
        self.back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _rows(
    lines: Iterator[_Line], delimiter: str, file: str, keeps: Callable[[list[str]], bool]
) -> Iterator[_Row]:
    """The rows of a CSV file. A row that a stray quote joined to the next ones is a problem by itself."""
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.taken.clear()
        said, cells = "", []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = str(error)
        if said or (len(feed.taken) > 1 and not keeps(cells)):
            feed.give_back()
            yield _torn(feed.taken[0], file, said)
        else:
            text = "\n".join(line.text for line in feed.taken)
            problems = [problem for line in feed.taken for problem in _characters(line, file)]
            yield _Row(file, feed.taken[0].number, text, cells, problems)


def _torn(line: _Line, file: str, said: str) -> _Row:
    span = Span(file, line.number, 0, 0, line.text)
    if "expected after" in said:
        help = 'write `""` for a quote inside quotes'
        problem = Problem("csv-quote", "text follows a closing quote", span, help)
    elif "new-line" in said:
        message, help = "a carriage return stands inside the row", "end lines with a line feed"
        problem = Problem("csv-line-end", message, span, help)
    else:
        message = f"the row that begins in line {line.number} has a quote or a field that does not end"
        problem = Problem("csv-quote", message, span, "close the quote, or remove it")
    return _Row(file, line.number, line.text, [], [problem])


def _characters(line: _Line, file: str) -> list[Problem]:
    if line.problem:
        return [line.problem]
    at = line.text.find("\0") + 1
    if not at:
        return []
    span = Span(file, line.number, at, at + 1, line.text)
    return [Problem("nul-character", "character 0x0000 is not allowed in CSV", span, "remove the character")]


def _known_columns(questions: Questionnaire) -> dict[str, tuple[str, str]]:
    """What a column may be called, with its question (or text) and its option."""
    known = {name: (name, "") for name in (*TEXTS, *questions)}
    for name, question in questions.items():
        if isinstance(question.kind, Choices):
            known |= {f"{name}.{option}": (name, option) for option in question.kind.options}
    return known


def _layout(header: list[str], questions: Questionnaire) -> _Layout:
    known, names = _known_columns(questions), [cell.strip() for cell in header]
    columns = [(index, *known[name]) for index, name in enumerate(names) if name in known]
    nameless = [index for index, name in enumerate(names) if not name]
    return _Layout(len(header), columns, nameless, [index for index, name, _ in columns if name != "about"])


def _header_problems(header: _Row, questions: Questionnaire) -> list[Problem]:
    """What makes the whole file unreadable."""
    if len(header.cells) > MAX_COLUMNS:
        message = f"the header has {len(header.cells)} columns, and at most {MAX_COLUMNS} are read"
        return [Problem("too-many-columns", message, header.span(), "leave out what is no question")]
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for index, name in enumerate(cell.strip() for cell in header.cells):
        if name and first.setdefault(name, index) != index:
            message = f"column `{name[:WIDTH]}` stands twice, as columns {first[name] + 1} and {index + 1}"
            help, earlier = "remove or rename one of the two", header.span(first[name])
            problems.append(Problem("duplicate-column", message, header.span(index), help, earlier, name))
    known = _known_columns(questions)
    for name, index in first.items():
        question, option = known.get(name, ("", ""))
        if option and question in first:
            message = f"`{question}` has a column of its own and the column `{name}`"
            help, earlier = "keep one of the two forms", header.span(first[question])
            problems.append(Problem("two-forms", message, header.span(index), help, earlier, question))
    if not problems and not known.keys() & first:
        help = suggest(next(iter(first), ""), list(known), "columns") or "the first line names the columns"
        problems = [Problem("no-columns", "the header names no question", header.span(), help)]
    return problems


def _unknown_columns(header: _Row, questions: Questionnaire) -> list[Problem]:
    known = list(_known_columns(questions))
    problems: list[Problem] = []
    for index, name in enumerate(cell.strip() for cell in header.cells):
        if name and name not in known:
            help = suggest(name, known, "columns")
            message = f"no question is called `{name[:WIDTH]}`; the column is not read"
            near = help.startswith("did you mean")
            problem = Problem("unknown-column", message, header.span(index), help, subject=name)
            problems.append(problem if near else replace(problem, severity="warning"))
    return problems


def _row_case(row: _Row, layout: _Layout, origin: _Origin) -> Read:
    if len(row.cells) != layout.width:
        message = f"the row has {len(row.cells)} fields, and the header has {layout.width}"
        help = "put quotes around a field that contains the delimiter"
        return [Problem("csv-fields", message, row.span(), help)]
    default_id = f"{origin.prefix}:{row.number}"
    nameless = [_nameless(row, index) for index in layout.nameless if row.cells[index].strip()]
    tree = _row_tree(row, layout, origin.questions, lambda text, index: _word(text))
    read = read_case(tree, origin.questions, default_id)
    if isinstance(read, Case) and not nameless:
        return read
    tree = _row_tree(row, layout, origin.questions, lambda text, index: Scalar(text, False, row.span(index)))
    return _checked(tree, nameless, origin.questions, default_id)


def _nameless(row: _Row, index: int) -> Problem:
    message = f"column {index + 1} has no name and holds `{row.cells[index].strip()[:WIDTH]}`"
    return Problem("empty-header", message, row.span(index), "name the column in the header, or empty it")


def _row_tree(
    row: _Row, layout: _Layout, questions: Questionnaire, leaf: Callable[[str, int], Scalar]
) -> Mapping:
    entries: list[tuple[Scalar, Node]] = []
    answers: list[tuple[Scalar, Node]] = []
    options: dict[str, list[tuple[Scalar, Node]]] = {}
    for index, name, option in layout.columns:
        cell = row.cells[index].strip()
        if not cell:
            continue
        if option:
            options.setdefault(name, []).append((leaf(option, index), leaf(cell, index)))
        elif name in TEXTS:
            entries.append((leaf(name, index), leaf(cell, index)))
        else:
            is_list = isinstance(questions[name].kind, Choices)
            answers.append((leaf(name, index), _listed(cell, index, leaf) if is_list else leaf(cell, index)))
    answers += ((_word(name), _options(found, row.span())) for name, found in options.items())
    entries.append((_word("answers"), Mapping(tuple(answers), row.span())))
    return Mapping(tuple(entries), row.span())


def _listed(cell: str, index: int, leaf: Callable[[str, int], Scalar]) -> Node:
    """`resting; sitting` as a list; `none` and `unknown` alone stay words."""
    words = [word.strip() for word in re.split("[;|]", cell) if word.strip()]
    if words in ([], ["none"], [UNKNOWN.value]):
        return leaf(words[0] if words else cell, index)
    items = tuple(leaf(word, index) for word in words)
    return Sequence(items, items[0].span)


def _options(found: list[tuple[Scalar, Node]], span: Span) -> Node:
    """One column an option: a mapping, or `unknown` where nothing else was said."""
    if all(isinstance(value, Scalar) and value.text == UNKNOWN.value for _, value in found):
        return found[0][1]
    return Mapping(tuple(found), span)

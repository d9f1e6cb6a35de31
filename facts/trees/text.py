"""Decode bytes to UTF-8 text with lines, and reject files that are too large and characters that YAML
forbids.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from itertools import islice

from facts.problem import Problem, Span, quote

MAX_BYTES = 16 * 1024 * 1024

# The line ends of YAML 1.1. `str.splitlines` splits at more characters, so line numbers would be wrong.
LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
MOST_COUNTED = 1_000
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PACKED = {
    ".gz": (re.compile(rb"\x1f\x8b\x08"), "gzip", "unpack it first, as with `gzip -dc`"),
    ".zst": (re.compile(rb"\x28\xb5\x2f\xfd"), "zstd", "unpack it first, as with `zstd -dc`"),
    ".bz2": (re.compile(rb"BZh[1-9]1AY&SY"), "bzip2", "unpack it first, as with `bzip2 -dc`"),
    ".xz": (re.compile(rb"\xfd7zXZ\0"), "xz", "unpack it first, as with `xz -dc`"),
    ".zip": (
        re.compile(rb"PK\x03\x04"),
        "ZIP",
        "unpack it first; if it is an Excel workbook, save the sheet as CSV",
    ),
}
"""For each suffix of a compressed file: its magic number, the name of the format, and the remedy."""


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded text: the displayed file name and the lines."""

    file: str
    lines: list[str] = field(repr=False, compare=False)

    def span(self, line: int, column: int = 1, end: int | None = None) -> Span:
        """Return the place at 1-based `line` and `column`; `end` defaults to the end of the line."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Span(self.file, line, column, len(text) + 1 if end is None else end, text)


def source_of(file: str, text: str) -> Source:
    """Split a text into lines."""
    return Source(file, LINE_END.split(text))


def decode(data: bytes, file: str, limit: int | None = None) -> str | Problem:
    """Decode UTF-8 bytes, with or without a byte order mark. `limit` is the maximum number of bytes; if it is
    given, UTF-16 and compressed data are also recognised.
    """
    if limit is not None and len(data) > limit:
        size, most = len(data) / 2**20, limit / 2**20
        message = f"the file has {size:.0f} MB, and at most {most:.0f} MB can be read as one document"
        help = "split the file, or write the cases as JSONL or CSV, which are read line by line"
        return Problem("too-large", message, Span(file), help)
    if limit is not None and (problem := no_text(data, file)):
        return problem
    data = data.removeprefix(BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, file, error.start)


def no_text(start: bytes, file: str) -> Problem | None:
    """Return a problem if the bytes start like UTF-16 or a compressed file."""
    if start.startswith(UTF_16):
        help = "save the file as UTF-8"
        return Problem("not-utf8", "the file is UTF-16, not UTF-8", Span(file, 1, 1), help)
    suffix = next((suffix for suffix, (magic, *_) in PACKED.items() if magic.match(start)), "")
    return compressed(suffix, file)


def compressed(suffix: str, file: str) -> Problem | None:
    """Return a problem if the suffix is that of a compressed file."""
    if suffix not in PACKED:
        return None
    _, name, help = PACKED[suffix]
    return Problem("compressed", f"the file is compressed with {name}", Span(file), help)


def _not_utf8(data: bytes, file: str, at: int) -> Problem:
    begin = data.rfind(b"\n", 0, at) + 1
    source = data[begin:].split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
    column = len(data[begin:at].decode("utf-8")) + 1
    span = Span(file, data.count(b"\n", 0, at) + 1, column, column + 1, source)
    meant = data[at : at + 1].decode("cp1252", "ignore")
    help = f"save the file as UTF-8; in Windows-1252 this byte is {quote(meant)}" if meant else ""
    message = f"byte {data[at]:#04x} is not UTF-8"
    return Problem("not-utf8", message, span, help or "save the file as UTF-8")


def stranger(text: str, source: Source) -> Problem | None:
    """Return a problem for the first character that YAML forbids, if any."""
    found = FORBIDDEN.search(text)
    if found is None:
        return None
    before = LINE_END.split(text[: found.start()])
    line, column = len(before), len(before[-1]) + 1
    more = sum(1 for _ in islice(FORBIDDEN.finditer(text, found.end()), MOST_COUNTED))
    message = f"character U+{ord(found.group()):04X} is not allowed in YAML"
    many = "many" if more == MOST_COUNTED else more
    help = f"remove it, and {many} more such characters after it" if more else "remove it"
    if text.count("\0") > len(text) // 3:
        help = "save the file as UTF-8; it looks like UTF-16"
    return Problem("yaml-character", message, source.span(line, column, column + 1), help)

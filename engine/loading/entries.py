"""The smaller sections of a knowledge base, with one small function to read each.

In: the entries of a section and a reader. Out: values by name. References to other sections are checked
against the declared names; problems that only the whole shows (cycles, unreached names) are left to `whole`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.loading.numbers import number
from engine.loading.parts import PartReader
from engine.loading.reader import Fields, Reader, lines_of
from engine.model.knowledge_base import (
    Advice,
    Clash,
    Condition,
    Disagreement,
    Level,
    Scope,
    Side,
    Text,
    Threshold,
)
from engine.model.parts import Always, Part
from facts.problem import quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar

Entries = Iterable[tuple[Scalar, Node]]

ENCODABLE = ("yes", "advisory-only", "context-only")
"""Ways to use a claim: in a rule, only as a text to show, or neither."""
HOSTS = ("advice", "condition", "finding", "triage_at_least")


def read_numbers(reader: Reader, entries: Entries) -> dict[str, Threshold]:
    """The named thresholds, by name."""
    found: dict[str, Threshold] = {}
    for key, node in entries:
        fields = reader.entry(key, node, "number", ("value",), ("text", "ours", "claims"))
        value = number(reader, fields, "value", named=False)
        text, ours = reader.text(fields, "text"), reader.flag(fields, "ours")
        claims = reader.name_list(fields.get("claims"), "claims", "claim")
        if value is not None:
            found[key.text] = Threshold(key.text, value, text, claims, ours)
    return found


def read_sources(reader: Reader, entries: Entries) -> dict[str, Mapping[str, str]]:
    """The articles, by id: the title and any other fields of each."""
    found: dict[str, Mapping[str, str]] = {}
    for key, node in entries:
        free = [name.text for name, _ in node.entries] if isinstance(node, Map) else []
        fields = reader.entry(key, node, "source", ("title",), free)
        found[key.text] = {name: reader.text(fields, name) for name in fields.values}
    return found


def read_claims(reader: Reader, entries: Entries) -> dict[str, Mapping[str, str]]:
    """The claims of the articles, by id: the fields of each."""
    found: dict[str, Mapping[str, str]] = {}
    for key, node in entries:
        optional = ("section", "kind", "modality", "encodable")
        fields = reader.entry(key, node, "claim", ("source", "claim"), optional)
        texts = {name: reader.text(fields, name) for name in fields.values if name != "source"}
        if "encodable" in fields.values:
            reader.word(fields.values["encodable"], ENCODABLE, "encodable")
        source = fields.get("source")
        found[key.text] = texts | {"source": reader.declared(source, "sources", "source") if source else ""}
    return found


def read_conditions(reader: Reader, entries: Entries) -> dict[str, Condition]:
    """The conditions (diseases and disorders), by name."""
    found = {}
    for key, node in entries:
        fields = reader.entry(key, node, "condition", ("text",), ("serious",))
        found[key.text] = Condition(key.text, reader.text(fields, "text"), reader.flag(fields, "serious"))
    return found


def read_levels(reader: Reader, entries: Entries) -> dict[str, Level]:
    """The triage levels by name, lowest first."""
    found = {}
    for key, node in entries:
        optional = ("do", "alone", "red_flag", "sooner", "signs", "reassures")
        fields = reader.entry(key, node, "level", ("text",), optional)
        text, do = reader.text(fields, "text"), reader.text(fields, "do")
        alone, red_flag = reader.flag(fields, "alone"), reader.flag(fields, "red_flag")
        lead, signs = _sooner(reader, fields, red_flag)
        reassures = reader.flag(fields, "reassures")
        found[key.text] = Level(
            name=key.text,
            text=text,
            do=do,
            alone=alone,
            red_flag=red_flag,
            sooner=lead,
            signs=signs,
            reassures=reassures,
        )
    return found


def _sooner(reader: Reader, fields: Fields, red_flag: bool) -> tuple[str, tuple[str, ...]]:
    """The signs of a level, and the words that introduce them."""
    there = [key for key in ("sooner", "signs") if key in fields.values]
    for lacking in {"sooner", "signs"}.difference(there, fields.misspelt) if there else ():
        message = f"{fields.where} has {quote(there[0])} but no {quote(lacking)}"
        help = f"add `{lacking}: ...`, or remove {quote(there[0])}"
        reader.report("missing-key", message, fields.keys[there[0]], help)
    if there and not red_flag and "red_flag" not in fields.misspelt:
        message = f"{fields.where} has {quote(there[0])} but is not a red flag"
        help = f"add `red_flag: true`, or remove {quote(there[0])}"
        reader.report("no-red-flag", message, fields.keys[there[0]], help)
    where = f"a sign of {fields.where}"
    signs = [reader.text_of(each, where, each.span) for each in reader.items(fields.get("signs"))]
    return reader.text(fields, "sooner"), tuple(dict.fromkeys(filter(None, signs)))


@dataclass
class PartSections:
    """Reads the sections whose entries contain parts."""

    reader: Reader
    parts: PartReader

    def asked_when(self, entries: Entries) -> dict[str, Part]:
        """The `asked_when` of each question that has one."""
        found = {}
        for key, node in entries:
            for word, value in node.entries if isinstance(node, Map) else ():
                if word.text == "asked_when":
                    found[key.text] = self.parts.part(value, word.span)
        return found

    def scope(self, node: Node) -> Scope:
        """The people whom the knowledge base is about."""
        fields = self.reader.fields(node, "`scope`", ("text", "when"))
        return Scope(self.reader.text(fields, "text"), self.when(fields))

    def advice(self, entries: Entries) -> dict[str, Advice]:
        """The advice items, by name. An item with a wrong `shown_with` or `kind` is marked unsound."""
        found = {}
        for key, node in entries:
            optional = ("claims", "ours", "shown_with")
            fields = self.reader.entry(key, node, "advice", ("kind", "text"), optional)
            kind, before = fields.get("kind"), self.reader.noted
            named = self.reader.declared(kind, "advice_kinds", "kind") if kind is not None else ""
            host = self._host(fields) if "shown_with" in fields.values else None
            if self.reader.noted > before or not fields.values:
                self.reader.unsound.add(("advice", key.text))
            claims = _footing(self.reader, fields)
            found[key.text] = Advice(key.text, named, self.reader.text(fields, "text"), claims, host)
        return found

    def texts(self, entries: Entries) -> dict[str, Text]:
        """The explanations and cautions, by name."""
        found = {}
        for key, node in entries:
            optional = ("claims", "ours", "caution", "says_back")
            fields = self.reader.entry(key, node, "text", ("text", "shown_with"), optional)
            text, claims = self.reader.text(fields, "text"), _footing(self.reader, fields)
            caution, back = (self.reader.flag(fields, name) for name in ("caution", "says_back"))
            found[key.text] = Text(key.text, text, self._host(fields), claims, caution, back)
        return found

    def consistency(self, entries: Entries) -> dict[str, Clash]:
        """The clashes, by name: answers that contradict each other."""
        found = {}
        for key, node in entries:
            fields = self.reader.entry(key, node, "inconsistency", ("when", "because"))
            found[key.text] = Clash(key.text, self.when(fields), self.reader.text(fields, "because"))
        return found

    def disagreements(self, entries: Entries) -> dict[str, Disagreement]:
        """The disagreements, by name: the points on which the articles differ."""
        found = {}
        for key, node in entries:
            required = ("about", "when", "sides", "done")
            fields = self.reader.entry(key, node, "disagreement", required, ("editors",))
            sides = tuple(self._side(item) for item in self.reader.items(fields.get("sides"), "add a side"))
            about, done = (self.reader.text(fields, name) for name in ("about", "done"))
            editors = self.reader.flag(fields, "editors")
            found[key.text] = Disagreement(key.text, about, self.when(fields), sides, done, editors)
        return found

    def _side(self, node: Node) -> Side:
        fields = self.reader.fields(node, "a side", ("says", "claims"))
        return Side(self.reader.text(fields, "says"), _footing(self.reader, fields))

    def when(self, fields: Fields) -> Part:
        """The part at `when`; if absent, `Always`."""
        node = fields.get("when")
        return Always() if node is None else self.parts.part(node, fields.keys["when"])

    def _host(self, fields: Fields) -> Part:
        """The host of an entry: one name, or any of a list."""
        node = fields.get("shown_with")
        if node is None:
            return Always()
        if not isinstance(node, Map) or not node.entries:
            help = f"write one of {lines_of(HOSTS)}"
            self.reader.wrong(
                node, "`shown_with` must be a mapping with one name", fields.keys["shown_with"], help
            )
            return Always()
        for key, _ in node.entries:
            if key.text not in HOSTS:
                help = self.reader.hint(key.text, HOSTS, "hosts")
                message = f"nothing can be shown with {quote(key.text)}"
                self.reader.report("unknown-key", message, key.span, help)
                return Always()
        host = node.entries[0][1]
        several = [each.entries[1][0] for each in (node, host) if isinstance(each, Map) and each.entries[1:]]
        if several:
            help = "to allow several, write a list of names of the same kind"
            self.reader.report("two-hosts", "`shown_with` must name only one thing", several[0].span, help)
        return self.parts.part(node, fields.keys["shown_with"])


def _footing(reader: Reader, fields: Fields) -> tuple[str, ...]:
    """The claims that an entry cites. Also checks `ours`, which says that no article states it."""
    reader.flag(fields, "ours")
    return reader.name_list(fields.get("claims"), "claims", "claim")

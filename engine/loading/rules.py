"""Rules: from YAML nodes to `Rule` values.

In: the entries of the `rules` sections. Out: rules by id, with every conclusion checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.loading.entries import PartSections
from engine.loading.parts import PartReader
from engine.loading.reader import Fields, Reader
from engine.model.knowledge_base import (
    SUPPORT,
    Advice,
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    Rule,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.parts import All, Not, Part
from facts.answer import NO
from facts.problem import quote, quoted
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence

CONCLUSIONS = ("finding", "condition", "triage", "give", "hold", "hold_kind")
HELP = f"write one of {quoted(f'{word}: ...' for word in CONCLUSIONS)}"
BESIDE_A_CONDITION = ("support", "counts_against")


@dataclass
class RuleReader:
    """Reads rules. `items` has the names of the advice items of each kind."""

    reader: Reader
    parts: PartReader
    items: dict[str, list[str]] = field(default_factory=dict)

    def rules(self, entries: Iterable[tuple[Scalar, Node]], advice: Iterable[Advice]) -> dict[str, Rule]:
        """All rules by id."""
        for item in advice:
            self.items.setdefault(item.kind, []).append(item.name)
        return {key.text: self._rule(key, node) for key, node in entries}

    def _rule(self, key: Scalar, node: Node) -> Rule:
        optional = ("unless", "claims", "ours")
        fields = self.reader.entry(key, node, "rule", ("when", "then", "because"), optional)
        because = self.reader.text(fields, "because")
        claims, ours = footing(self.reader, key, node, fields)
        return Rule(key.text, self._when(fields), self._then(fields), because, claims, ours, key.span)

    def _when(self, fields: Fields) -> Part:
        when = PartSections(self.reader, self.parts).when(fields)
        unless = fields.get("unless")
        if unless is None:
            return when
        own = when.parts if isinstance(when, All) else (when,)
        span = fields.keys["unless"]
        return All((*own, Not(self.parts.part(unless, span), span)), fields.span)

    def _then(self, fields: Fields) -> tuple[Conclusion, ...]:
        """The conclusions. If one cannot be read, `rules` becomes unsure: it is unknown which names no rule
        reaches.
        """
        before, node = self.reader.noted, fields.get("then")
        items = self.reader.items(node, "write at least one conclusion")
        found = [self._conclusion(item, fields) for item in items]
        if self.reader.noted > before or node is None:
            self.reader.unsure.add("rules")
        return tuple(conclusion for conclusion in found if conclusion is not None)

    def _conclusion(self, node: Node, rule: Fields) -> Conclusion | None:
        if not isinstance(node, Map):
            self.reader.wrong(
                node, f"a conclusion of {rule.where} must be a mapping", rule.keys["then"], HELP
            )
            return None
        heads = [key for key, _ in node.entries if key.text in CONCLUSIONS]
        if len(heads) == 1:
            return self._headed(heads[0], node)
        if heads:
            message = f"a conclusion must have only one of {quoted(head.text for head in heads)}"
            help = "write a list, and begin each conclusion with `- `"
            self.reader.report("two-conclusions", message, heads[1].span, help)
        elif not node.entries:
            self.reader.report("empty-list", f"{rule.where} concludes nothing", node.span, HELP)
        else:
            self._headless(node)
        return None

    def _headless(self, node: Map) -> None:
        for key, _ in node.entries:
            help = self.reader.hint(key.text, CONCLUSIONS, "conclusions")
            if key.text in BESIDE_A_CONDITION:
                help = "write it below `condition: ...`, without a `- ` of its own"
            self.reader.report("unknown-key", f"{quote(key.text)} is not a conclusion", key.span, help)

    def _headed(self, head: Scalar, node: Map) -> Conclusion | None:
        more = BESIDE_A_CONDITION if head.text == "condition" else ()
        where = f"{'an' if head.text[0] == 'a' else 'a'} `{head.text}` conclusion"
        fields = self.reader.fields(node, where, (head.text,), more, head.span)
        value = fields.values[head.text]
        if isinstance(value, Sequence) and head.text in ("finding", "condition", "triage"):
            help = "write a separate conclusion for each, beginning with `- `"
            self.reader.wrong(value, f"{where} must name one thing", head.span, help)
            return None
        match head.text:
            case "finding":
                finding = self.reader.declared(value, "findings", "finding")
                return Finds(finding) if finding else None
            case "triage":
                level = self.reader.declared(value, "triage", "level")
                return Triages(level) if level else None
            case "give":
                return Gives(self.reader.name_list(value, "advice", "advice"))
            case "hold":
                return Withholds(self.reader.name_list(value, "advice", "advice"))
            case "hold_kind":
                kinds = self.reader.name_list(value, "advice_kinds", "kind")
                return Withholds(tuple(name for kind in kinds for name in self.items.get(kind, ())))
            case _:
                return self._condition(fields, value)

    def _condition(self, fields: Fields, value: Node) -> Conclusion | None:
        condition = self.reader.declared(value, "conditions", "condition")
        support, against = fields.get("support"), self.reader.flag(fields, "counts_against")
        grade = "" if support is None else self.reader.word(support, SUPPORT, "support")
        if support is None and not against and "support" in fields.misspelt:
            return None
        if support is None and not against:
            help = f"add `support:` with one of {quoted(reversed(SUPPORT))}, or `counts_against: true`"
            self.reader.report("missing-key", f"{fields.where} lacks `support`", fields.span, help)
        elif support is not None and against:
            message = "a conclusion must have `support` or `counts_against`, not both"
            help = "write two conclusions, or remove one of the two"
            self.reader.report("two-conclusions", message, fields.keys["counts_against"], help)
        elif condition and against:
            return CountsAgainst(condition)
        found = [each for each in SUPPORT if each == grade]
        return Suspects(condition, found[0]) if condition and found else None


def footing(reader: Reader, key: Scalar, node: Node, fields: Fields) -> tuple[tuple[str, ...], bool]:
    """The claims that an entry cites, and whether it is ours; an entry with neither is reported."""
    ours, claims = reader.flag(fields, "ours"), reader.name_list(fields.get("claims"), "claims", "claim")
    if isinstance(node, Map) and not ours and not _tries(fields):
        help = "add `claims: [...]`, or `ours: true` if no article says it"
        message = f"{fields.where} has neither `claims` nor `ours`"
        reader.report("missing-key", message, key.span, help)
    return claims, ours


def _tries(fields: Fields) -> bool:
    """Whether an entry has `claims` or `ours`, even misspelt."""
    ours = fields.get("ours")
    tried = ours is not None and not (isinstance(ours, Scalar) and ours.text in NO)
    return tried or "claims" in fields.values or bool(fields.misspelt & {"claims", "ours"})

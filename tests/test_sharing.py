"""What gates have in common: the networks with and without say the same, and the operations become fewer."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples
from test_loader_size import large_base

from engine import KnowledgeBase, load
from engine.columns import kleene, sharing, truth
from engine.columns.scoring import Scale, scale_of
from engine.meaning.holds import enough as enough_of
from engine.meaning.holds import keeps
from engine.meaning.network import Gate, Literal, Network, layered, network, within
from engine.meaning.valuation import prepare
from engine.model.parts import Bound, ChosenBound
from engine.model.scores import TICKS, Bands, Points, Score, Times
from facts.case import from_mapping
from facts.tables.frame import frame_of

TRUTHS = (True, False, None)


def net_of(kb: KnowledgeBase) -> Network:
    prepared = prepare(kb)
    return network(kb, prepared.definitions, prepared.definitions, kb.scores.values())


def gates(**literals: str) -> Network:
    """A network of gates: `all a b -c`, over nodes that read nothing."""
    nodes: dict[str, Gate] = {}
    for name, written in literals.items():
        kind, *words = written.split()
        nodes |= {word.lstrip("-"): Gate(0, ()) for word in words if word.lstrip("-") not in literals}
        read = tuple(Literal(word.lstrip("-"), not word.startswith("-")) for word in words)
        nodes[name] = Gate(len(read) if kind == "all" else 1, read)
    return Network(nodes, layered({name: int(name in literals) for name in nodes}))


def written(net: Network, name: str) -> str:
    gate = net.nodes[name]
    assert isinstance(gate, Gate)
    words = [each.node if each.positive else f"-{each.node}" for each in gate.literals]
    return " ".join(["all" if gate.is_all else "any", *words])


@pytest.mark.parametrize("worth", [0, 1, 8])
@examples(20, 40)
@given(drawn=bases_with_cases())
def test_what_is_shared_has_the_same_truth(read, worth, drawn):
    text, answers = drawn
    kb = read(text)
    cases = [from_mapping(each, kb.questions, str(at)) for at, each in enumerate(answers)]
    net, frame = net_of(kb), frame_of(cases, kb.questions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "WORTH", worth)
        found = frame.lazy()
        for step in truth.strata(net, kb.questions):
            found = found.with_columns(step)
        patch.setattr(truth, "shared", lambda net: net)
        plain = frame.lazy()
        for step in truth.strata(net, kb.questions):
            plain = plain.with_columns(step)
    found, plain = found.collect(), plain.collect()
    for name, node in net.nodes.items():
        if isinstance(node, Gate):
            assert found[name].equals(plain[name]), name


def test_gates_that_begin_alike_read_one_node(monkeypatch):
    monkeypatch.setattr(sharing, "WORTH", 1)
    net = sharing.shared(gates(first="all a b -c d", second="all -c a e b", third="any a b"))
    (common,) = (name for name in net.nodes if name.startswith("shared"))
    assert written(net, common) == "all a b -c"
    assert written(net, "first") == f"all {common} d"
    assert written(net, "second") == f"all {common} e"
    assert written(net, "third") == "any a b"
    assert [name for names in net.strata[1:] for name in names] == ["third", common, "first", "second"]


def test_a_gate_is_read_by_those_that_need_more(monkeypatch):
    monkeypatch.setattr(sharing, "WORTH", 1)
    net = sharing.shared(gates(low="any a b c", middle="any a b", equal="any b a"))
    assert written(net, "middle") == "any a b"
    assert written(net, "equal") == "all middle"
    assert written(net, "low") == "any middle c"


def test_what_saves_too_little_is_not_shared():
    net = gates(first="all a b c", second="all a b d")
    assert sharing.shared(net).nodes == net.nodes


@pytest.mark.parametrize(("gates_", "common"), [(2, 9), (3, 5), (5, 3), (9, 2)])
def test_a_beginning_is_shared_just_where_it_saves_what_a_column_costs(gates_, common):
    def names(length: int) -> list[str]:
        begin = " ".join(f"x{at}" for at in range(length))
        net = gates(**{f"g{at}": f"all {begin} y{at}" for at in range(gates_)})
        return [name for name in sharing.shared(net).nodes if name.startswith("shared")]

    assert (len(names(common)), len(names(common - 1))) == (1, 0)


def test_a_large_base_reads_much_less(tmp_path):
    (tmp_path / "kb.yaml").write_text(large_base(1_000))
    net = net_of(load(tmp_path / "kb.yaml"))
    before, after = (
        sum(len(gate.literals) for gate in each.nodes.values() if isinstance(gate, Gate))
        for each in (net, sharing.shared(net))
    )
    assert after < 0.6 * before


def test_a_part_of_a_network_has_all_that_its_roots_read():
    net = gates(first="all a b", second="any first c", third="any a d")
    part = within(net, ["second"])
    assert sorted(part.nodes) == ["a", "b", "c", "first", "second"]
    assert part.strata == (("a", "b", "c"), ("first", "second"))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_so_many_of_some_is_what_the_meaning_says(size):
    rows = list(product(TRUTHS, repeat=size))
    frame = pl.DataFrame(rows, schema=[(f"x{at}", pl.Boolean) for at in range(size)], orient="row")
    for count in range(1, size + 1):
        found = frame.select(kleene.enough(count, [pl.col(name) for name in frame.columns]))
        assert found.to_series().to_list() == [enough_of(count, row) for row in rows]


@pytest.mark.parametrize("size", [254, 255, 256, 257, 300])
def test_a_count_of_more_parts_than_a_byte_holds(size):
    rows = [
        [True] * true + [None] * unknown + [False] * (size - true - unknown)
        for true, unknown in [
            (size, 0),
            (size - 1, 0),
            (size - 2, 0),
            (size - 3, 0),
            (size - 3, 1),
            (0, size),
            (0, 0),
        ]
    ]
    frame = pl.DataFrame(rows, schema=[(f"x{at}", pl.Boolean) for at in range(size)], orient="row")
    for count in (2, size - 2, size - 1, size):
        found = frame.select(kleene.enough(count, [pl.col(name) for name in frame.columns]))
        assert found.to_series().to_list() == [enough_of(count, row) for row in rows]


@pytest.mark.parametrize("comparison", ["at_least", "at_most", "above", "below"])
@pytest.mark.parametrize("threshold", [0, 1, 2, 3])
def test_a_bound_on_the_options_chosen_is_what_the_meaning_says(comparison, threshold):
    rows = list(product(TRUTHS, repeat=3))
    frame = pl.DataFrame(rows, schema=[(f"q.{at}", pl.Boolean) for at in range(3)], orient="row")
    bound = Bound(comparison, threshold)
    found = frame.select(truth.tested("q", ChosenBound(bound, ("0", "1", "2")), {}))
    for row, value in zip(rows, found.to_series(), strict=True):
        known = [each for each in row if each is not None]
        interval = (known.count(True), known.count(True) + row.count(None))
        assert value == (keeps(bound, interval) if known else None), row


@pytest.mark.parametrize("comparison", ["at_least", "at_most", "above", "below"])
def test_a_bound_in_units_says_what_it_says_in_ticks(comparison):
    scale = Scale(500, pl.Int32)
    for ticks, threshold in product(range(-2_000, 2_001, 500), range(-1_200, 1_201, 100)):
        bound, number = Bound(comparison, threshold), pl.lit(ticks)
        in_units = kleene.compared(pl.lit(ticks // 500), scale.rounded(bound))
        agree = pl.select(kleene.compared(number, bound) == in_units).item()
        assert agree, (ticks, threshold)


def test_a_score_has_the_largest_unit_and_room_for_all():
    always = next(iter(load("kb").rules.values())).when
    whole = Score("s", "", (Points(2 * TICKS, always), Bands("q", ((5, 0), (None, 4 * TICKS)), 0, 10)))
    assert scale_of(whole) == Scale(2 * TICKS, pl.Int32)
    large = Score("s", "", (Points(1, always), Times("q", TICKS, 0, 0, 10)))
    assert scale_of(large) == Scale(1, pl.Int64)
    assert scale_of(Score("s", "", (Points(0, always),))) == Scale(1, pl.Int32)
    for most, dtype in ((2**31 - 1, pl.Int32), (2**31, pl.Int64)):
        assert scale_of(Score("s", "", (Points(1, always), Points(most - 1, always)))) == Scale(1, dtype)
        assert scale_of(Score("s", "", (Points(1, always), Points(1 - most, always)))) == Scale(1, dtype)
    never = Score("s", "", (Points(1, always), Times("q", 9 * TICKS, 0, 0, 0)))
    assert scale_of(never) == Scale(1, pl.Int64)

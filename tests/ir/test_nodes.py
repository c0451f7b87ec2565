"""The tables that give each node a meaning have no hole; the rules of the verifier notice what is wrong."""

from dataclasses import replace

import pytest

from quorate.checker import ir
from quorate.checker.frontend import compile_model, expressions, statements
from quorate.checker.ir import evaluate, meaning, nodes, printer
from quorate.models.language import Place, Process
from quorate.models.toys import ToyPaxos

HERE = Place("nowhere", 1)


def kinds(base: type[nodes.Node]) -> set[type[nodes.Node]]:
    return {k for k in vars(nodes).values() if isinstance(k, type) and issubclass(k, base) and k is not base}


def test_each_expression_is_printed_and_evaluated() -> None:
    assert set(printer.EXPRESSIONS) == set(meaning.EXPRESSIONS) == kinds(nodes.Expr)


def test_each_statement_is_printed_and_done() -> None:
    assert set(printer.STATEMENTS) == set(evaluate.STATEMENTS) == kinds(nodes.Stmt)


def test_the_tables_of_the_front_end_hold_syntax() -> None:
    assert all(kind.__module__ == "ast" for kind in (*expressions.MEANING, *statements.MEANING))


def yes() -> ir.Expr:
    return ir.Literal(HERE, ir.Bool(), True)


def number(value: int) -> ir.Expr:
    return ir.Literal(HERE, ir.Int(), value)


ILLEGAL = [
    (ir.Require(HERE, number(1)), "a condition is a bool"),
    (ir.If(HERE, number(1), (), ()), "a test is a bool"),
    (ir.Require(HERE, ir.Equal(HERE, ir.Bool(), number(1), yes())), "two sides that are compared have one type"),
    (ir.Require(HERE, ir.Not(HERE, ir.Bool(), number(1))), "not takes a bool"),
    (ir.Assign(HERE, (ir.ToLocal(HERE, ir.Bool(), "x"),), (number(1),)), "what is assigned fits the target"),
    (ir.Require(HERE, ir.Local(HERE, ir.Bool(), "nobody")), "a local that is read is bound"),
    (ir.Return(HERE, number(1)), "what is returned fits the function"),
    (ir.Perform(HERE, ir.Call(HERE, ir.NoneT(), ("nobody",), None, ())), "a function that is called exists"),
    (ir.Require(HERE, ir.Parameter(HERE, ir.Bool(), "nobody")), "a parameter is one of the protocol's"),
    (ir.Send(HERE, number(1), number(1)), "a message is sent to an identity"),
    (ir.Disconnect(HERE, number(1)), "a connection is to an identity"),
    (ir.Disconnect(HERE, ir.Self(HERE, ir.RefT(Process))), "only a Fifo has connections"),
]


@pytest.mark.parametrize(("stmt", "rule"), ILLEGAL, ids=[rule for _, rule in ILLEGAL])
def test_a_broken_rule_is_named(stmt: ir.Stmt, rule: str) -> None:
    program = compile_model(ToyPaxos)
    name = "ToyProposer.propose"
    spoilt = replace(program.functions[name], body=(stmt,))
    with pytest.raises(ir.IllegalProgram, match=f"nowhere:1:1: {rule}") as raised:
        ir.verify(replace(program, functions={**program.functions, name: spoilt}))
    assert raised.value.rule == rule


def test_a_bound_is_arithmetic_over_parameters() -> None:
    from quorate.checker.ir.bounds import bound_value

    assert bound_value("2 * (entries + 1) // 3 - 1 % 2", {"entries": 4}) == 2
    assert bound_value(7, {}) == 7

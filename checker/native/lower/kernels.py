"""Kernels around code of the model."""

from __future__ import annotations

from collections.abc import Sequence

from ....models.language import Place
from ... import ir
from .calls import inlined
from .context import Context
from .expressions import EXPRESSIONS
from .frame import Frame, Kernel
from .statements import STATEMENTS
from .values import Value
from .writer import Writer

NOWHERE = Place("", 0)


def kernel(context: Context, writes: bool, owner: str = "") -> Kernel:
    """A kernel without any lines yet; `owner` is the cluster whose process takes a step."""
    return Kernel(context, EXPRESSIONS, STATEMENTS, Writer(still=not writes), writes, owner)


def frame(made: Kernel, name: str) -> Frame:
    """A frame for code that is no function of the model."""
    return Frame(made, None, ir.Function(NOWHERE, name, None, (), ir.NoneT(), ()))


def written(made: Kernel, name: str, parameters: Sequence[str]) -> list[str]:
    """The text of a kernel whose parameters after the memory `m` are words."""
    words = "".join(f", {parameter}: Word" for parameter in parameters)
    return [*made.writer.text(f"def {name}(m: Words{words}) -> Word:"), "", ""]


def of_function(made: Kernel, function: str, owner: Value | None, arguments: Sequence[Value]) -> Value | None:
    """Write a function of the model into a kernel."""
    found = made.context.program.functions[function]
    return inlined(frame(made, function), found, owner, arguments)

"""Lowers calls of the intrinsics."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from .body import Body
from .expressions import moved, pointer

DECLARATIONS = """\
declare i64 @llvm.ctpop.i64(i64)
declare i64 @llvm.cttz.i64(i64, i1)
declare i64 @llvm.ctlz.i64(i64, i1)
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""
CELL = 8  # bytes

Call = Callable[[Body, ast.Call], str]


def _pattern(count: int, pattern: str) -> Call:
    """A call of words only that is one instruction."""

    def lower(b: Body, node: ast.Call) -> str:
        return b.emit(pattern.format(*_words(b, node, count)))

    return lower


def _words(b: Body, node: ast.Call, count: int) -> list[str]:
    if len(node.args) != count:
        raise b.illegal(node, f"{count} arguments are expected and not {len(node.args)}")
    return [b.value(arg) for arg in node.args]


def _place(b: Body, node: ast.Call, more: int) -> list[str]:
    """The address that the first two arguments mean, and the operands of `more` words after them."""
    if len(node.args) != 2 + more:
        raise b.illegal(node, f"{2 + more} arguments are expected and not {len(node.args)}")
    return [moved(b, node, node.args[:2]), *(b.value(arg) for arg in node.args[2:])]


def _wrap(b: Body, node: ast.Call) -> str:
    return _words(b, node, 1)[0]


def _ult(b: Body, node: ast.Call) -> str:
    left, right = _words(b, node, 2)
    return b.emit(f"zext i1 {b.emit(f'icmp ult i64 {left}, {right}')} to i64")


def _prefetch(b: Body, node: ast.Call) -> str:
    (place,) = _place(b, node, 0)
    b.lines.append(f"call void @llvm.prefetch.p0(ptr {place}, i32 1, i32 3, i32 1)")
    return "0"


def _load(b: Body, node: ast.Call) -> str:
    (place,) = _place(b, node, 0)
    return b.emit(f"load atomic i64, ptr {place} acquire, align {CELL}")


def _store(b: Body, node: ast.Call) -> str:
    place, x = _place(b, node, 1)
    b.lines.append(f"store atomic i64 {x}, ptr {place} release, align {CELL}")
    return "0"


def _cas(b: Body, node: ast.Call) -> str:
    place, old, new = _place(b, node, 2)
    pair = b.emit(f"cmpxchg ptr {place}, i64 {old}, i64 {new} acq_rel acquire, align {CELL}")
    return b.emit(f"extractvalue {{i64, i1}} {pair}, 0")


def _fetch_add(b: Body, node: ast.Call) -> str:
    place, x = _place(b, node, 1)
    return b.emit(f"atomicrmw add ptr {place}, i64 {x} acq_rel, align {CELL}")


def _copy(b: Body, node: ast.Call) -> str:
    if len(node.args) != 3:
        raise b.illegal(node, f"3 arguments are expected and not {len(node.args)}")
    dst, src = pointer(b, node.args[0]), pointer(b, node.args[1])
    size = b.emit(f"mul i64 {b.value(node.args[2])}, {CELL}")
    b.lines.append(f"call void @llvm.memcpy.p0.p0.i64(ptr align 8 {dst}, ptr align 8 {src}, i64 {size}, i1 false)")
    return "0"


def _shift(b: Body, node: ast.Call) -> str:
    x, n = _words(b, node, 2)
    if n[0] != "%" and not 0 <= int(n) < 64:
        raise b.illegal(node, f"a shift by {n}")
    return b.emit(f"lshr i64 {x}, {n}")


def _pointers_only(b: Body, node: ast.Call) -> str:
    raise b.illegal(node, "this is a pointer and no word")


CALLS: Mapping[str, Call] = {
    "wrap": _wrap,
    "lshr": _shift,
    "ult": _ult,
    "mul": _pattern(2, "mul i64 {}, {}"),
    "popcount": _pattern(1, "call i64 @llvm.ctpop.i64(i64 {})"),
    "ctz": _pattern(1, "call i64 @llvm.cttz.i64(i64 {}, i1 false)"),
    "clz": _pattern(1, "call i64 @llvm.ctlz.i64(i64 {}, i1 false)"),
    "udiv": _pattern(2, "udiv i64 {}, {}"),
    "urem": _pattern(2, "urem i64 {}, {}"),
    "prefetch": _prefetch,
    "load": _load,
    "store": _store,
    "cas": _cas,
    "fetch_add": _fetch_add,
    "copy": _copy,
    "cells": _pointers_only,
    "at": _pointers_only,
}

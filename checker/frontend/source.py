"""Where the classes and functions of a model stand in its source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE
from types import CodeType, FunctionType

from ...models.language import ModelError, Place
from .errors import mistake

Definition = ast.FunctionDef | ast.ClassDef


class SourceBook:
    """The parsed source of the files that a model comes from, read once each."""

    def __init__(self) -> None:
        self._trees: dict[str, ast.Module] = {}
        self._classes: dict[str, dict[str, ast.ClassDef]] = {}
        self._functions: dict[str, dict[tuple[str, int], ast.FunctionDef]] = {}
        self._codes: dict[str, dict[tuple[str, int], CodeType]] = {}

    def tree(self, file: str) -> ast.Module:
        """The module in a file. Errors: `ModelError` if it cannot be read."""
        if file not in self._trees:
            try:
                with open(file, encoding="utf-8") as text:
                    self._trees[file] = ast.parse(text.read(), file)
            except (OSError, SyntaxError, ValueError) as error:
                raise ModelError("no-source", f"the source of the model cannot be read: {error}") from error
        return self._trees[file]

    def function(self, function: FunctionType) -> ast.FunctionDef:
        """The definition of a function. Errors: `ModelError` if it is not there, as for one made by `exec`."""
        code = function.__code__
        if code.co_filename not in self._functions:
            nodes = (n for n in ast.walk(self.tree(code.co_filename)) if isinstance(n, ast.FunctionDef))
            self._functions[code.co_filename] = {(node.name, _first(node)): node for node in nodes}
        found = self._functions[code.co_filename].get((code.co_name, code.co_firstlineno))
        if found is None and code.co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR):
            words = {"reason": "a step is atomic", "advice": "write def; what comes later is another action or handler"}
            place = Place(code.co_filename, code.co_firstlineno)
            raise mistake("outside-subset", place, construct="an async method", **words)
        if found is None or not self._is_current(function):
            raise _no_source(function.__qualname__)
        return found

    def _is_current(self, function: FunctionType) -> bool:
        """Whether the function was made from what now stands in its file."""
        if "@pytest_ar" in function.__globals__:
            return True  # pytest rewrites the assertions of its own modules
        code = function.__code__
        if code.co_filename not in self._codes:
            made = compile(self.tree(code.co_filename), code.co_filename, "exec", dont_inherit=True)
            self._codes[code.co_filename] = {(c.co_name, c.co_firstlineno): c for c in _codes(made)}
        return self._codes[code.co_filename].get((code.co_name, code.co_firstlineno)) == code

    def file(self, cls: type) -> str:
        """The file that a class is defined in."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        if file is None:
            raise _no_source(cls.__qualname__)
        return str(file)

    def cls(self, cls: type) -> ast.ClassDef:
        """The definition of a class."""
        file = self.file(cls)
        if file not in self._classes:
            self._classes[file] = dict(_classes(self.tree(file), ""))
        if cls.__qualname__ not in self._classes[file]:
            raise _no_source(cls.__qualname__)
        return self._classes[file][cls.__qualname__]

    def class_place(self, cls: type) -> Place:
        """The name of a class, where it is defined."""
        return name_place(self.file(cls), self.cls(cls))

    def attribute(self, cls: type, name: str) -> Place:
        """The line of a class attribute, or of the class if it has none of its own."""
        file = self.file(cls)
        for node in self.cls(cls).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(t, ast.Name) and t.id == name for t in targets):
                return place_of(file, node)
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return name_place(file, node)
        return self.class_place(cls)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _first(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(d.lineno for d in node.decorator_list)])


def _classes(node: ast.AST, prefix: str) -> list[tuple[str, ast.ClassDef]]:
    found: list[tuple[str, ast.ClassDef]] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            found += [(prefix + child.name, child), *_classes(child, f"{prefix}{child.name}.")]
        elif isinstance(child, ast.FunctionDef):
            found += _classes(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.If | ast.Try | ast.With):
            found += _classes(child, prefix)
    return found


def _no_source(name: str) -> ModelError:
    return ModelError(
        "no-source",
        f"the source of {name} cannot be found",
        because="a model is compiled from its source, which must stand in a file as it was when it was loaded",
        instead="write the model to a file, and load it again after a change",
    )


def place_of(file: str, node: ast.stmt | ast.expr | ast.arg | ast.alias | ast.keyword) -> Place:
    """Where a node stands, up to the end of its first line."""
    one_line = node.end_lineno == node.lineno
    return Place(file, node.lineno, node.col_offset + 1, (node.end_col_offset or 0) + 1 if one_line else 0)


def name_place(file: str, node: Definition) -> Place:
    """Where the name of a definition stands."""
    column = node.col_offset + len("def " if isinstance(node, ast.FunctionDef) else "class ") + 1
    return Place(file, node.lineno, column, column + len(node.name))

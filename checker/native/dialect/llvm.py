"""All that LLVM does: from its own language to object code, and loading where that is not done by hand.

The only file that knows llvmlite, which is imported when first needed: a warm start does without it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Literal

from ....models.language import ModelError

Optimise = Literal["quick", "full"]

QUICK = (
    "always_inliner", "sroa", "simplify_cfg", "instruction_combine",
    "loop_simplify", "lcssa", "loop_rotate", "loop_unroll",
    "sroa", "sccp", "new_gvn", "simplify_cfg", "instruction_combine", "dead_code_elimination",
)  # fmt: skip


@cache
def binding() -> Any:
    """LLVM; `ModelError` if it is not installed."""
    try:
        llvm: Any = import_module("llvmlite.binding")  # it ships no types
    except (ImportError, OSError) as error:
        raise ModelError(
            "no-llvm",
            "the native engine needs LLVM",
            because=f"llvmlite cannot be imported ({error})",
            instead="install llvmlite, or check with --engine reference",
        ) from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def object_of(module: str, optimise: Optimise) -> bytes:
    """Compile a module of LLVM's language for this machine; gives a relocatable object file."""
    llvm = binding()
    machine = _target_machine(2 if optimise == "quick" else 3)
    parsed = llvm.parse_assembly(module)
    parsed.verify()
    parsed.triple = llvm.get_process_triple()
    parsed.data_layout = str(machine.target_data)
    builder = llvm.create_pass_builder(machine, _tuning(optimise))
    _passes(optimise, builder).run(parsed, builder)
    emitted: bytes = machine.emit_object(parsed)
    return emitted


def _tuning(optimise: Optimise) -> Any:
    options = binding().create_pipeline_tuning_options(speed_level=2 if optimise == "quick" else 3)
    # kernels work on single words: vectors would only cost time to compile
    options.loop_vectorization = False
    options.slp_vectorization = False
    return options


def _passes(optimise: Optimise, builder: Any) -> Any:
    if optimise == "full":
        return builder.getModulePassManager()
    manager = binding().create_new_module_pass_manager()
    for name in QUICK:
        getattr(manager, f"add_{name}_pass")()
    return manager


def _target_machine(level: int) -> Any:
    llvm = binding()
    # position independent code that reaches everything relatively can be loaded without LLVM, see elf.py
    alone = {"reloc": "pic", "codemodel": "small"} if sys.platform == "linux" else {"jit": True}
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=level, **alone
    )


class LoadedByLLVM:
    """Code that LLVM has put into memory; it stays there as long as this object lives."""

    def __init__(self, object_file: bytes) -> None:
        llvm = binding()
        target = llvm.Target.from_default_triple().create_target_machine(jit=True)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(object_file))
        self._engine.finalize_object()
        self._address: Callable[[str], int] = self._engine.get_function_address

    def address(self, name: str) -> int:
        """Where a function begins; KeyError if there is none of that name."""
        found = self._address(name)
        if not found:
            raise KeyError(name)
        return found

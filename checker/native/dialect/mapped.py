"""Puts object code into memory without LLVM, on Linux on x86-64: memory is written first and then made executable."""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Callable

from .elf import ALLOC, EXEC, NOBITS, WRITE, BadObject, ObjectFile, Relocation, Section, Symbol, read

ABSOLUTE = 1  # R_X86_64_64
RELATIVE = {2, 4}  # R_X86_64_PC32, R_X86_64_PLT32
BY_TABLE = {9, 41, 42}  # R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX
JUMP = b"\xff\x25"  # jmp [rip + offset]
JUMP_SIZE = 8
SLOT = 8


class Mapped:
    """Code in memory of its own; it stays there as long as this object lives.

    Pages of code come first, then pages of constants, last the table of addresses and the jumps that lead out of the
    reach of a relative call: to `memcpy` and its like, which LLVM calls on its own account.
    Errors: `BadObject` for what cannot be loaded in this way.
    """

    def __init__(self, object_file: bytes) -> None:
        content = read(object_file)
        self._places: dict[int, int] = {}
        used = [(i, s) for i, s in enumerate(content.sections) if _is_loaded(s)]
        code = self._place([(i, s) for i, s in used if s.flags & EXEC], 0)
        self._outside = sorted({r.symbol.name for r in content.relocations if r.symbol.section == 0})
        self._jumps = code
        self._code_size = _up(code + JUMP_SIZE * len(self._outside), mmap.PAGESIZE)
        self._slots = _up(self._place([(i, s) for i, s in used if not s.flags & EXEC], self._code_size), SLOT)
        self._slot_of: dict[Symbol, int] = {}
        size = _up(self._slots + SLOT * len(content.symbols), mmap.PAGESIZE)
        self._memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._base = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._write(content)
        self._protect()
        self._symbols = {s.name: self._base + self._at(s) for s in content.symbols if s.section in self._places}

    def address(self, name: str) -> int:
        """Where a function begins; KeyError if there is none of that name."""
        return self._symbols[name]

    def _place(self, sections: list[tuple[int, Section]], end: int) -> int:
        for number, section in sections:
            start = self._places[number] = _up(end, max(section.alignment, 16))
            end = start + len(section.data)
        return _up(end, JUMP_SIZE)

    def _write(self, content: ObjectFile) -> None:
        for number, start in self._places.items():
            data = content.sections[number].data
            self._memory[start : start + len(data)] = data
        for position, name in enumerate(self._outside):
            self._write_jump(self._jumps + JUMP_SIZE * position, name)
        for relocation in content.relocations:
            if relocation.section in self._places:
                self._relocate(relocation)

    def _write_jump(self, position: int, name: str) -> None:
        slot = self._slot(Symbol(name, 0, 0))
        self._memory[position : position + 2] = JUMP
        struct.pack_into("<i", self._memory, position + 2, slot - (position + 6))

    def _relocate(self, r: Relocation) -> None:
        place = self._places[r.section] + r.offset
        if r.kind in RELATIVE:
            struct.pack_into("<i", self._memory, place, self._at(r.symbol) + r.addend - place)
        elif r.kind in BY_TABLE:
            struct.pack_into("<i", self._memory, place, self._slot(r.symbol) + r.addend - place)
        elif r.kind == ABSOLUTE:
            struct.pack_into("<Q", self._memory, place, self._address_of(r.symbol) + r.addend)
        else:
            raise BadObject(f"relocation of kind {r.kind}")

    def _at(self, symbol: Symbol) -> int:
        """How far from the start of the memory a symbol is; for one outside, the jump that leads there."""
        if symbol.section == 0:
            return self._jumps + JUMP_SIZE * self._outside.index(symbol.name)
        if symbol.section not in self._places:
            raise BadObject(f"{symbol.name} is in no section that is loaded")
        return self._places[symbol.section] + symbol.value

    def _slot(self, symbol: Symbol) -> int:
        if symbol not in self._slot_of:
            self._slot_of[symbol] = self._slots + SLOT * len(self._slot_of)
            struct.pack_into("<Q", self._memory, self._slot_of[symbol], self._address_of(symbol))
        return self._slot_of[symbol]

    def _address_of(self, symbol: Symbol) -> int:
        return _outside(symbol.name) if symbol.section == 0 else self._base + self._at(symbol)

    def _protect(self) -> None:
        protect: Callable[[int, int, int], int] = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]  # type: ignore[attr-defined]
        rest = self._base + self._code_size, len(self._memory) - self._code_size, mmap.PROT_READ
        for start, size, how in ((self._base, self._code_size, mmap.PROT_READ | mmap.PROT_EXEC), rest):
            if size and protect(start, size, how):
                raise BadObject(f"memory cannot be made executable (error {ctypes.get_errno()})")


def _is_loaded(section: Section) -> bool:
    if not section.flags & ALLOC or section.name == ".eh_frame" or not section.data:
        return False
    if section.kind == NOBITS or section.flags & WRITE:
        raise BadObject(f"section {section.name} is written to")
    return True


def _outside(name: str) -> int:
    """The address of a function of the C library."""
    try:
        return ctypes.cast(getattr(ctypes.CDLL(None), name), ctypes.c_void_p).value or 0
    except AttributeError as error:
        raise BadObject(f"{name} is nowhere to be found") from error


def _up(x: int, alignment: int) -> int:
    return -(-x // alignment) * alignment

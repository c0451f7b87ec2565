"""Reads relocatable object files in the ELF format for x86-64: sections, symbols and relocations.

Source: System V Application Binary Interface, chapter 4, and its AMD64 supplement, section 4.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELOCATION = struct.Struct("<QQq")

X86_64 = 62
RELOCATABLE = 1
SYMTAB, RELA, NOBITS = 2, 4, 8
WRITE, ALLOC, EXEC = 1, 2, 4


class BadObject(Exception):
    """An object file that cannot be loaded by hand."""


class Section(NamedTuple):
    """A section: its name, kind, flags, alignment and bytes; `link` and `info` mean other sections."""

    name: str
    kind: int
    flags: int
    alignment: int
    data: bytes
    link: int
    info: int


class Symbol(NamedTuple):
    """A name for a place in a section; section 0 for what is to be found elsewhere."""

    name: str
    section: int
    value: int


class Relocation(NamedTuple):
    """A place in a section where an address is to be filled in."""

    section: int
    offset: int
    kind: int
    symbol: Symbol
    addend: int


class ObjectFile(NamedTuple):
    """What is in an object file."""

    sections: list[Section]
    symbols: list[Symbol]
    relocations: list[Relocation]


def read(data: bytes) -> ObjectFile:
    """Take an object file apart; `BadObject` if it is none for x86-64."""
    try:
        sections = _sections(data)
        table = next(s for s in sections if s.kind == SYMTAB)
        symbols = list(_symbols(table, sections[table.link].data))
        return ObjectFile(sections, symbols, list(_relocations(sections, symbols)))
    except (struct.error, IndexError, StopIteration, ValueError) as error:
        raise BadObject(f"no object file: {error}") from error


def _sections(data: bytes) -> list[Section]:
    (magic, kind, machine, _, _, _, offset, _, _, _, _, _, count, names) = _HEADER.unpack_from(data)
    if magic[:6] != b"\x7fELF\x02\x01" or (kind, machine) != (RELOCATABLE, X86_64):
        raise BadObject("no object file for x86-64")
    headers = [_SECTION.unpack_from(data, offset + _SECTION.size * i) for i in range(count)]
    strings = _content(data, headers[names])
    return [Section(_text(strings, h[0]), h[1], h[2], max(h[8], 1), _content(data, h), h[6], h[7]) for h in headers]


def _content(data: bytes, header: tuple[int, ...]) -> bytes:
    if header[1] == NOBITS:
        return bytes(header[5])
    return data[header[4] : header[4] + header[5]]


def _text(strings: bytes, start: int) -> str:
    return strings[start : strings.index(b"\0", start)].decode()


def _symbols(table: Section, strings: bytes) -> Iterator[Symbol]:
    for name, _info, _other, section, value, _size in _SYMBOL.iter_unpack(table.data):
        yield Symbol(_text(strings, name), section, value)


def _relocations(sections: list[Section], symbols: list[Symbol]) -> Iterator[Relocation]:
    for section in sections:
        if section.kind == RELA and sections[section.info].flags & ALLOC:
            for offset, info, addend in _RELOCATION.iter_unpack(section.data):
                yield Relocation(section.info, offset, info & 0xFFFF_FFFF, symbols[info >> 32], addend)

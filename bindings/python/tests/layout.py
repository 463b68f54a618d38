"""Batches as a hostile guest would write them, byte by byte: `docs/batches.md` in Python."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Optional

INT64, FLOAT64, UTF8, LARGE_UTF8 = 5, 11, 20, 21


@dataclass
class Column:
    """A column; `forged` sets fields of what describes it to other numbers."""

    type: int
    data: bytes = b""
    name: bytes = b"a"
    offsets: bytes = b""
    validity: Optional[bytes] = None
    null_count: int = 0
    forged: dict[str, int] = field(default_factory=dict)


FIELDS = ["type", "null_count", "name", "name_bytes", "validity", "offsets", "data", "data_bytes"]


def batch(rows: int, columns: list[Column], /, **forged: int) -> bytes:
    """The bytes of a batch; `forged` sets fields of the header to other numbers."""
    at = 24 + 32 * len(columns)
    body = b""

    def place(part: bytes) -> int:
        nonlocal body
        start = at + len(body)
        body += part + b"\0" * (-len(part) % 8)
        return start

    described = b""
    for column in columns:
        numbers = {
            "type": column.type,
            "null_count": column.null_count,
            "name": place(column.name),
            "name_bytes": len(column.name),
            "validity": place(column.validity) if column.validity is not None else 0,
            "offsets": place(column.offsets) if column.offsets else 0,
            "data": place(column.data),
            "data_bytes": len(column.data),
        } | column.forged
        described += struct.pack("<8I", *(numbers[name] for name in FIELDS))
    header = {
        "magic": 0x42524246,
        "version": 1,
        "rows": rows,
        "columns": len(columns),
        "bytes": at + len(body),
        "zero": 0,
    } | forged
    return struct.pack("<6I", *header.values()) + described + body

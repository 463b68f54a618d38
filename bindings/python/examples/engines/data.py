"""Orders of three tenants: one is fine, one has rows that never end, and one has rows that fail."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import pyarrow as pa

from . import store
from .work import Tenant, Work

GUEST = Path(__file__).resolve().parents[4] / "tests" / "guests" / "rust-batch.wasm"
"""Multiplies price and count. A count of 13 panics, one of 14 never ends, one of 15 fails."""

ENDLESS, FAILS = 14, 15


def orders(rows: int) -> pa.Table:
    """So many rows. The tenant `endless` has one bad row in 1,000, `fails` one in 500."""
    tenants = ["fine", "endless", "fails"]
    ids = range(rows)
    counts = [20 + number % 50 for number in ids]
    for number in ids:
        if number % 3_000 == 1:
            counts[number] = ENDLESS
        elif number % 1_500 == 2:
            counts[number] = FAILS
    return pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "tenant": pa.array([tenants[number % 3] for number in ids]),
            "price": pa.array([number % 100 / 4 for number in ids]),
            "count": pa.array(counts, pa.int64()),
            "name": pa.array([f"order {number}" for number in ids]),
        }
    )


def work(folder: str, crash_at: Optional[int] = None) -> Work:
    """The work on these orders; `folder` is where modules and the mark of a crash are."""
    sha256 = store.put(folder, GUEST.read_bytes())
    tenants = (
        Tenant("fine", sha256, row_fuel=200_000),
        Tenant("endless", sha256, row_fuel=100_000, deadline=5.0),
        Tenant("fails", sha256, row_fuel=100_000, memory_bytes=2 << 20),
    )
    return Work(folder, tenants, crash_at, f"{folder}/crashed")

"""The work that all engines do: for each row the function of its tenant, under the limits of that tenant."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional, Union

import pyarrow as pa
import pyarrow.compute as pc

import fuelbox

from . import store

RESULT = pa.schema(
    [
        ("id", pa.int64()),
        ("tenant", pa.string()),
        ("total", pa.float64()),
        ("label", pa.string()),
        ("code", pa.string()),
        ("fuel", pa.float64()),
    ]
)
"""A row of the result: what the guest made of it; how that ended; fuel, the call's divided by its rows."""

MOST_STOPS = 5
"""After so many stops in a batch the other rows of the tenant there are `skipped`: it cannot make the work endless."""


@dataclass(frozen=True)
class Tenant:
    """Whose function it is, and what each of its rows and each of its batches may use."""

    name: str
    module: str
    """Its hash."""
    row_fuel: int
    deadline: float = 10.0
    memory_bytes: int = 16 << 20

    def function(self, folder: str) -> fuelbox.BatchFunction:
        limits = fuelbox.Limits(deadline=self.deadline, memory_bytes=self.memory_bytes)
        sandbox = fuelbox.Sandbox(limits, grants=["protocol"])
        return sandbox.batches(store.get(folder, self.module), row_fuel=self.row_fuel, same_rows=True)


@dataclass(frozen=True)
class Work:
    """A function of record batches that every engine can ship: names, hashes and numbers.

    The first process that meets the row `crash_at` kills itself, as often as `crash_file` can be made: once.
    """

    folder: str
    tenants: tuple[Tenant, ...]
    crash_at: Optional[int] = None
    crash_file: str = ""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        self._crash(batch)
        parts = [part for tenant in self.tenants for part in self._of_tenant(tenant, batch)]
        whole = pa.Table.from_batches(parts, RESULT).combine_chunks()
        if whole.num_rows != batch.num_rows:
            raise ValueError("there are rows of unknown tenants")
        return (whole.to_batches() or [pa.RecordBatch.from_pylist([], RESULT)])[0]

    def _of_tenant(self, tenant: Tenant, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        mine = pc.equal(batch["tenant"], tenant.name)
        rows = batch.filter(mine)
        if rows.num_rows == 0:
            return
        function = _function(self.folder, tenant)
        for _ in range(MOST_STOPS):
            reply = _call(function, rows)
            if isinstance(reply, fuelbox.Batch):
                yield _done(tenant, rows, reply)
                return
            # The rows before the one that stopped are called again without it, and those after it are next.
            row = reply.row if isinstance(reply, fuelbox.RowError) else 0
            before = _call(function, rows.slice(0, row))
            if isinstance(before, fuelbox.Batch):
                yield _done(tenant, rows.slice(0, row), before)
            else:
                yield _stopped(tenant, rows.slice(0, row), before.code)
            yield _stopped(tenant, rows.slice(row, 1), reply.code, _fuel(reply))
            rows = rows.slice(row + 1)
        yield _stopped(tenant, rows, "skipped")

    def _crash(self, batch: pa.RecordBatch) -> None:
        if self.crash_at is None or not pc.is_in(pa.scalar(self.crash_at), batch["id"]).as_py():
            return
        try:
            os.close(os.open(self.crash_file, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


@functools.cache
def _function(folder: str, tenant: Tenant) -> fuelbox.BatchFunction:
    return tenant.function(folder)


def _call(function: fuelbox.BatchFunction, rows: pa.RecordBatch) -> Union[fuelbox.Batch, fuelbox.FuelboxError]:
    try:
        return function(rows.select(["price", "count", "name"]))
    except fuelbox.FuelboxError as error:
        return error


def _fuel(error: fuelbox.FuelboxError) -> float:
    report = getattr(error, "report", None)
    return float(report.usage.fuel) if report else 0.0


def _done(tenant: Tenant, rows: pa.RecordBatch, reply: fuelbox.Batch) -> pa.RecordBatch:
    made = pa.record_batch(reply)
    fuel = reply.report.usage.fuel / max(rows.num_rows, 1)
    return _result(tenant, rows, made["total"], made["label"], "finished", fuel)


def _stopped(tenant: Tenant, rows: pa.RecordBatch, code: str, fuel: float = 0.0) -> pa.RecordBatch:
    nothing = pa.nulls(rows.num_rows)
    # A guest that says that it failed has finished, with a status.
    code = "failed" if code == "finished" else code
    return _result(tenant, rows, nothing.cast(pa.float64()), nothing.cast(pa.string()), code, fuel)


def _result(
    tenant: Tenant, rows: pa.RecordBatch, total: pa.Array, label: pa.Array, code: str, fuel: float
) -> pa.RecordBatch:
    def same(value: object, type_: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, type_), rows.num_rows)

    columns = [rows["id"], same(tenant.name, pa.string()), total, label]
    columns += [same(code, pa.string()), same(fuel, pa.float64())]
    return pa.record_batch(columns, schema=RESULT)

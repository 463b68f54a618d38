"""What record batches cost, beside calls by name, plain Python and numpy: prints tables in Markdown.

    python batches.py

Takes pyarrow and numpy beside fuelbox. All rows are measured in turns, so that what slows the machine slows all; a
figure is the median of the rounds with its quartiles.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa

import fuelbox

GUESTS = Path(__file__).resolve().parents[3] / "tests" / "guests"
ROUNDS = 15
ROUND_SECONDS = 0.05
BATCH_ROWS = 1_024
ROWS = 100_000

UNTOUCHED = """(module
    (import "env" "host_get_input_len" (func $len (result i32)))
    (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "execute") (param i32 i32) (result i32)
        (call $write (i32.const 0) (call $read (i32.const 0) (call $len)))
        (i32.const 0)))"""
"""Gives back what it gets, and looks at no row: what is left is the cost of a batch."""


def orders(rows: int) -> Any:
    prices = numpy.arange(rows) % 100 / 4
    counts = numpy.arange(rows, dtype=numpy.int64) % 20
    return pa.record_batch({"price": prices, "count": counts})


def total(price: float, count: int) -> float:
    """What the guests do."""
    whole = price * count
    return whole * 0.9 if count >= 10 else whole


def seconds(function: Callable[[], Any], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        function()
    return time.perf_counter() - begun


def measured(functions: dict[str, Callable[[], Any]]) -> dict[str, str]:
    """The time of one call of each, in turns."""
    times = {}
    for name, function in functions.items():
        function()
        times[name] = max(1, int(ROUND_SECONDS / seconds(function, 1)))
    found: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            found[name].append(seconds(function, times[name]) / times[name])
    shown = {}
    for name, rounds in found.items():
        low, middle, high = (time * 1e6 for time in statistics.quantiles(rounds, n=4))
        shown[name] = f"{middle:,.1f} us ({low:,.1f} to {high:,.1f})"
    return shown


def table(heading: str, functions: dict[str, Callable[[], Any]]) -> None:
    print(f"\n| {heading} | time |\n| --- | --- |")
    for name, shown in measured(functions).items():
        print(f"| {name} | {shown} |")


def main() -> None:
    sandbox = fuelbox.Sandbox(grants=["protocol"])
    modules = {name: fuelbox.Module((GUESTS / f"{name}-total.wasm").read_bytes()) for name in ("c", "rust")}
    in_c, in_rust = (sandbox.batches(module) for module in modules.values())
    untouched = sandbox.batches(fuelbox.Module.from_wat(UNTOUCHED))
    print(f"Python {platform.python_version()}, pyarrow {pa.__version__}, numpy {numpy.__version__}.")
    print(f"Load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")

    one, batch = orders(1), orders(BATCH_ROWS)
    back = untouched(batch)
    table(
        f"a batch of {BATCH_ROWS:,} rows of two columns",
        {
            "untouched, there and back": lambda: untouched(batch),
            "without the library that offers it: a reply as the input": lambda: untouched(back),
            "what pyarrow takes for offering it": batch.__arrow_c_array__,
            "what pyarrow takes for taking it": lambda: pa.record_batch(back),
            "by a guest in C": lambda: in_c(batch),
            "by a guest in Rust": lambda: in_rust(batch),
            "of one row, by a guest in C": lambda: in_c(one),
            "of one row, by a guest in Rust": lambda: in_rust(one),
        },
    )

    whole = orders(ROWS)
    batches = [whole.slice(start, BATCH_ROWS) for start in range(0, ROWS, BATCH_ROWS)]
    prices, counts = whole["price"].to_numpy(), whole["count"].to_numpy()
    rows = list(zip(prices.tolist(), counts.tolist()))
    call = sandbox.instantiate(modules["c"]).call
    expected = [total(*row) for row in rows]
    for function in (in_c, in_rust):
        assert pa.record_batch(function(whole))["total"].to_pylist() == expected
    assert sandbox.map(modules["c"], rows, export="total") == expected

    def by_numpy() -> Any:
        found = prices * counts
        found[counts >= 10] *= 0.9
        return found

    table(
        f"{ROWS:,} rows",
        {
            "numpy, native": by_numpy,
            "plain Python": lambda: [total(price, count) for price, count in rows],
            f"batches of {BATCH_ROWS:,}, a guest in C": lambda: [in_c(batch) for batch in batches],
            f"batches of {BATCH_ROWS:,}, a guest in Rust": lambda: [in_rust(batch) for batch in batches],
            "`map` with an export": lambda: sandbox.map(modules["c"], rows, export="total"),
            "`call` for each row": lambda: [call("total", price, count) for price, count in rows],
        },
    )
    print(f"\nLoad after: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()

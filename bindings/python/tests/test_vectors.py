"""The table of runs that every binding goes through: each ends in Python as it says, to the unit of fuel."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from conftest import ROOT

import fuelbox

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "bindings" / "vectors" / "vectors.json").read_text())

UNTYPED = "arguments have to fit"
"""An `int` of Python has no type of its own: it is an argument of whatever width the export has."""

MACHINE = ("time", "overrun", "waited", "slices")
"""What differs from run to run."""


def limits(vector: dict[str, Any]) -> fuelbox.Limits:
    named = dict(vector["limits"])
    if "growth_denial" in named:
        named["growth_denial"] = ["stop", "refuse"][named["growth_denial"]]
    # A slow machine must not be what ends a guest.
    return fuelbox.Limits.from_dict({"deadline": 600, **named})


def grant(words: str) -> Any:
    name, *arguments = words.split(" ")
    if name == "wasi":
        return fuelbox.Wasi(arguments)
    if name == "random-seeded":
        return f"random={arguments[0]}"
    if name == "clock-by-fuel":
        return f"clock=fuel:{int(arguments[0]) // 10**9}"
    return name


def argument(text: str) -> Any:
    kind, number = text.split(" ")
    if kind == "f32":
        # By its bits: `struct` would make another NaN of a NaN that is told by its payload.
        bits = int(number)
        if bits & 0x7F800000 == 0x7F800000 and bits & 0x7FFFFF:
            wide = (bits & 0x80000000) << 32 | 0x7FF << 52 | (bits & 0x7FFFFF) << 29
            return struct.unpack("<d", struct.pack("<Q", wide))[0]
        return struct.unpack("<f", struct.pack("<I", bits))[0]
    if kind == "f64":
        return struct.unpack("<d", struct.pack("<Q", int(number)))[0]
    return None if number == "null" else int(number)


def outcome(vector: dict[str, Any]) -> dict[str, Any]:
    module = fuelbox.Module.from_wat((ROOT / vector["module"]).read_text())
    sandbox = fuelbox.Sandbox(limits(vector), [grant(words) for words in vector["grants"]])
    arguments = [argument(text) for text in vector["args"]]
    try:
        report = sandbox.run(
            module, bytes.fromhex(vector["input"]), export=vector["call"], args=arguments if vector["call"] else None
        )
    except fuelbox.StartError as error:
        return {"refused": {"code": error.code, "error": error.details}}
    document = report.to_dict()
    for name in ("code", "message", "advice"):
        del document[name]
    return {"report": document}


def without_machine(outcome: dict[str, Any]) -> dict[str, Any]:
    if "refused" in outcome:
        return outcome
    report = outcome["report"]
    usage = {name: value for name, value in report["usage"].items() if name not in MACHINE}
    return {"report": {**report, "usage": usage}}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_vector_ends_as_it_says(vector: dict[str, Any]) -> None:
    if vector["name"] == UNTYPED:
        assert outcome(vector)["report"]["values"] == [{"i32": 3}]
    else:
        assert without_machine(outcome(vector)) == without_machine(vector["expected"])


def test_there_are_vectors_of_every_kind() -> None:
    assert len(VECTORS) > 20 and UNTYPED in [vector["name"] for vector in VECTORS]

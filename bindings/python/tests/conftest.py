"""What tests share: where the guests of the repository are."""

from __future__ import annotations

from pathlib import Path

import pytest

import fuelbox

ROOT = Path(__file__).resolve().parents[3]
GUESTS = ROOT / "tests" / "guests"

ENDLESS = '(module (func (export "_start") (loop (br 0))))'

COUNTER = """(module
    (memory (export "memory") 1)
    (global $n (export "n") (mut i32) (i32.const 0))
    (func (export "add") (param i32) (result i32)
        (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n))
    (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "swap") (param i64 f64) (result f64 i64) (local.get 1) (local.get 0)))"""


def guest(name: str) -> bytes:
    return (GUESTS / f"{name}.wasm").read_bytes()


@pytest.fixture
def counter() -> fuelbox.Module:
    return fuelbox.Module.from_wat(COUNTER)


@pytest.fixture
def endless() -> fuelbox.Module:
    return fuelbox.Module.from_wat(ENDLESS)


@pytest.fixture
def echo() -> fuelbox.Module:
    return fuelbox.Module(guest("rust-echo"))

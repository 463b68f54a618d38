"""Modules: what they say of themselves, and that each is compiled once."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import pickle

import pytest
from conftest import COUNTER, guest

import fuelbox


def test_a_module_says_what_it_is_made_of(counter: fuelbox.Module) -> None:
    description = counter.inspect()
    names = [export["name"] for export in description["exports"]]
    assert names == ["add", "divide", "memory", "n", "swap"]
    assert description["memories"][0]["minimum_pages"] == 1
    assert counter.sha256 == hashlib.sha256(counter.wasm).hexdigest()
    assert "bytes" in repr(fuelbox.Module(counter.wasm, name="tax")) and fuelbox.Module(counter.wasm, name="tax").name == "tax"


def test_anything_with_a_buffer_is_a_module(counter: fuelbox.Module) -> None:
    for wasm in (counter.wasm, bytearray(counter.wasm), memoryview(counter.wasm)):
        assert fuelbox.Module(wasm).sha256 == counter.sha256


@pytest.mark.parametrize("wrong", [5, None, object(), [0, 1]])
def test_what_has_no_bytes_is_a_type_error(wrong: object) -> None:
    with pytest.raises(TypeError):
        fuelbox.Module(wrong)  # type: ignore[arg-type]


def test_a_wrong_module_is_an_exception_with_a_code() -> None:
    with pytest.raises(fuelbox.ModuleError) as refused:
        fuelbox.Module(b"no module")
    assert (refused.value.code, refused.value.blame, refused.value.advice) == ("invalid-module", "guest", None)
    assert refused.value.details["invalid_module"]["offset"] == 0
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.code, again.details) == (str(refused.value), "invalid-module", refused.value.details)
    with pytest.raises(fuelbox.ModuleError, match="Module.from_wat"):
        fuelbox.Module(b"(module)")
    with pytest.raises(fuelbox.ModuleError, match="invalid text"):
        fuelbox.Module.from_wat("(module (nothing))")


def test_the_same_bytes_are_compiled_once() -> None:
    # A name that no other test has makes it another module.
    module = fuelbox.Module(guest("rust-echo"), name="once", most_lanes=3)
    pickled = pickle.dumps(module)
    assert module.lanes == 1
    module.make_lanes(3)
    del module
    gc.collect()
    # Only what is the same code has the lanes that were made of it.
    again = pickle.loads(pickled)
    assert again.lanes == 3
    assert fuelbox.Module(guest("rust-echo"), name="once", most_lanes=3).lanes == 3
    assert fuelbox.Module(guest("rust-echo"), name="twice", most_lanes=3).lanes == 1


def _add(work: tuple[fuelbox.Module, int]) -> int:
    module, number = work
    value = fuelbox.Sandbox().call(module, "add", number)
    assert isinstance(value, int)
    return value


def test_modules_go_to_other_processes() -> None:
    module = fuelbox.Module.from_wat(COUNTER)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(_add, [(module, number) for number in range(8)]) == list(range(8))


def test_a_snapshot_is_a_module_that_starts_from_there() -> None:
    module = fuelbox.Module.from_wat(COUNTER, snapshots=True)
    instance = fuelbox.Sandbox().instantiate(module)
    assert instance.call("add", 40) == 40
    warm = instance.snapshot()
    assert type(warm) is fuelbox.Module
    assert fuelbox.Sandbox().call(warm, "add", 2) == 42
    assert fuelbox.Sandbox().call(pickle.loads(pickle.dumps(warm)), "add", 3) == 43
    assert instance.call("add", 1) == 41
    with pytest.raises(ValueError, match="snapshots"):
        fuelbox.Sandbox().instantiate(fuelbox.Module.from_wat(COUNTER)).snapshot()

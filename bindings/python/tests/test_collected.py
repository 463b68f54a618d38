"""The garbage collector sees what the objects of the package hold, and destructors that raise do no harm."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import fuelbox
from fuelbox import I32, Caller, Function

ASKS = """(module (import "env" "get" (func $get (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start") (drop (call $get (i32.const 1)))))"""


class Marker:
    """Something to see vanish."""

    kept: object = None


def asking(get: Callable[..., Any]) -> fuelbox.Execution:
    """A guest that waits for the answer of `get`."""
    execution = fuelbox.Sandbox(grants=[Function("env", "get", get)]).start(fuelbox.Module.from_wat(ASKS))
    assert execution.step(fuel=1_000_000) == "asking"
    return execution


def keeps_its_request(marker: Marker) -> None:
    async def get(number: I32) -> I32:
        assert marker.kept is not None
        return number

    marker.kept = asking(get).request()


def keeps_its_caller(marker: Marker) -> None:
    async def get(caller: Caller, number: I32) -> I32:
        assert marker.kept is not None
        return number

    request = asking(get).request()
    assert request is not None
    marker.kept = request.args[0]


def keeps_its_execution(marker: Marker) -> None:
    async def get(number: I32) -> I32:
        return number

    execution = asking(get)
    error = ValueError()
    execution.fail(error)
    marker.kept = error
    error.marker, error.execution = marker, execution  # type: ignore[attr-defined]


@pytest.mark.parametrize("keep", [keeps_its_request, keeps_its_caller, keeps_its_execution])
def test_a_cycle_through_a_call_in_progress_is_collected(keep: Callable[[Marker], None]) -> None:
    marker = Marker()
    gone = weakref.ref(marker)
    keep(marker)
    assert marker.kept is not None
    gc.collect()
    assert gone() is not None
    del marker
    gc.collect()
    assert gone() is None


class Angry(Exception):
    """An exception whose end raises one."""

    def __del__(self) -> None:
        raise RuntimeError("in a destructor")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_in_a_destructor_reaches_no_guest() -> None:
    def function() -> None:
        raise Angry

    text = '(module (import "env" "f" (func $f)) (func (export "_start") (call $f)))'
    sandbox = fuelbox.Sandbox(grants=[Function("env", "f", function, params=[], results=[])])
    module = fuelbox.Module.from_wat(text)
    for _ in range(3):
        assert sandbox.run(module).code == "host-function"
    gc.collect()

    async def get(number: I32) -> I32:
        return number

    execution = asking(get)
    execution.fail(Angry())
    assert execution.finish().code == "host-function"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_destructor_can_call_the_instance_whose_call_it_ends() -> None:
    seen: list[str] = []

    class Nosy:
        def __del__(self) -> None:
            try:
                instance.call("total")
            except RuntimeError as error:
                seen.append(str(error))

    def function() -> None:
        Nosy()

    text = """(module (import "env" "f" (func $f)) (func (export "total") (result i32) (i32.const 7))
        (func (export "_start") (call $f)))"""
    sandbox = fuelbox.Sandbox(grants=[Function("env", "f", function, params=[], results=[])])
    instance = sandbox.instantiate(fuelbox.Module.from_wat(text))
    assert instance.run().is_success
    assert seen == ["the instance is in the middle of a call"]
    assert instance.call("total") == 7

"""Functions of Python that guests call."""

from __future__ import annotations

import functools
import gc
import threading
import weakref
from typing import Optional

import pytest

import fuelbox
from fuelbox import F64, I32, I64, Caller, Function

TEXT = """(module
    (import "env" "price" (func $price (param i32) (result i64)))
    (import "env" "shout" (func $shout (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "hey")
    (func (export "total") (result i64) (i64.add (call $price (i32.const 1)) (call $price (i32.const 2))))
    (func (export "shouted") (param i32) (result i32) (call $shout (local.get 0) (i32.const 3))))"""

ONE = '(module (import "env" "f" (func $f)) (func (export "_start") (call $f)))'


def price(item: I32) -> I64:
    return item * 100


def shout(caller: Caller, ptr: I32, len: I32) -> I32:  # noqa: A002
    text = caller.read(ptr, len)
    caller.charge(1_000)
    caller.write(ptr, text.upper())
    return len


def sandbox_with(shout: object = shout) -> fuelbox.Sandbox:
    assert callable(shout)
    functions = [Function("env", "price", price), Function("env", "shout", shout)]
    return fuelbox.Sandbox(fuelbox.Limits(fuel=1_000_000), functions)


def one(function: object) -> fuelbox.Report:
    assert callable(function)
    sandbox = fuelbox.Sandbox(grants=[Function("env", "f", function, params=[], results=[])])
    return sandbox.run(fuelbox.Module.from_wat(ONE))


def test_types_come_from_annotations() -> None:
    module = fuelbox.Module.from_wat(TEXT)
    sandbox = sandbox_with()
    assert sandbox.call(module, "total") == 300
    instance = sandbox.instantiate(module)
    assert instance.call("shouted", 0) == 3
    assert instance.read(0, 3) == b"HEY"
    assert repr(Function("env", "price", price)) == "<Function env.price (i32) -> i64>"
    assert Function("env", "price", price)(3) == 300


def test_annotations_that_could_be_either_are_refused() -> None:
    def wide(number: int) -> I32:
        return number

    def several(number: F64) -> tuple[I32, F64]:
        return 1, number

    with pytest.raises(TypeError, match="I32 or I64"):
        Function("env", "wide", wide)
    with pytest.raises(TypeError, match="annotated"):
        Function("env", "lambda", lambda number: number)
    assert "(f64) -> (i32, f64)" in repr(Function("env", "several", several))
    with pytest.raises(ValueError, match="known are i32"):
        Function("env", "f", wide, params=["int"], results=[])


def test_an_exception_comes_back_as_itself() -> None:
    class NoPrice(Exception):
        pass

    raised = NoPrice("of this article")

    def function() -> None:
        raise raised

    report = one(function)
    assert (report.code, report.blame) == ("host-function", "host")
    assert report.cause is raised
    assert "NoPrice: of this article" in report.outcome
    with pytest.raises(fuelbox.Stopped) as stopped:
        report.check()
    assert stopped.value.__cause__ is raised
    assert stopped.value.report == report


def test_what_ends_the_process_is_raised_and_not_reported() -> None:
    def function() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit) as exit:  # noqa: A001
        one(function)
    assert exit.value.code == 3
    assert exit.value.report.code == "host-function"  # type: ignore[attr-defined]


@pytest.mark.parametrize("returned", [1, (), "text"])
def test_a_result_of_another_type_is_an_error_of_the_function(returned: object) -> None:
    assert isinstance(one(lambda: returned).cause, TypeError)


def test_a_range_outside_the_memory_stops_the_guest_for_that_reason() -> None:
    module = fuelbox.Module.from_wat(TEXT)
    report = sandbox_with().run(module, export="shouted", args=[65_534])
    assert (report.code, report.blame, report.cause) == ("fault", "guest", None)

    def careful(caller: Caller, ptr: I32, len: I32) -> I32:  # noqa: A002
        try:
            caller.read(ptr, len)
        except fuelbox.Halted as halted:
            assert "65534" in str(halted)
            return -1
        return 0

    assert sandbox_with(careful).call(module, "shouted", 65_534) == -1

    def expensive(caller: Caller, ptr: I32, len: I32) -> I32:  # noqa: A002
        caller.charge(10**9)
        return 0

    assert sandbox_with(expensive).run(module, export="shouted", args=[0]).code == "out-of-fuel"


def test_a_caller_is_of_no_use_after_its_call() -> None:
    kept: list[Caller] = []

    def keep(caller: Caller, ptr: I32, len: I32) -> I32:  # noqa: A002
        for old in kept:
            with pytest.raises(RuntimeError, match="over"):
                old.read(ptr, len)
        kept.append(caller)
        return 0

    module, sandbox = fuelbox.Module.from_wat(TEXT), sandbox_with(keep)
    sandbox.call(module, "shouted", 0)
    sandbox.call(module, "shouted", 0)
    with pytest.raises(RuntimeError, match="over"):
        kept[0].read(0, 1)
    assert len(kept) == 2


def test_a_function_can_run_other_guests_and_not_its_own() -> None:
    module = fuelbox.Module.from_wat(TEXT)
    instance: Optional[fuelbox.Instance] = None
    depth = 0

    def nested(caller: Caller, ptr: I32, len: I32) -> I32:  # noqa: A002
        nonlocal depth
        assert instance is not None
        with pytest.raises(RuntimeError, match="in the middle of a call"):
            instance.call("total")
        depth += 1
        other = sandbox.call(module, "shouted", ptr) if depth < 5 else 0
        # The caller is that of this call again.
        assert caller.read(ptr, len) == b"hey"
        return other + 1

    sandbox = sandbox_with(nested)
    instance = sandbox.instantiate(module)
    assert instance.call("shouted", 0) == 5
    assert instance.call("total") == 300


def test_a_start_function_can_call_python() -> None:
    called: list[int] = []
    module = fuelbox.Module.from_wat('(module (import "env" "f" (func $f)) (start $f))')
    sandbox = fuelbox.Sandbox(grants=[Function("env", "f", lambda: called.append(1), params=[], results=[])])
    sandbox.instantiate(module)
    assert called == [1]


def test_cycles_with_callables_are_collected() -> None:
    class Host:
        sandbox: fuelbox.Sandbox
        instance: fuelbox.Instance

        def function(self) -> None:
            pass

    host = Host()
    host.sandbox = fuelbox.Sandbox(grants=[Function("env", "f", host.function, params=[], results=[])])
    host.instance = host.sandbox.instantiate(fuelbox.Module.from_wat(ONE))
    host.instance.run()
    gone = weakref.ref(host)
    gc.collect()
    assert gone() is not None
    del host
    gc.collect()
    assert gone() is None


def test_a_report_with_its_cause_is_collected() -> None:
    class Marker:
        pass

    def function() -> None:
        raise ValueError

    def frame() -> weakref.ref[Marker]:
        marker = Marker()
        report = one(function)
        assert report.cause is not None
        report.cause.report = report  # type: ignore[attr-defined]
        report.cause.marker = marker  # type: ignore[attr-defined]
        return weakref.ref(marker)

    gone = frame()
    gc.collect()
    assert gone() is None


def test_functions_are_called_from_many_threads() -> None:
    module, sandbox = fuelbox.Module.from_wat(TEXT), sandbox_with()
    results: list[int] = []

    def work() -> None:
        for _ in range(50):
            results.append(sandbox.call(module, "total"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [300] * 200


def test_any_callable_will_do() -> None:
    class Price:
        def __call__(self, item: I32) -> I64:
            return item

    text = '(module (import "env" "p" (func $p (param i32) (result i64))) (export "p" (func $p)))'
    module = fuelbox.Module.from_wat(text)
    assert fuelbox.Sandbox(grants=[Function("env", "p", Price())]).call(module, "p", 7) == 7
    partial = functools.partial(max, 5)
    function = Function("env", "p", partial, params=["i32"], results="i64")
    assert fuelbox.Sandbox(grants=[function]).call(module, "p", 9) == 9

"""Guests beside the tasks of asyncio."""

from __future__ import annotations

import asyncio

import pytest

import fuelbox
from fuelbox import I32, Caller, Function
from fuelbox._async import drive

PATIENT = fuelbox.Limits(fuel=fuelbox.Limits.UNLIMITED, deadline=600)
"""A guest that is cancelled ends long before."""

ASKS = """(module
    (import "env" "get" (func $get (param i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "path")
    (func (export "twice") (param i32) (result i32)
        (i32.add (call $get (local.get 0)) (call $get (local.get 0)))))"""


def sandbox_with(get: object, **limits: float) -> fuelbox.Sandbox:
    assert callable(get)
    return fuelbox.Sandbox(fuelbox.Limits.from_dict(limits), [Function("env", "get", get)])


async def get(caller: Caller, number: I32) -> I32:
    assert caller.read(0, 4) == b"path"
    await asyncio.sleep(0.01)
    caller.write(0, b"path")
    return number * 10


def test_async_functions_are_awaited() -> None:
    module = fuelbox.Module.from_wat(ASKS)
    sandbox = sandbox_with(get)

    async def main() -> list[fuelbox.Report]:
        runs = [sandbox.run_async(module, export="twice", args=[number]) for number in range(5)]
        return await asyncio.gather(*runs)

    reports = asyncio.run(main())
    assert [report.values for report in reports] == [(number * 20,) for number in range(5)]


def test_an_instance_can_ask_too() -> None:
    async def main() -> tuple[object, ...]:
        instance = sandbox_with(get).instantiate(fuelbox.Module.from_wat(ASKS))
        first = await instance.run_async(export="twice", args=[1])
        second = await instance.run_async(export="twice", args=[2])
        return first.values + second.values

    assert asyncio.run(main()) == (20, 40)


def test_without_asyncio_nobody_answers() -> None:
    report = sandbox_with(get).run(fuelbox.Module.from_wat(ASKS), export="twice", args=[1])
    assert (report.code, report.blame) == ("unanswered", "host")
    assert report.advice is not None and "run_async" in report.advice


def test_an_exception_of_an_async_function_comes_back_as_itself() -> None:
    raised = LookupError("nothing there")

    async def fails(number: I32) -> I32:
        raise raised

    module = fuelbox.Module.from_wat(ASKS)
    report = asyncio.run(sandbox_with(fails).run_async(module, export="twice", args=[1]))
    assert (report.code, report.cause) == ("host-function", raised)


def test_a_wrong_answer_is_an_error_of_the_function() -> None:
    async def wrong(number: I32) -> I32:
        return "text"  # type: ignore[return-value]

    module = fuelbox.Module.from_wat(ASKS)
    report = asyncio.run(sandbox_with(wrong).run_async(module, export="twice", args=[1]))
    assert isinstance(report.cause, TypeError)


def test_timers_go_on_beside_a_guest(endless: fuelbox.Module) -> None:
    token = fuelbox.CancelToken()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        for _ in range(10):
            await asyncio.sleep(0.001)
            ticks += 1
        token.cancel()

    async def main() -> fuelbox.Report:
        run = fuelbox.Sandbox(PATIENT).run_async(endless, cancel=token)
        report, _ = await asyncio.gather(run, tick())
        return report

    # Without them nothing would have cancelled it.
    assert asyncio.run(main()).code == "cancelled"
    assert ticks == 10


def test_to_cancel_the_task_cancels_the_run(endless: fuelbox.Module) -> None:
    execution = fuelbox.Sandbox(PATIENT).start(endless)

    async def main() -> None:
        await asyncio.wait_for(drive(execution), timeout=0.05)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(main())
    # The end of the event loop waited for its threads.
    assert execution.finish().code == "cancelled"


def test_to_cancel_the_task_cancels_the_function_it_waits_for() -> None:
    ended: list[str] = []

    async def slow(number: I32) -> I32:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("yes")
        return 0

    async def main() -> None:
        run = sandbox_with(slow).run_async(fuelbox.Module.from_wat(ASKS), export="twice", args=[1])
        await asyncio.wait_for(run, timeout=0.05)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(main())
    assert ended == ["yes"]


def test_a_wait_has_its_limit() -> None:
    async def slow(number: I32) -> I32:
        await asyncio.sleep(60)
        return 0

    module = fuelbox.Module.from_wat(ASKS)
    report = asyncio.run(sandbox_with(slow, wait=0.1).run_async(module, export="twice", args=[1]))
    assert report.code == "wait"

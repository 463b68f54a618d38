"""Ctrl-C."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time

import pytest

import fuelbox


@pytest.fixture
def interrupted() -> threading.Timer:
    timer = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT])
    timer.start()
    return timer


def test_ctrl_c_stops_a_run_and_leaves_the_report(endless: fuelbox.Module, interrupted: threading.Timer) -> None:
    with pytest.raises(KeyboardInterrupt) as stopped:
        fuelbox.Sandbox(fuelbox.Limits(deadline=600)).run(endless)
    report = stopped.value.report  # type: ignore[attr-defined]
    assert report.code == "cancelled" and report.usage.fuel > 0


def test_ctrl_c_ends_the_instance(interrupted: threading.Timer) -> None:
    module = fuelbox.Module.from_wat('(module (func (export "hang") (loop (br 0))))')
    instance = fuelbox.Sandbox(fuelbox.Limits(deadline=600)).instantiate(module)
    with pytest.raises(KeyboardInterrupt):
        instance.call("hang")
    assert not instance.is_alive


def test_ctrl_c_ends_a_map_of_short_rows(counter: fuelbox.Module, interrupted: threading.Timer) -> None:
    rows = itertools.count()
    with pytest.raises(KeyboardInterrupt):
        fuelbox.Sandbox().map(counter, itertools.islice(rows, 1_500_000), export="add")
    # Not when all were done.
    assert next(rows) < 1_500_000


@pytest.mark.parametrize("begins", ['(start $hang)', '(export "_initialize" (func $hang))'])
def test_ctrl_c_stops_a_guest_that_gets_ready(interrupted: threading.Timer, begins: str) -> None:
    module = fuelbox.Module.from_wat(f"(module (func $hang (loop (br 0))) {begins})")
    with pytest.raises(KeyboardInterrupt) as stopped:
        fuelbox.Sandbox(fuelbox.Limits(deadline=600)).instantiate(module)
    report = stopped.value.report  # type: ignore[attr-defined]
    assert (report.code, report.phase) == ("cancelled", "start" if "start" in begins else "initialize")
    assert report.usage.fuel > 0


def test_ctrl_c_in_a_function_is_raised_as_itself(interrupted: threading.Timer) -> None:
    module = fuelbox.Module.from_wat('(module (import "env" "f" (func $f)) (func (export "_start") (call $f)))')
    function = fuelbox.Function("env", "f", lambda: time.sleep(60), params=[], results=[])
    with pytest.raises(KeyboardInterrupt):
        fuelbox.Sandbox(grants=[function]).run(module)


def test_another_handler_has_its_way(endless: fuelbox.Module) -> None:
    class Asked(Exception):
        pass

    def handler(number: int, frame: object) -> None:
        raise Asked

    before = signal.signal(signal.SIGUSR1, handler)
    threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGUSR1]).start()
    try:
        with pytest.raises(Asked):
            fuelbox.Sandbox(fuelbox.Limits(deadline=600)).run(endless)
    finally:
        signal.signal(signal.SIGUSR1, before)

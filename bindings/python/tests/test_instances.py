"""Guests that live, calls in progress, and values that cross the boundary."""

from __future__ import annotations

import gc
import struct
import threading

import pytest

import fuelbox


def test_memory_lasts_from_call_to_call(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    assert [instance.call("add", number) for number in (1, 2, 3)] == [1, 3, 6]
    assert instance.global_("n") == 6
    instance.write(10, b"text")
    assert (instance.read(10, 4), instance.memory_bytes) == (b"text", 65_536)
    with pytest.raises(IndexError):
        instance.read(65_535, 2)
    with pytest.raises(KeyError):
        instance.global_("none")
    assert instance.module is counter


def test_values_keep_their_types(counter: fuelbox.Module) -> None:
    call = fuelbox.Sandbox().instantiate(counter).call
    assert call("swap", -(2**63), 0.5) == (0.5, -(2**63))
    assert call("swap", 2**64 - 1, 1) == (1.0, -1)
    assert call("add", 2**32 - 1) == -1
    with pytest.raises(OverflowError, match="value 0 of add"):
        call("add", 2**32)
    with pytest.raises(OverflowError):
        call("swap", -(2**63) - 1, 0.0)
    with pytest.raises(TypeError, match="str, but int is needed"):
        call("add", "1")
    with pytest.raises(TypeError, match="float, but int"):
        call("add", 1.5)
    with pytest.raises(TypeError, match="takes 1 values, 2 were given"):
        call("add", 1, 2)
    with pytest.raises(fuelbox.StartError) as missing:
        call("none")
    assert missing.value.code == "export-missing"


def test_narrow_floats_vectors_and_references() -> None:
    module = fuelbox.Module.from_wat("""(module (func $f (export "f") (result funcref) (ref.func $f))
        (func (export "narrow") (param f32) (result f32) (local.get 0))
        (func (export "vector") (param v128) (result v128) (local.get 0))
        (func (export "null") (param externref) (result externref) (local.get 0)))""")
    call = fuelbox.Sandbox().instantiate(module).call
    assert call("narrow", 0.1) == struct.unpack("f", struct.pack("f", 0.1))[0]
    assert call("vector", 2**128 - 1) == 2**128 - 1
    assert call("null", None) is None
    assert call("f") is ...
    with pytest.raises(TypeError, match="null reference"):
        call("null", object())
    with pytest.raises(OverflowError):
        call("vector", 2**128)


def test_a_stopped_instance_says_what_stopped_it(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    with pytest.raises(fuelbox.Stopped, match="division by zero") as stopped:
        instance.call("divide", 1, 0)
    assert stopped.value.code == stopped.value.report.code == "trap-integer-division-by-zero"
    assert not instance.is_alive
    for _ in range(2):
        with pytest.raises(fuelbox.StartError, match="make a new instance") as over:
            instance.call("add", 1)
        assert over.value.code == "instance-stopped"


def test_an_instance_is_busy_while_it_is_stepped(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    execution = instance.start(export="add", args=[2])
    with pytest.raises(RuntimeError, match="in the middle of a call"):
        instance.call("add", 1)
    assert execution.step(fuel=10_000) == "done"
    assert execution.finish().values == (2,)
    assert instance.call("add", 1) == 3
    with pytest.raises(RuntimeError, match="finished"):
        execution.finish()
    left = instance.start(export="add", args=[2])
    del left
    gc.collect()
    assert not instance.is_alive


PATIENT = fuelbox.Limits(fuel=fuelbox.Limits.UNLIMITED, deadline=600)
"""A guest that is cancelled ends long before."""


def test_a_token_cancels_from_another_thread(endless: fuelbox.Module) -> None:
    token = fuelbox.CancelToken()
    sandbox = fuelbox.Sandbox(PATIENT)
    threading.Timer(0.01, token.cancel).start()
    report = sandbox.run(endless, cancel=token)
    assert (report.code, token.is_cancelled) == ("cancelled", True)
    assert sandbox.run(endless, cancel=token).usage.fuel == 0


def test_other_threads_run_while_a_guest_does() -> None:
    token, begun = fuelbox.CancelToken(), threading.Event()
    module = fuelbox.Module.from_wat(
        '(module (import "env" "begun" (func $begun)) (func (export "_start") (call $begun) (loop (br 0))))'
    )
    sandbox = fuelbox.Sandbox(PATIENT, [fuelbox.Function("env", "begun", begun.set, params=[], results=[])])
    reports: list[fuelbox.Report] = []
    thread = threading.Thread(target=lambda: reports.append(sandbox.run(module, cancel=token)))
    thread.start()
    assert begun.wait(300)
    # If the guest had the interpreter lock, this thread could not end it.
    token.cancel()
    thread.join()
    assert [report.code for report in reports] == ["cancelled"]


def test_an_instance_can_move_between_threads(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    for _ in range(3):
        thread = threading.Thread(target=instance.call, args=["add", 1])
        thread.start()
        thread.join()
    assert instance.global_("n") == 3


def test_many_threads_on_one_instance_never_mix(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    done, busy = [], []

    def work() -> None:
        for _ in range(200):
            try:
                done.append(instance.call("add", 1))
            except RuntimeError:
                busy.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(busy) == 800
    assert instance.global_("n") == len(done) == len(set(done))

"""What a program does to the package that nobody should: it is told, and the process goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from typing import Any

import pytest
from conftest import COUNTER

import fuelbox
from fuelbox import I32, Caller, Function

PREFIX = "import fuelbox, threading, os, sys\n"


def ran(code: str, prefix: str = PREFIX) -> subprocess.CompletedProcess[str]:
    """A program of its own, which has to come to its end."""
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", prefix + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


NUMBERS = {"a bit more": 2**64, "a bit less": -(2**64), "huge": 10**5_000, "hugely below": -(10**5_000)}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("export", ["add", "swap"])
def test_an_integer_that_fits_nowhere_is_an_overflow(counter: fuelbox.Module, export: str, number: int) -> None:
    arguments = [number] if export == "add" else [number, 0.0]
    with pytest.raises(OverflowError, match=f"value 0 of {export} does not fit"):
        fuelbox.Sandbox().instantiate(counter).call(export, *arguments)


def test_a_call_of_a_million_arguments_is_refused(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    with pytest.raises(TypeError, match="takes 1 values, 1000000 were given"):
        instance.call("add", *range(1_000_000))
    with pytest.raises(fuelbox.StartError, match="exports no function xxx"):
        instance.call("x" * 10_000_000)
    assert instance.call("add", 1) == 1


WRONG: list[Callable[[fuelbox.Instance], Any]] = [
    lambda instance: instance.call(5),  # type: ignore[arg-type]
    lambda instance: instance.call("add", None),
    lambda instance: instance.call("add", b"1"),
    lambda instance: instance.run(export=b"add"),  # type: ignore[arg-type]
    lambda instance: instance.run(export="add", args=5),  # type: ignore[arg-type]
    lambda instance: instance.run(limits={"fuel": 5}),  # type: ignore[arg-type]
    lambda instance: instance.run(cancel=True),  # type: ignore[arg-type]
    lambda instance: instance.read("0", 1),  # type: ignore[arg-type]
    lambda instance: instance.write(0, [1]),  # type: ignore[arg-type]
    lambda instance: fuelbox.Sandbox().run(instance),  # type: ignore[arg-type]
    lambda instance: fuelbox.Sandbox().instantiate(b""),  # type: ignore[arg-type]
    lambda instance: fuelbox.Sandbox(grants=5),  # type: ignore[arg-type]
    lambda instance: fuelbox.Recording.from_bytes(5),  # type: ignore[arg-type]
    lambda instance: fuelbox.Tree({"/a": 5}),  # type: ignore[dict-item]
    lambda instance: fuelbox.Wasi(mounts={"/": instance}),  # type: ignore[dict-item]
    lambda instance: fuelbox.Function("env", "f", 5, params=5, results=[]),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_what_has_another_type_is_a_type_error(counter: fuelbox.Module, wrong: Callable[..., Any]) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    with pytest.raises(TypeError):
        wrong(instance)
    assert instance.call("add", 1) == 1


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_step_of_no_time_is_a_value_error(endless: fuelbox.Module, seconds: float) -> None:
    execution = fuelbox.Sandbox(fuelbox.Limits(fuel=1_000)).start(endless)
    with pytest.raises(ValueError):
        execution.step(seconds)
    assert execution.finish().code == "out-of-fuel"


def test_ranges_at_the_end_of_the_numbers_are_outside(counter: fuelbox.Module) -> None:
    instance = fuelbox.Sandbox().instantiate(counter)
    for ptr, len_ in [(2**64 - 1, 1), (0, 2**64 - 1), (2**64 - 1, 2**64 - 1), (65_536, 1)]:
        with pytest.raises(IndexError):
            instance.read(ptr, len_)
    with pytest.raises(OverflowError):
        instance.read(-1, 1)
    with pytest.raises(IndexError):
        instance.write(65_530, bytes(7))


def test_a_recording_of_noise_is_refused() -> None:
    for noise in (b"", b"fuelbox", bytes(10_000), os.urandom(10_000)):
        with pytest.raises(ValueError):
            fuelbox.Recording.from_bytes(noise)


def test_guests_within_guests_end_before_the_stack_does() -> None:
    depths: list[int] = []

    def deeper(depth: I32) -> I32:
        depths.append(depth)
        return int(sandbox.call(module, "go", depth + 1))

    module = fuelbox.Module.from_wat("""(module (import "env" "deeper" (func $deeper (param i32) (result i32)))
        (func (export "go") (param i32) (result i32) (call $deeper (local.get 0))))""")
    sandbox = fuelbox.Sandbox(grants=[Function("env", "deeper", deeper)])
    with pytest.raises(fuelbox.Stopped) as stopped:
        sandbox.call(module, "go", 0)
    innermost: Any = stopped.value
    while isinstance(innermost, fuelbox.Stopped):
        innermost = innermost.__cause__
    assert isinstance(innermost, RecursionError)
    assert "10 times within one another" in str(innermost)
    assert depths == list(range(10))
    # The end of one leaves room for others.
    assert sandbox.call(fuelbox.Module.from_wat('(module (func (export "f") (result i32) (i32.const 1)))'), "f") == 1


def test_guests_within_guests_fit_into_a_small_stack() -> None:
    code = """
        def deeper():
            sandbox.call(module, "go")
        module = fuelbox.Module.from_wat('(module (import "env" "deeper" (func $d)) (func (export "go") (call $d)))')
        sandbox = fuelbox.Sandbox(grants=[fuelbox.Function("env", "deeper", deeper, params=[], results=[])])
        def main():
            try:
                sandbox.call(module, "go")
            except fuelbox.Stopped as stopped:
                print(stopped.code)
        threading.stack_size(512 << 10)
        thread = threading.Thread(target=main)
        thread.start()
        thread.join()
        """
    child = ran(code)
    assert (child.stdout, child.returncode) == ("host-function\n", 0), child


def test_threads_share_one_execution() -> None:
    module = fuelbox.Module.from_wat('(module (func (export "_start") (loop (br 0))))')
    execution = fuelbox.Sandbox(fuelbox.Limits(fuel=3_000_000)).start(module)
    steps: list[str] = []
    busy: list[str] = []

    def work() -> None:
        while "done" not in steps:
            try:
                steps.append(execution.step(fuel=10_000))
            except RuntimeError as error:
                busy.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(busy) <= {"the execution is finished, or in the middle of a step"}
    assert execution.finish().outcome == "out of fuel after 3000000"


def test_a_caller_of_another_thread_is_of_no_use() -> None:
    found: list[str] = []

    def function(caller: Caller) -> None:
        def ask() -> None:
            try:
                caller.read(0, 1)
            except RuntimeError as error:
                found.append(str(error))

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    text = """(module (import "env" "f" (func $f)) (memory (export "memory") 1) (func (export "_start") (call $f)))"""
    sandbox = fuelbox.Sandbox(grants=[Function("env", "f", function, results=[])])
    assert sandbox.run(fuelbox.Module.from_wat(text)).is_success
    assert found == ["the call that this caller belongs to is over"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_of_fork_has_modules_and_instances_of_its_own() -> None:
    counter = " ".join(COUNTER.split())
    code = f"""
        module = fuelbox.Module.from_wat('''{counter}''')
        instance = fuelbox.Sandbox().instantiate(module)
        instance.call("add", 40)
        child = os.fork()
        if child == 0:
            other = fuelbox.Module.from_wat("(module (func (export \\"_start\\")))")
            good = instance.call("add", 2) == 42 and fuelbox.Sandbox().run(other).is_success
            os._exit(0 if good and fuelbox.Sandbox().call(module, "add", 1) == 1 else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), instance.call("add", 1))
        """
    child = ran(code)
    assert (child.stdout, child.returncode) == ("0 41\n", 0), child


def test_a_program_ends_though_guests_run() -> None:
    code = """
        endless = fuelbox.Module.from_wat('''(module (import "env" "f" (func $f))
            (func (export "_start") (loop (call $f) (br 0))))''')
        begun = threading.Barrier(3)
        first = threading.local()
        def function():
            if not hasattr(first, "seen"):
                first.seen = True
                begun.wait()
        functions = [fuelbox.Function("env", "f", function, params=[], results=[])]
        sandbox = fuelbox.Sandbox(fuelbox.Limits(fuel=2**64 - 1, deadline=600), functions)
        for _ in range(2):
            threading.Thread(target=sandbox.run, args=[endless], daemon=True).start()
        begun.wait()
        print("over")
        """
    child = ran(code)
    assert (child.stdout, child.returncode) == ("over\n", 0), child


def test_an_end_that_waits_for_a_guest_comes() -> None:
    code = """
        import atexit, threading
        def wait():
            thread.join()
            print(reports[0].code)
        # What is registered before the package is called after it.
        atexit.register(wait)
        import fuelbox
        endless = fuelbox.Module.from_wat('(module (func (export "_start") (loop (br 0))))')
        sandbox = fuelbox.Sandbox(fuelbox.Limits(fuel=2**64 - 1, deadline=0.3))
        reports = []
        thread = threading.Thread(target=lambda: reports.append(sandbox.run(endless)), daemon=True)
        thread.start()
        """
    child = ran(code, prefix="")
    assert (child.stdout, child.returncode) == ("deadline\n", 0), child


def test_what_is_left_at_the_end_of_a_program_is_dropped() -> None:
    code = """
        class Last:
            def __del__(self):
                print(fuelbox and fuelbox.Sandbox is not None)
        def function(): pass
        function.last = Last()
        module = fuelbox.Module.from_wat('''(module (import "env" "f" (func $f))
            (func (export "_start") (loop (call $f) (br 0))))''')
        sandbox = fuelbox.Sandbox(grants=[fuelbox.Function("env", "f", function, params=[], results=[])])
        execution = sandbox.start(module)
        execution.step(fuel=10_000)
        instance = sandbox.instantiate(module)
        """
    child = ran(code)
    assert (child.returncode, child.stderr) == (0, ""), child


def test_a_subinterpreter_is_refused_in_words() -> None:
    code = """
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            try:
                import _interpreters as interpreters
            except ImportError:
                sys.exit(77)
        other = interpreters.create()
        code = "try:\\n import fuelbox\\nexcept ImportError as error:\\n print(error)"
        interpreters.run_string(other, code) if hasattr(interpreters, "run_string") else interpreters.exec(other, code)
        sys.stdout.flush()
        """
    child = ran(code)
    if child.returncode == 77:
        pytest.skip("this Python has no subinterpreters")
    assert "subinterpreters" in child.stdout, child
    assert child.returncode == 0, child

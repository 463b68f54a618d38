"""One function over many rows."""

from __future__ import annotations

import pytest
from conftest import guest

import fuelbox

WORK = """(module (global $rows (mut i32) (i32.const 0))
    (func (export "rows") (result i32) (global.get $rows))
    (func (export "work") (param i32) (result i32) (local i32)
        (global.set $rows (i32.add (global.get $rows) (i32.const 1)))
        (if (i32.eq (local.get 0) (i32.const 13)) (then unreachable))
        (local.set 1 (local.get 0))
        (loop $l (br_if $l (i32.gt_s (local.tee 1 (i32.sub (local.get 1) (i32.const 1))) (i32.const 0))))
        (global.get $rows))
    (func (export "add") (param i32 i64) (result i64) (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1))))"""


@pytest.fixture
def module() -> fuelbox.Module:
    return fuelbox.Module.from_wat(WORK)


def test_rows_are_arguments_and_share_an_instance(module: fuelbox.Module) -> None:
    sandbox = fuelbox.Sandbox()
    assert sandbox.map(module, [(1, 2), (3, 4)], export="add") == [3, 7]
    assert sandbox.map(module, range(5), export="work") == [1, 2, 3, 4, 5]
    assert sandbox.map(module, [], export="work") == []
    assert sandbox.map(module, [()] * 2, export="rows") == [0, 0]


def test_without_an_export_rows_are_inputs(echo: fuelbox.Module) -> None:
    assert fuelbox.Sandbox(grants=["protocol"]).map(echo, [b"a", "b", b""]) == [b"a", b"b", b""]


def test_an_error_names_the_row(module: fuelbox.Module) -> None:
    with pytest.raises(fuelbox.RowError, match="^row 2: the guest did not finish: .*unreachable") as stopped:
        fuelbox.Sandbox().map(module, [1, 2, 13, 4], export="work")
    assert (stopped.value.row, stopped.value.code) == (2, "trap-unreachable")
    assert stopped.value.report.usage.fuel > 0
    panicked = fuelbox.Sandbox(grants=["protocol"])
    with pytest.raises(fuelbox.RowError, match="^row 0"):
        panicked.map(fuelbox.Module(guest("rust-panic")), [b""])


def test_errors_can_be_results_and_the_rest_goes_on(module: fuelbox.Module) -> None:
    results = fuelbox.Sandbox().map(module, [1, 13, 1, 1], export="work", return_exceptions=True)
    # A new instance begins after the one that stopped.
    assert [results[0], results[2], results[3]] == [1, 1, 2]
    assert isinstance(results[1], fuelbox.RowError) and results[1].row == 1


def test_each_row_has_limits_and_so_has_the_batch(module: fuelbox.Module) -> None:
    sandbox = fuelbox.Sandbox()
    with pytest.raises(fuelbox.RowError, match="row 1: .*out of fuel after 5000"):
        sandbox.map(module, [1, 1_000_000], export="work", limits=fuelbox.Limits(fuel=5_000))
    of_one = sandbox.run(module, export="work", args=[100]).usage.fuel
    with pytest.raises(fuelbox.RowError) as stopped:
        sandbox.map(module, [100] * 10, export="work", fuel=of_one * 3 + 1)
    assert (stopped.value.row, stopped.value.code) == (3, "out-of-fuel")
    late = sandbox.map(module, [2**31 - 1] * 3, export="work", deadline=0.02, return_exceptions=True)
    assert [error.code for error in late] == ["deadline"] * 3


def test_wrong_rows_are_type_errors(module: fuelbox.Module) -> None:
    sandbox = fuelbox.Sandbox()
    for rows in ([(1,)], ["a"], [(1, "b")], 5):
        with pytest.raises(TypeError):
            sandbox.map(module, rows, export="add")  # type: ignore[arg-type]

"""Limits by name."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest

import fuelbox


def test_names_are_keywords_and_those_of_the_library() -> None:
    limits = fuelbox.Limits(fuel=5, deadline=0.25, memory_bytes=1 << 20, growth_denial="refuse")
    tree = limits.to_dict()
    assert tree["call"]["fuel"] == 5
    assert tree["call"]["deadline"] == {"secs": 0, "nanos": 250_000_000}
    assert tree["instance"]["growth_denial"] == "refuse"
    assert fuelbox.Limits.from_dict(tree) == limits == pickle.loads(pickle.dumps(limits))
    assert repr(limits) == "Limits(fuel=5, deadline=0.25, memory_bytes=1048576, growth_denial='refuse')"


def test_a_time_is_seconds_or_a_timedelta() -> None:
    assert fuelbox.Limits(deadline=timedelta(milliseconds=5)) == fuelbox.Limits(deadline=0.005)
    assert fuelbox.Limits(deadline=float("inf")) == fuelbox.Limits(deadline=fuelbox.Limits.UNLIMITED)
    with pytest.raises(ValueError, match="at least 0"):
        fuelbox.Limits(deadline=-1)
    with pytest.raises(TypeError, match="seconds or as a timedelta"):
        fuelbox.Limits(deadline="1s")  # type: ignore[arg-type]


def test_an_unknown_name_lists_the_nearest() -> None:
    with pytest.raises(TypeError, match="'feul' is no limit: did you mean fuel"):
        fuelbox.Limits(feul=5)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="did you mean output_bytes"):
        fuelbox.Limits.from_dict({"call": {"output_byte": 5}})
    with pytest.raises(TypeError, match="did you mean module_bytes"):
        fuelbox.ModuleLimits(module_byte=5)


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid type"):
        fuelbox.Limits(fuel="many")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="invalid value"):
        fuelbox.Limits(fuel=-1)


def test_a_dict_is_as_good_as_limits() -> None:
    endless = fuelbox.Module.from_wat('(module (func (export "_start") (loop (br 0))))')
    report = fuelbox.Sandbox({"fuel": 1_000}).run(endless)
    assert (report.code, report.blame, report.usage.fuel) == ("out-of-fuel", "limit", 999)
    assert report.advice == "raise it: Limits(fuel=..)"


def test_one_call_can_have_limits_of_its_own() -> None:
    endless = fuelbox.Module.from_wat('(module (func (export "_start") (loop (br 0))))')
    report = fuelbox.Sandbox().run(endless, limits=fuelbox.Limits(fuel=77))
    assert report.outcome == "out of fuel after 77"


def test_module_limits_and_proposals_bound_a_module() -> None:
    text = "(module (func $f (return_call $f)))"
    with pytest.raises(fuelbox.ModuleError) as refused:
        fuelbox.Module.from_wat(text)
    assert (refused.value.code, refused.value.blame) == ("proposal", "limit")
    assert refused.value.advice == 'allow it: Module(.., allow=["tail-call"])'
    assert fuelbox.Module.from_wat(text, allow=["tail-call"]).name is None
    with pytest.raises(fuelbox.ModuleError, match=r"raise it: ModuleLimits\(module_bytes=..\)"):
        fuelbox.Module.from_wat(text, limits={"module_bytes": 8})

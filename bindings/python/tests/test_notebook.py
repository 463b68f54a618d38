"""What notebooks show: reports, recordings, profiles and plots."""

from __future__ import annotations

import html.parser
import io
import sys
from typing import Optional

import pytest

import fuelbox
from fuelbox import plot

WORK = """(module
    (import "env" "tell" (func $tell))
    (memory (export "memory") 1)
    (func $spin (param i32)
        (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func $"<b>$\\\\frac$" (call $spin (i32.const 100)))
    (func (export "_start") (call $tell) (call $spin (i32.const 1000)) (call $"<b>$\\\\frac$")))"""


@pytest.fixture
def module() -> fuelbox.Module:
    return fuelbox.Module.from_wat(WORK)


@pytest.fixture
def sandbox() -> fuelbox.Sandbox:
    return fuelbox.Sandbox(grants=[fuelbox.Function("env", "tell", lambda: None, params=[], results=[])])


def test_a_report_is_short_whatever_was_raised() -> None:
    def function() -> None:
        raise ValueError("<script>" * 10_000)

    module = fuelbox.Module.from_wat('(module (import "env" "f" (func $f)) (export "_start" (func $f)))')
    sandbox = fuelbox.Sandbox(grants=[fuelbox.Function("env", "f", function, params=[], results=[])])
    report = sandbox.run(module)
    assert len(repr(report)) < 300
    page = report._repr_html_()
    assert len(page) < 10_000
    seen: set[str] = set()

    class Tags(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
            seen.add(tag)

    Tags().feed(page)
    assert seen == {"table", "tr", "th", "td", "pre"}


def test_a_recording_runs_again_without_the_host(sandbox: fuelbox.Sandbox, module: fuelbox.Module) -> None:
    report, recording = sandbox.record(module)
    assert repr(recording) == "<Recording of 1 call, with 1 of the host>" and not recording.is_cut
    again = fuelbox.Recording.from_bytes(recording.to_bytes())
    reports, divergence = again.replay(module)
    assert (reports, divergence) == ([report], None)
    _, divergence = again.replay(fuelbox.Module.from_wat(WORK.replace("(call $tell)", "", 1)))
    assert divergence is not None and "host call" in divergence


def test_a_recording_that_is_full_says_so(sandbox: fuelbox.Sandbox, module: fuelbox.Module) -> None:
    report, recording = sandbox.record(module, most_bytes=1)
    assert report.is_success and recording.is_cut


def test_a_profile_has_all_the_fuel(sandbox: fuelbox.Sandbox, module: fuelbox.Module) -> None:
    report, recording = sandbox.record(module)
    profile = recording.profile(module)
    functions = profile.functions()
    assert profile.fuel == report.usage.fuel == sum(own for _, own, _, _ in functions)
    assert (functions[0][0], functions[0][3]) == ("spin", 2)
    assert profile.folded().count("spin") == 2
    picture = profile._repr_svg_()
    assert picture.startswith("<svg") and "spin" in picture and "<b>" not in picture
    assert "most in spin" in repr(profile) and profile.pprof()


def test_plots_show_what_guests_used(sandbox: fuelbox.Sandbox, module: fuelbox.Module) -> None:
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    matplotlib.use("Agg")
    report, recording = sandbox.record(module)
    stopped = sandbox.run(module, limits=fuelbox.Limits(fuel=10))
    axes = plot.histogram([report, report, stopped])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["finished", "out-of-fuel"]
    assert axes.get_xlabel() == "fuel"
    axes.figure.savefig(io.BytesIO(), format="svg")
    axes = plot.profile(recording.profile(module))
    assert axes.get_yticklabels()[0].get_text() == "spin"
    # A name that would be a formula, and a wrong one, is drawn as it is.
    axes.figure.savefig(io.BytesIO(), format="svg")
    assert plot.histogram([], ax=axes) is axes


def test_without_matplotlib_an_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, sandbox: fuelbox.Sandbox, module: fuelbox.Module
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match="pip install fuelbox\\[plot\\]"):
        plot.histogram([sandbox.run(module)])

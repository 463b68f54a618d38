"""Plots of reports and profiles, where matplotlib is installed: `pip install fuelbox[plot]`.

    fuelbox.plot.histogram(reports)                         # of fuel; or of "time", "peak_memory_bytes", ..
    fuelbox.plot.profile(recording.profile(module))         # the functions that used the most fuel

Each draws on `ax`, or on a new figure, and returns the axes.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from ._native import Profile, Report

_NAMES = {
    "fuel": "fuel",
    "time": "time in seconds",
    "peak_memory_bytes": "memory in bytes",
    "host_calls": "calls of the host",
}
_MOST_CHARACTERS = 60


def histogram(reports: Iterable[Report], what: str = "fuel", *, bins: int = 30, ax: Optional[Any] = None) -> Any:
    """How much runs used of `what`, a name of `Usage`: those that finished, and those that were stopped, by code."""
    groups: dict[str, list[float]] = {}
    for report in reports:
        groups.setdefault(report.code, []).append(getattr(report.usage, what))
    codes = sorted(groups, key=lambda code: (code != "finished", code))
    axes = _axes(ax)
    axes.hist([groups[code] for code in codes], bins=bins, stacked=True, label=codes)
    axes.set_xlabel(_NAMES.get(what, what))
    axes.set_ylabel("runs")
    if codes:
        axes.legend()
    return axes


def profile(profile: Profile, *, most: int = 20, ax: Optional[Any] = None) -> Any:
    """The functions that used the most fuel themselves, the first at the top."""
    functions = profile.functions()[:most]
    axes = _axes(ax)
    places = range(len(functions))
    axes.barh(places, [own for _, own, _, _ in functions])
    axes.set_yticks(places, [_shown(name) for name, _, _, _ in functions])
    axes.invert_yaxis()
    axes.set_xlabel("fuel of its own")
    return axes


def _axes(ax: Optional[Any]) -> Any:
    if ax is not None:
        return ax
    try:
        pyplot = importlib.import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError("plots need matplotlib: pip install fuelbox[plot]") from error
    return pyplot.subplots()[1]


def _shown(name: str) -> str:
    """The name that a guest chose, which must not be read as a formula."""
    short = name if len(name) <= _MOST_CHARACTERS else f"{name[:_MOST_CHARACTERS]}.."
    return short.replace("$", r"\$")

"""How a report looks in a notebook."""

from __future__ import annotations

import html as text
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._native import Report

_MOST_SHOWN = 2_000
"""Characters of what a guest wrote, or a function raised, that are shown."""


def html(report: Report) -> str:
    """A small table: how it ended, what it used, and the beginning of what it wrote."""
    usage = report.usage
    rows = [
        ("outcome", report.outcome[:_MOST_SHOWN]),
        ("advice", report.advice or ""),
        ("fuel", f"{usage.fuel:,}"),
        ("time", f"{usage.time * 1_000:.3f} ms"),
        ("memory", f"{usage.peak_memory_bytes:,} bytes"),
        ("host calls", f"{usage.host_calls:,}"),
        ("values", ", ".join(map(repr, report.values))),
        ("output", _shown(report.output)),
        ("stderr", _shown(report.stderr)),
        ("logs", "\n".join(report.logs)[:_MOST_SHOWN]),
    ]
    cells = "".join(
        f"<tr><th style='text-align:left'>{name}</th>"
        f"<td style='text-align:left'><pre style='margin:0'>{text.escape(value)}</pre></td></tr>"
        for name, value in rows
        if value
    )
    return f"<table>{cells}</table>"


def _shown(data: bytes) -> str:
    shown = data[:_MOST_SHOWN].decode("utf-8", "replace")
    return f"{shown} .. ({len(data):,} bytes)" if len(data) > _MOST_SHOWN else shown

"""Every block of Python on docs/python.md runs, one after the other, and asserts what it says."""

from __future__ import annotations

import re
from typing import Any

from conftest import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def blocks() -> list[tuple[int, str]]:
    """Each with the number of its first line."""
    found = re.finditer(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [(PAGE.count("\n", 0, block.start(1)), block[1]) for block in found]


def test_every_block_of_the_page_runs() -> None:
    names: dict[str, Any] = {"__name__": "page"}
    for line, block in blocks():
        # With its place on the page in tracebacks.
        exec(compile("\n" * line + block, "docs/python.md", "exec", dont_inherit=True), names)


def test_every_block_of_the_page_is_checked_by_an_assertion() -> None:
    assert len(blocks()) >= 14
    assert [line for line, block in blocks() if "assert" not in block] == []

"""Guest code that passed every check and is compiled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _native
from ._limits import ModuleLimits

if TYPE_CHECKING:
    from typing_extensions import Buffer, Self


class Module(_native.Module):
    """Guest code that passed every check and is compiled; shared between threads.

    The same bytes with the same options are compiled once for each process, also where it is unpickled: a pickle has
    the bytes and their SHA-256.
    """

    def __new__(
        cls,
        wasm: Buffer,
        *,
        limits: Union[ModuleLimits, Mapping[str, Any], None] = None,
        allow: Iterable[str] = (),
        name: Optional[str] = None,
        snapshots: bool = False,
        lazy: bool = False,
        most_lanes: Optional[int] = None,
    ) -> Self:
        if limits is None:
            limits = ModuleLimits()
        elif not isinstance(limits, ModuleLimits):
            limits = ModuleLimits.from_dict(limits)
        tree = limits.to_dict()
        tree["proposals"] = [*tree["proposals"], *allow]
        options: dict[str, Any] = {"limits": tree, "name": name, "snapshots": snapshots, "lazy": lazy}
        if most_lanes is not None:
            options["most_lanes"] = most_lanes
        return super().__new__(cls, wasm, json.dumps(options))

    @classmethod
    def from_wat(cls, text: str, **options: Any) -> Self:
        """A module in the text format, with the options of a binary one."""
        return cls(_native.assemble(text), **options)

    @classmethod
    def _load(cls, wasm: bytes, options: str, sha256: bytes) -> Self:
        return super().__new__(cls, wasm, options, sha256)

    def inspect(self) -> dict[str, Any]:
        """What it imports and exports, its memories and tables, which protocol it speaks."""
        return json.loads(self._inspect())  # type: ignore[no-any-return]

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hexadecimal digits."""
        return self._sha256.hex()

    def __reduce__(self) -> Any:
        return (type(self)._load, (self.wasm, self._options, self._sha256))

    def __repr__(self) -> str:
        return f"<Module {self.name or self.sha256[:12]}, {len(self.wasm)} bytes>"

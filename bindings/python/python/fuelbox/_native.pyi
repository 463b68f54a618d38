"""The compiled part: what touches a guest."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from os import PathLike
from typing import Any, Literal, Optional, Union, final

from typing_extensions import Buffer, Self

from ._errors import StartError
from ._module import Module as PublicModule

_Input = Union[Buffer, str, None]

def default_limits() -> str: ...
def default_module_limits() -> str: ...
def assemble(text: str) -> bytes: ...
def close() -> None: ...
def forked() -> None: ...
def load_report(json: str) -> Report: ...
def map_rows(
    sandbox: Sandbox,
    module: Module,
    rows: Iterable[Any],
    export: Optional[str],
    limits: Optional[Limits],
    fuel: Optional[int],
    seconds: Optional[float],
    keeps_stops: bool,
    /,
) -> list[Any]: ...

class Limits:
    def __new__(cls, json: str, /) -> Self: ...
    def _json(self) -> str: ...

class Module:
    def __new__(cls, wasm: Buffer, options: str, sha256: Optional[bytes] = None, /) -> Self: ...
    @property
    def wasm(self) -> bytes: ...
    @property
    def name(self) -> Optional[str]: ...
    @property
    def lanes(self) -> int:
        """How many copies of its compiled code there are; threads that start guests at once use different ones."""

    def make_lanes(self, count: int) -> None:
        """Makes copies until there are `count`, or as many as it may have, which is the number of processors."""

    @property
    def _sha256(self) -> bytes: ...
    @property
    def _options(self) -> str: ...
    def _inspect(self) -> str: ...

class Function:
    def __new__(
        cls,
        module: str,
        name: str,
        callable: Callable[..., Any],
        params: list[str],
        results: list[str],
        wants_caller: bool,
        is_async: bool,
        /,
    ) -> Self: ...
    @property
    def module(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def callable(self) -> Callable[..., Any]: ...
    @property
    def is_async(self) -> bool: ...
    def __call__(self, *args: Any) -> Any: ...

@final
class Caller:
    """The guest that calls a function, as long as the call lasts."""

    def read(self, ptr: int, len: int) -> bytes:
        """The `len` bytes of guest memory at `ptr`. Takes one fuel for each 64 bytes."""

    def write(self, ptr: int, data: Union[bytes, bytearray]) -> None:
        """Copies `data` into guest memory at `ptr`. Takes one fuel for each 64 bytes."""

    def charge(self, fuel: int) -> None:
        """Takes `fuel` more from the guest, for work that the base price does not cover."""

    @property
    def fuel_used(self) -> int: ...
    @property
    def fuel_left(self) -> int: ...

@final
class Reason:
    """Why a function cannot go on, within `Halted`."""

@final
class CancelToken:
    """Ends the calls that it is given to, from any thread."""

    def __new__(cls) -> Self: ...
    def cancel(self) -> None: ...
    @property
    def is_cancelled(self) -> bool: ...

@final
class Wasi:
    """What a program that speaks WASI is given. Its standard input is the run's input."""

    def __new__(
        cls,
        args: Optional[Iterable[str]] = None,
        *,
        program: Optional[str] = None,
        env: Optional[Mapping[str, str]] = None,
        mounts: Optional[Mapping[str, Union[Tree, Dir]]] = None,
        clock: Optional[str] = None,
        random: Optional[str] = None,
    ) -> Self: ...

@final
class Tree:
    """Files in memory, by path; `None` is a directory. Each run begins with a copy.

    `links` are symbolic links: the path of each, and where it leads.
    """

    def __new__(
        cls,
        files: Optional[Mapping[str, Union[bytes, bytearray, str, None]]] = None,
        *,
        links: Optional[Mapping[str, str]] = None,
        writable: bool = False,
        bytes_limit: Optional[int] = None,
        nodes_limit: Optional[int] = None,
    ) -> Self: ...
    def files(self) -> dict[str, Optional[bytes]]: ...

@final
class Dir:
    """A real directory. What a guest writes is on the disk at once."""

    def __new__(
        cls,
        path: Union[str, PathLike[str]],
        *,
        writable: bool = False,
        bytes_limit: Optional[int] = None,
        nodes_limit: Optional[int] = None,
        handles_limit: Optional[int] = None,
    ) -> Self: ...

class Sandbox:
    def __new__(
        cls,
        limits: Limits,
        grants: Iterable[Union[str, Wasi, Function]],
        stub_unknown: bool,
        require_abi_version: bool,
        /,
    ) -> Self: ...
    def run(
        self, module: Module, input: _Input = None, *, export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None, limits: Optional[Limits] = None, cancel: Optional[CancelToken] = None,
    ) -> Report:
        """Runs a guest of its own to its end: its entry on this input, or an export.

        A guest that fails is a normal result: `Report.check` raises. `StartError` says why none was started.
        """

    def record(
        self, module: Module, input: _Input = None, *, export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None, limits: Optional[Limits] = None, cancel: Optional[CancelToken] = None,
        most_bytes: int = 64 << 20,
    ) -> tuple[Report, Recording]:
        """As `run`, and records what crosses the boundary, in at most so many bytes."""

    def call(self, module: Module, name: str, *args: Any) -> Any:
        """Calls an export in a guest of its own. Returns `None`, a value, or a tuple; raises `Stopped`."""

    def start(
        self, module: Module, input: _Input = None, *, export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None, limits: Optional[Limits] = None, cancel: Optional[CancelToken] = None,
    ) -> Execution:
        """Begins a run that is stepped; no code of the guest runs before the first step."""

    def instantiate(self, module: Module) -> Instance:
        """Makes a guest that lives. Raises `StartError`, or `Stopped` where its start function does not finish."""

    def check(self, module: Module, export: Optional[str] = None) -> list[StartError]:
        """Why a run would be refused; empty where it would begin. Nothing runs."""

@final
class Instance:
    """A guest that is kept: its memory lasts from call to call. For one call at a time."""

    def call(self, name: str, *args: Any) -> Any:
        """Calls an export. Returns `None`, a value, or a tuple; raises `Stopped`, which ends the instance."""

    def run(
        self, input: _Input = None, *, export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None, limits: Optional[Limits] = None, cancel: Optional[CancelToken] = None,
    ) -> Report: ...
    def run_async(
        self, input: _Input = None, *, export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None, limits: Optional[Limits] = None, cancel: Optional[CancelToken] = None,
    ) -> Coroutine[Any, Any, Report]: ...
    def start(
        self, input: _Input = None, *, export: Optional[str] = None,
        args: Optional[Iterable[Any]] = None, limits: Optional[Limits] = None, cancel: Optional[CancelToken] = None,
    ) -> Execution:
        """Begins a call that is stepped. The instance is busy until the execution is finished or dropped."""

    def snapshot(self) -> PublicModule:
        """The instance as a module that starts from here; the module has to be made with `snapshots=True`."""

    def read(self, ptr: int, len: int) -> bytes: ...
    def write(self, ptr: int, data: Union[Buffer, str]) -> None: ...
    def global_(self, name: str) -> Any:
        """The value of an exported global."""

    @property
    def memory_bytes(self) -> int: ...
    @property
    def is_alive(self) -> bool: ...
    @property
    def module(self) -> PublicModule: ...

@final
class Execution:
    """One call in progress, for one thread at a time."""

    def step(
        self, seconds: Optional[float] = None, *, fuel: Optional[int] = None
    ) -> Literal["paused", "waiting", "asking", "done"]:
        """Runs the guest for a while: 10 ms unless something is said. Never sleeps."""

    def sleep(self) -> None:
        """Sleeps for a millisecond at the most, if the guest waits."""

    def request(self) -> Optional[Request]:
        """The function of `async def` that the guest has called, while it waits for the answer."""

    def answer(self, returned: Any, /) -> None: ...
    def fail(self, exception: BaseException, /) -> None: ...
    def finish(self) -> Report:
        """Runs the guest to its end. One that asks is stopped: nobody answers."""

    @property
    def cancel_token(self) -> CancelToken: ...
    @property
    def output(self) -> bytes: ...
    @property
    def stderr(self) -> bytes: ...
    @property
    def usage(self) -> Usage: ...

@final
class Request:
    @property
    def function(self) -> Function: ...
    @property
    def args(self) -> tuple[Any, ...]: ...

@final
class Report:
    """What happened in a run, however it ended."""

    @property
    def output(self) -> bytes: ...
    @property
    def output_view(self) -> memoryview:
        """The output without a copy."""

    @property
    def stderr(self) -> bytes: ...
    @property
    def logs(self) -> list[str]: ...
    @property
    def values(self) -> tuple[Any, ...]: ...
    @property
    def outcome(self) -> str:
        """How the run ended, for people."""

    @property
    def code(self) -> str:
        """How the run ended, as a stable word: `finished`, or one of `docs/codes.md`."""

    @property
    def status(self) -> Optional[int]: ...
    @property
    def is_success(self) -> bool: ...
    @property
    def phase(self) -> Optional[Literal["start", "initialize", "entry"]]: ...
    @property
    def blame(self) -> Optional[str]: ...
    @property
    def advice(self) -> Optional[str]: ...
    @property
    def exit_code(self) -> int:
        """What the program `fuelbox run` ends with after such a run."""

    @property
    def cause(self) -> Optional[BaseException]:
        """What a function of Python raised, if that ended the run."""

    @property
    def usage(self) -> Usage: ...
    @property
    def trees(self) -> dict[str, dict[str, Optional[bytes]]]:
        """The writable files of a WASI guest by the name of their mount, then by path."""

    def check(self) -> Self:
        """The report itself if the guest finished with status 0; else raises `Stopped`."""

    def to_dict(self) -> dict[str, Any]:
        """The document that the program prints with `--json`."""

    def _json(self) -> str: ...
    def _repr_html_(self) -> str: ...

@final
class Recording:
    """What crossed the boundary in a run, which can be run again without the host."""

    @staticmethod
    def from_bytes(data: Union[Buffer, str]) -> Recording:
        """One that was written by `to_bytes`, or by the program with `--record`. Raises `ValueError`."""

    def to_bytes(self) -> bytes: ...
    @property
    def is_cut(self) -> bool:
        """Whether it was full before the guest came to its end."""

    def replay(self, module: Module) -> tuple[list[Report], Optional[str]]:
        """Runs it again: the report of each call, and where it did something else than was recorded, if it did."""

    def profile(self, module: Module) -> Profile:
        """Runs it again and counts the fuel of each function; counting takes no fuel."""

@final
class Profile:
    """Where the fuel of a run went: by function, and by the calls that led there."""

    @property
    def fuel(self) -> int:
        """All fuel together, which is that of the run."""

    def functions(self) -> list[tuple[str, int, int, int]]:
        """Of each function its name, its own fuel, its fuel with what it called, and how often it was called.

        The one that used the most itself is first.
        """

    def folded(self) -> str:
        """Folded stacks, one a line, as tools for flame graphs read them."""

    def flame_graph(self, title: str = "fuel") -> str:
        """A flame graph, which is a picture in SVG."""

    def pprof(self) -> bytes: ...
    def _repr_svg_(self) -> str: ...

@final
class Usage:
    """What a run used; times in seconds."""

    fuel: int
    fuel_schedule: int
    peak_memory_bytes: int
    memory_growths_denied: int
    peak_table_elements: int
    table_growths_denied: int
    host_calls: int
    log_lines_lost: int
    stderr_bytes_lost: int
    names_left_out: int
    time: float
    overrun: float
    waited: float
    slices: int

@final
class Source:
    """A record batch of another library."""

@final
class Stream:
    """The record batches of an object with `__arrow_c_stream__`."""

    def __new__(cls, object: Any, /) -> Self: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> Source: ...

@final
class BatchFunction:
    """A guest as a function of record batches, made by `Sandbox.batches`. Threads can share it."""

    def __new__(
        cls, sandbox: Sandbox, module: Module, limits: Optional[Limits], row_fuel: Optional[int], same_rows: bool, /
    ) -> Self: ...
    def __call__(self, batch: Any, /) -> Batch: ...

@final
class Batch:
    """A record batch that a guest wrote, checked. Libraries of Arrow take it without a copy."""

    @property
    def num_rows(self) -> int: ...
    @property
    def num_columns(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def report(self) -> Report:
        """What happened in the call; its output is empty, since it is the batch."""

    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object: ...
    def __len__(self) -> int: ...

"""Record batches: what goes in and comes out, and what a hostile guest may answer, of which nothing is believed."""

from __future__ import annotations

import datetime
import gc
import pickle
import re
import struct
import threading
import weakref
from dataclasses import replace
from typing import Any

import pytest
from conftest import ROOT, guest
from layout import FLOAT64, INT64, LARGE_UTF8, UTF8, Column, batch

import fuelbox

pa = pytest.importorskip("pyarrow")

SANDBOX = fuelbox.Sandbox(grants=["protocol"])
ONE_ROW = pa.record_batch({"a": pa.array([1])})


@pytest.fixture(scope="module")
def echo_batches() -> fuelbox.BatchFunction:
    return SANDBOX.batches(fuelbox.Module(guest("rust-echo")))


@pytest.fixture(scope="module", params=["rust-batch", "rust163-batch", "c-batch"])
def totals(request: pytest.FixtureRequest) -> fuelbox.Module:
    return fuelbox.Module(guest(request.param))


def answering(reply: bytes) -> fuelbox.Module:
    """A guest that answers any batch with these bytes."""
    data = "".join(f"\\{byte:02x}" for byte in reply)
    return fuelbox.Module.from_wat(
        f"""(module (import "env" "host_write_output" (func $write (param i32 i32)))
        (memory (export "memory") {len(reply) // 65_536 + 1}) (data (i32.const 0) "{data}")
        (func (export "execute") (param i32 i32) (result i32)
            (call $write (i32.const 0) (i32.const {len(reply)})) (i32.const 0)))"""
    )


def answer(reply: bytes, **options: Any) -> Any:
    return pa.record_batch(SANDBOX.batches(answering(reply), **options)(ONE_ROW))


def orders(counts: list[Any]) -> Any:
    rows = len(counts)
    return pa.record_batch(
        {
            "price": pa.array([0.5] * rows, pa.float64()),
            "count": pa.array(counts, pa.int64()),
            "name": pa.array(["Zoë", None] * (rows // 2) + ["x"] * (rows % 2), pa.string()),
        }
    )


def test_a_guest_replies_with_columns(totals: fuelbox.Module) -> None:
    replies = list(SANDBOX.map_batches(totals, [orders([1, None, 3]), orders([])]))
    assert pa.record_batch(replies[0]).to_pydict() == {"total": [0.5, None, 1.5], "label": ["Zoë!", None, "x!"]}
    assert (replies[0].num_rows, replies[0].num_columns, len(replies[1])) == (3, 2, 0)
    assert replies[0].column_names == ["total", "label"]
    assert replies[0].report.is_success and replies[0].report.output == b""
    assert replies[0].report.usage.fuel > 0


COLUMNS = {
    "bool": pa.array([True, None, False] * 7),
    "int8": pa.array([-1, None, 127] * 7, pa.int8()),
    "int16": pa.array([-1, None, 3] * 7, pa.int16()),
    "int32": pa.array([-1, None, 3] * 7, pa.int32()),
    "int64": pa.array([-(2**63), None, 3] * 7, pa.int64()),
    "uint8": pa.array([255, None, 3] * 7, pa.uint8()),
    "uint16": pa.array([65_535, None, 3] * 7, pa.uint16()),
    "uint32": pa.array([2**32 - 1, None, 3] * 7, pa.uint32()),
    "uint64": pa.array([2**64 - 1, None, 3] * 7, pa.uint64()),
    "float32": pa.array([0.5, None, -3.0] * 7, pa.float32()),
    "float64": pa.array([0.5, None, float("inf")] * 7, pa.float64()),
    "date32": pa.array([datetime.date(2026, 1, 2), None, datetime.date(1969, 1, 1)] * 7, pa.date32()),
    "date64": pa.array([datetime.date(2026, 1, 2), None, datetime.date(1969, 1, 1)] * 7, pa.date64()),
    "seconds": pa.array([1, None, -1] * 7, pa.timestamp("s")),
    "millis": pa.array([1, None, -1] * 7, pa.timestamp("ms")),
    "micros": pa.array([1, None, -1] * 7, pa.timestamp("us")),
    "nanos": pa.array([1, None, -1] * 7, pa.timestamp("ns")),
    "utf8": pa.array(["Zoë", None, ""] * 7, pa.string()),
    "large_utf8": pa.array(["Zoë", None, ""] * 7, pa.large_string()),
    "binary": pa.array([b"\xff", None, b""] * 7, pa.binary()),
    "large_binary": pa.array([b"\xff", None, b""] * 7, pa.large_binary()),
    "no_nulls": pa.array(range(21)),
    "all_null": pa.array([None] * 21, pa.string()),
}


def test_every_type_comes_back_however_it_is_sliced(echo_batches: fuelbox.BatchFunction) -> None:
    whole = pa.record_batch(COLUMNS)
    for start in [0, 1, 3, 7, 8, 9, 16, 20, 21]:
        for rows in [0, 1, 2, 7, 8, 12, 21]:
            part = whole.slice(start, rows)
            reply = pa.record_batch(echo_batches(part))
            reply.validate(full=True)
            assert reply.equals(part), (start, rows)


def test_offsets_of_a_batch_and_of_its_columns_add_up(echo_batches: fuelbox.BatchFunction) -> None:
    # A batch that is a slice of a struct, whose fields are slices themselves.
    struct_array = pa.StructArray.from_arrays([array.slice(3) for array in COLUMNS.values()], list(COLUMNS))
    part = struct_array.slice(5, 9)
    reply = pa.record_batch(echo_batches(part))
    assert reply.to_pylist() == part.to_pylist()


def test_texts_as_views_become_texts_with_offsets(echo_batches: fuelbox.BatchFunction) -> None:
    texts = ["short", None, "longer than twelve bytes", "", "Zoë, longer than twelve bytes"] * 3
    views = pa.array(texts, pa.string_view())
    for part in [views, views.slice(2), views.slice(7, 4), views.slice(15)]:
        reply = pa.record_batch(echo_batches(pa.record_batch({"text": part})))
        assert reply.schema.field("text").type == pa.string()
        assert reply["text"].to_pylist() == part.to_pylist()
    raw = pa.array([b"\xff" * 20, None], pa.binary_view())
    assert pa.record_batch(echo_batches(pa.record_batch({"raw": raw})))["raw"].to_pylist() == raw.to_pylist()


def test_batches_without_columns_keep_their_rows(echo_batches: fuelbox.BatchFunction) -> None:
    for rows in [0, 7]:
        reply = echo_batches(pa.StructArray.from_arrays([], [], mask=None) if rows == 0 else _rows(rows))
        assert (reply.num_rows, reply.num_columns) == (rows, 0)


def _rows(rows: int) -> Any:
    return pa.record_batch({"a": pa.array(range(rows))}).select([])


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (pa.array([[1]]), "nested"),
        (pa.array([{"x": 1}]), "nested"),
        (pa.array(["a"]).dictionary_encode(), "dictionary"),
        (pa.array([0], pa.timestamp("s", "UTC")), "time zone"),
        (pa.array([None]), "none that guests take"),
        (pa.array([1], pa.decimal128(5)), "none that guests take"),
    ],
)
def test_other_types_are_refused_by_the_name_of_their_column(
    echo_batches: fuelbox.BatchFunction, column: Any, why: str
) -> None:
    with pytest.raises(fuelbox.BatchError, match=f'column 1 \\("odd"\\): .*{why}') as error:
        echo_batches(pa.record_batch({"fine": pa.array([1]), "odd": column}))
    assert (error.value.code, error.value.blame, error.value.column) == ("batch-unsupported", "host", 1)
    again = pickle.loads(pickle.dumps(error.value))
    assert (str(again), again.code, again.column) == (str(error.value), error.value.code, 1)


def test_what_is_no_batch_is_a_type_error(echo_batches: fuelbox.BatchFunction) -> None:
    for wrong in [1, b"", [1], None]:
        with pytest.raises(TypeError, match="__arrow_c_array__"):
            echo_batches(wrong)
    masked = pa.StructArray.from_arrays([pa.array([1, 2])], ["a"], mask=pa.array([True, False]))
    with pytest.raises(fuelbox.BatchError, match="null as a whole"):
        echo_batches(masked)


def test_tables_and_streams_are_mapped_batch_by_batch() -> None:
    echo = fuelbox.Module(guest("rust-echo"))
    table = pa.Table.from_batches([orders([1, 2]), orders([3])])
    for data in [table, table.to_reader(), table.to_batches(), iter(table.to_batches())]:
        assert pa.Table.from_batches(map(pa.record_batch, SANDBOX.map_batches(echo, data))) == table
    assert pa.table(next(SANDBOX.map_batches(echo, orders([5])))).to_pydict() == orders([5]).to_pydict()

    def broken() -> Any:
        yield orders([1])
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(orders([1]).schema, broken())
    with pytest.raises(ValueError, match="the disk is gone"):
        list(SANDBOX.map_batches(echo, reader))


@pytest.mark.parametrize(("count", "code"), [(13, "trap-unreachable"), (14, "out-of-fuel"), (15, "finished")])
def test_an_error_names_the_row(totals: fuelbox.Module, count: int, code: str) -> None:
    limits = fuelbox.Limits(fuel=10_000_000)
    function = SANDBOX.batches(totals, limits=limits)
    with pytest.raises(fuelbox.RowError, match="^row 3: the guest") as error:
        function(orders([1, 1, 1, count, 1]))
    assert (error.value.row, error.value.code) == (3, code)
    assert error.value.report.usage.fuel > 0
    # The next batch is not harmed.
    assert function(orders([1])).num_rows == 1
    replies = SANDBOX.map_batches(totals, [orders([1]), orders([count]), orders([2])], limits=limits, return_exceptions=True)
    assert [getattr(reply, "code", "fine") for reply in replies] == ["fine", code, "fine"]


def test_a_guest_that_lies_about_its_row_is_not_believed() -> None:
    for row, address, is_named in [(0, 8, True), (5, 8, False), (0, 2**32 - 2, False), (0, 65_533, False)]:
        module = fuelbox.Module.from_wat(
            f"""(module (memory (export "memory") 1) (data (i32.const 8) "\\{row:02x}\\00\\00\\00")
            (func (export "fuelbox_batch_row") (result i32) (i32.const {address}))
            (func (export "execute") (param i32 i32) (result i32) unreachable))"""
        )
        with pytest.raises(fuelbox.Stopped) as error:
            SANDBOX.batches(module)(ONE_ROW)
        assert isinstance(error.value, fuelbox.RowError) is is_named, (row, address)


def test_rows_have_fuel_and_so_has_the_batch(totals: fuelbox.Module) -> None:
    function = SANDBOX.batches(totals, row_fuel=50_000)
    assert function(orders([1] * 1_000)).num_rows == 1_000
    with pytest.raises(fuelbox.RowError) as error:
        function(orders([1] * 10 + [14]))
    assert (error.value.row, error.value.code) == (10, "out-of-fuel")
    assert error.value.report.usage.fuel <= 2_000_000 + 11 * 50_000
    with pytest.raises(fuelbox.Stopped) as stopped:
        SANDBOX.batches(totals, row_fuel=50_000, limits=fuelbox.Limits(fuel=100))(orders([1]))
    assert stopped.value.report.usage.fuel <= 100
    with pytest.raises(fuelbox.StartError) as refused:
        SANDBOX.batches(totals, limits=fuelbox.Limits(input_bytes=1_000))(orders([1] * 1_000))
    assert refused.value.code == "input-too-large"
    late = SANDBOX.batches(totals, limits=fuelbox.Limits(deadline=0.02))
    with pytest.raises(fuelbox.RowError, match="row 1"):
        late(orders([1, 14]))


def test_same_rows_refuses_other_numbers(totals: fuelbox.Module) -> None:
    two = batch(2, [Column(INT64, bytes(16))])
    assert answer(two).num_rows == 2
    with pytest.raises(fuelbox.BatchError, match="2 rows, it was given 1") as error:
        answer(two, same_rows=True)
    assert error.value.code == "batch-rows" and error.value.report is not None
    assert SANDBOX.batches(totals, same_rows=True)(orders([1])).num_rows == 1


def test_a_reply_outlives_everything_it_came_from() -> None:
    taken = answer(batch(2, [Column(FLOAT64, struct.pack("<2d", 0.5, 1.5))]))
    gc.collect()
    assert taken["a"].to_pylist() == [0.5, 1.5]
    reply = SANDBOX.batches(answering(batch(1, [Column(INT64, bytes(8))])))(ONE_ROW)
    # Taken any number of times, as an array and as a stream, or offered and not taken.
    for _ in range(3):
        reply.__arrow_c_array__()
        reply.__arrow_c_stream__()
        assert pa.record_batch(reply).to_pydict() == pa.table(reply).to_pydict() == {"a": [0]}
    assert pa.schema(reply).names == ["a"]


ENDS = struct.pack("<3I", 0, 2, 4)


def texts(data: bytes = "éé".encode(), ends: bytes = ENDS, **forged: int) -> Column:
    return Column(UTF8, data, offsets=ends, forged=forged)


FAR = 2**32 - 8

HOSTILE = {
    "nothing at all": (b"", "no batch"),
    "half a header": (batch(0, [])[:20], "no batch"),
    "another version": (batch(0, [], version=2), "version 2"),
    "a length too short": (batch(0, [], bytes=8), "states 8 bytes"),
    "a length too long": (batch(0, [], bytes=FAR), "states"),
    "columns beyond the batch": (batch(1, [], columns=9), "9 columns"),
    "columns without end": (batch(1, [], columns=2**32 - 1), "columns"),
    "a type of no meaning": (batch(1, [Column(99)]), "column 0: there is no type of code 99"),
    "more rows than data": (batch(2, [Column(INT64, bytes(8))]), "8 bytes, the rows need 16"),
    "rows without end": (batch(2**32 - 1, [Column(INT64, bytes(8))]), "column 0"),
    "rows without end, of texts": (batch(2**32 - 1, [texts()]), "column 0"),
    "data outside": (batch(1, [Column(INT64, bytes(8), forged={"data": FAR})]), "data does not lie within"),
    "data in the middle": (batch(1, [Column(INT64, bytes(8), forged={"data": 60})]), "multiple of 8"),
    "data in the header": (batch(1, [Column(INT64, bytes(8), forged={"data": 8})]), "something else"),
    "data of another": (
        batch(1, [Column(INT64, bytes(8)), Column(INT64, bytes(8), b"b", forged={"data": 96})]),
        "something else",
    ),
    "a bitmap outside": (batch(1, [Column(INT64, bytes(8), forged={"validity": FAR})]), "bitmap does not lie"),
    "nulls that are none": (batch(1, [Column(INT64, bytes(8), null_count=1)]), "1 rows are stated"),
    "nulls that are hidden": (batch(1, [Column(INT64, bytes(8), validity=b"\0")]), "the bitmap has 1"),
    "no offsets": (batch(2, [Column(UTF8, b"ab")]), "offsets is missing"),
    "offsets that decrease": (
        batch(2, [texts(ends=struct.pack("<3I", 0, 4, 2))]),
        "the value of row 1",
    ),
    "offsets beyond the data": (
        batch(2, [texts(ends=struct.pack("<3I", 0, 2, 5))]),
        "the value of row 1",
    ),
    "offsets that overflow": (
        batch(2, [texts(ends=struct.pack("<3I", 2**31, 2**31, 2**31 + 2))]),
        "the value of row 0",
    ),
    "large offsets that overflow": (
        batch(1, [Column(LARGE_UTF8, b"ab", offsets=struct.pack("<2Q", 2**64 - 1, 1))]),
        "the value of row 0",
    ),
    "data that overflow": (batch(2, [texts(data_bytes=2**32 - 1)]), "data does not lie"),
    "a text that is none": (batch(2, [texts(b"ab\xff\xff")]), "row 1 is not UTF-8"),
    "half a character": (
        batch(2, [texts(ends=struct.pack("<3I", 0, 1, 4))]),
        "row 0 is not UTF-8",
    ),
    "a name that is none": (batch(1, [Column(INT64, bytes(8), name=b"\xff")]), "column 0: the name is not UTF-8"),
    "a name outside": (batch(1, [Column(INT64, bytes(8), forged={"name": FAR})]), "the name does not lie"),
    "a name with a zero": (batch(1, [Column(INT64, bytes(8), name=b"a\0b")]), "the name has a zero"),
    "offsets of numbers": (batch(1, [Column(INT64, bytes(8), offsets=bytes(8))]), "offsets is missing, or"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_reply_is_an_error_that_names_the_column(what: str) -> None:
    reply, message = HOSTILE[what]
    with pytest.raises(fuelbox.BatchError, match=message) as error:
        answer(reply)
    assert (error.value.code, error.value.blame) == ("batch-reply", "guest")
    assert error.value.column == (0 if "column 0" in str(error.value) else error.value.column)
    assert error.value.report is not None and error.value.report.is_success


def test_columns_of_the_same_data_cannot_multiply_the_work() -> None:
    """Many columns that point at one large text would be checked for hours if they could."""
    text = Column(UTF8, b"a" * 60_000, offsets=struct.pack("<2I", 0, 60_000))
    one = batch(1, [text, texts()])
    (start,) = struct.unpack_from("<I", one, 24 + 24)
    same = Column(UTF8, name=b"", forged={"data": start, "data_bytes": 60_000, "offsets": start})
    with pytest.raises(fuelbox.BatchError, match="something else"):
        answer(batch(1, [text] + [same] * 4_000))
    with pytest.raises(fuelbox.BatchError, match="columns"):
        answer(batch(0, [Column(INT64, name=b"")] * 4_097))


def test_whatever_byte_is_forged_nothing_breaks() -> None:
    """What is taken is what Arrow itself finds valid."""
    first = replace(texts(), validity=b"\x01", null_count=1)
    fine = batch(2, [first, Column(INT64, bytes(16), b"b")])
    taken = 0
    for at in range(len(fine)):
        for wrong in (0x00, 0x01, 0x08, 0x7F, 0xFF):
            forged = fine[:at] + bytes([wrong]) + fine[at + 1 :]
            try:
                reply = answer(forged)
            except fuelbox.BatchError:
                continue
            reply.validate(full=True)
            taken += 1
    assert taken > 100


def test_a_stream_is_read_by_one_at_a_time() -> None:
    streams: list[Any] = []

    def batches() -> Any:
        next(streams[0])
        yield orders([1])

    streams.append(fuelbox._native.Stream(pa.RecordBatchReader.from_batches(orders([1]).schema, batches())))
    with pytest.raises(ValueError, match="the stream is in the middle of a call"):
        next(streams[0])


def test_a_function_that_its_own_guests_reach_is_collected() -> None:
    class Holder:
        function: Any

    holder = Holder()
    module = answering(batch(0, []))
    reaches = fuelbox.Function("env", "reach", lambda: bool(holder), params=[], results=[])
    holder.function = fuelbox.Sandbox(grants=["protocol", reaches]).batches(module)
    holder.function(ONE_ROW)
    watched = weakref.ref(holder)
    del holder, reaches
    gc.collect()
    assert watched() is None


def test_threads_share_a_function(totals: fuelbox.Module) -> None:
    function = SANDBOX.batches(totals)
    wrong = []

    def work(count: int) -> None:
        for _ in range(20):
            reply = pa.record_batch(function(orders([count] * 50)))
            if reply["total"].to_pylist() != [0.5 * count] * 50:
                wrong.append(count)

    threads = [threading.Thread(target=work, args=(100 + number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_reply_can_be_an_input(totals: fuelbox.Module, echo_batches: fuelbox.BatchFunction) -> None:
    reply = echo_batches(echo_batches(orders([1, 2])))
    assert pa.record_batch(SANDBOX.batches(totals)(reply))["total"].to_pylist() == [0.5, 1.0]
    assert repr(reply) == "<Batch: 2 rows of price, count, name>"


def test_the_examples_of_the_page_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "batches.md").read_text()
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert examples
    for example in examples:
        exec(example, {})

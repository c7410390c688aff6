"""Tables as Parquet: typed columns, moments in UTC, what each column means in the file itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.exporting.columns import typed
from analysis.exporting.reading import Table
from data.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


def require() -> None:
    """Raises ``InputError`` where pyarrow, which is not installed by itself for its 160 MB, is missing."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise InputError("export_no_pyarrow") from None


def schema(table: Table) -> pa.Schema:
    """The table's schema; ``description`` stands in its and its columns' metadata."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(), "json": pa.string(), "integer": pa.int64(), "number": pa.float64(),
        "boolean": pa.bool_(), "time": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    return pa.schema(
        [pa.field(column.name, kinds[column.kind], metadata={"description": column.about}) for column in table.columns],
        metadata={"description": table.about},
    )


def write_parquet(table: Table, path: Path) -> None:
    """One row group for every 50,000 rows, compressed by zstd."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shape = schema(table)
    change = [typed(column.kind) for column in table.columns]
    with pq.ParquetWriter(path, shape, compression="zstd") as writer:
        waiting: list[Any] = []
        for chunk in table.rows():
            columns = [
                pa.array([of_kind(value) for value in values], type=field.type)
                for of_kind, values, field in zip(change, zip(*chunk, strict=True), shape, strict=True)
            ]
            waiting.append(pa.record_batch(columns, schema=shape))
            if len(waiting) == _BATCHES:
                writer.write_table(pa.Table.from_batches(waiting, schema=shape))
                waiting = []
        writer.write_table(pa.Table.from_batches(waiting, schema=shape))


_BATCHES = 10

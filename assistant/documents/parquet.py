"""Reads Parquet files, in which data sets are shared, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from assistant.documents.json_lines import read_value
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Item

_ROWS = 256
"""Rows that are in memory at a time."""
_BUFFER = 1_000_000
"""Bytes of each column that are read at a time, however large a row group is."""


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per row, whose number stands in place of a line. Raises DocumentError without pyarrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise DocumentError('Parquet files need pyarrow: pip install "abstract-assistant[parquet]"') from None
    row = 0
    try:
        with source.binary() as stream, parquet.ParquetFile(stream, pre_buffer=False, buffer_size=_BUFFER) as file:
            columns = [column.name for column in file.schema_arrow if not _is_vector(column.type)]
            for batch in file.iter_batches(_ROWS, columns=columns, use_threads=False):
                for record in batch.to_pylist():
                    row += 1
                    yield from read_value(_plain(record), source, row)
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise DocumentError(f"damaged Parquet data after row {row}; what came before was read") from None


def _is_vector(kind: Any) -> bool:
    """Whether a column holds embeddings, which are long and say nothing about a paper."""
    from pyarrow import types

    return bool((types.is_list(kind) or types.is_fixed_size_list(kind)) and types.is_floating(kind.value_type))


def _plain(value: Any) -> Any:
    """The value as JSON would have it: dates as text, maps as objects."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(item, tuple) and len(item) == 2 for item in value):
            return {str(name): _plain(item) for name, item in value}
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, date) else value

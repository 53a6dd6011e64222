"""Datasets of files of comma-separated values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.data.csv_files import CsvRecords
from trackml.data.dataset import Dataset
from trackml.data.readers import names_in
from trackml.dtypes import DType, as_dtype
from trackml.ops.csv_records import decode_csv


class CsvDataset(Dataset):
    """The records of files of comma-separated values, each as a tuple with one scalar a column.

    A record that cannot be decoded raises InvalidArgumentError, which names its line and the file; the element after
    that is the next record.

    Args:
        filenames: A name, names in an array, a list or a tensor, or a dataset of names.
        record_defaults: For each column its type, where a value is required, or a default of that type: float32,
            float64, int32, int64 or string.
        compression_type: None or "" for plain text, "GZIP" or "ZLIB".
        buffer_size: Accepted for TensorFlow's sake.
        header: Whether the first record of each file is left out.
        field_delim: The character between fields.
        use_quote_delim: Whether fields may stand in double quotes, and then hold delimiters and ends of lines.
        na_value: A text that stands for a missing value, beside the empty one.
        select_cols: The columns that are wanted, in rising order; all if not given.

    Raises:
        TypeError: A default is of another type.
        ValueError: There are no defaults, or the columns are not as many or not in order.

    Example:
        >>> import pathlib, tempfile
        >>> import trackml as tf
        >>> path = pathlib.Path(tempfile.mkdtemp(), "rows.csv")
        >>> _ = path.write_text("70,house\\n,apt\\n")
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     rows = tf.data.experimental.CsvDataset(path, [[0.0], tf.string]).batch(2)
        ...     print([column.tolist() for column in session.run(rows.make_one_shot_iterator().get_next())])
        [[70.0, 0.0], [b'house', b'apt']]
    """

    def __init__(
        self,
        filenames: Any,
        record_defaults: Sequence[Any],
        compression_type: Any = None,
        buffer_size: Any = None,
        header: bool = False,
        field_delim: str = ",",
        use_quote_delim: bool = True,
        na_value: str = "",
        select_cols: Sequence[int] | None = None,
    ) -> None:
        delim = field_delim.encode() if use_quote_delim else None
        records = Dataset(CsvRecords(names_in(filenames), compression_type, bool(header), delim))
        defaults = [_default(value) for value in record_defaults]

        def columns(record: Any) -> tuple[Any, ...]:
            return tuple(
                decode_csv(
                    record,
                    defaults,
                    field_delim,
                    bool(use_quote_delim),
                    na_value=na_value,
                    select_cols=None if select_cols is None or not len(select_cols) else select_cols,
                )
            )

        super().__init__(records.map(columns)._node)


def _default(value: Any) -> Any:
    """A default, or for a type an empty vector of it: a value is required."""
    if isinstance(value, (DType, type)):
        return np.empty(0, as_dtype(value).as_numpy_dtype)
    return value

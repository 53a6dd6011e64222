"""Batches of features and labels from files of comma-separated values."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml.data.csv_columns import CsvFiles
from trackml.data.csv_dataset import CsvDataset
from trackml.data.dataset import Dataset
from trackml.data.transformations import IgnoreErrors
from trackml.dtypes import DType, string


def make_csv_dataset(
    file_pattern: Any,
    batch_size: Any,
    column_names: Sequence[str] | None = None,
    column_defaults: Sequence[Any] | None = None,
    label_name: str | None = None,
    select_columns: Sequence[int | str] | None = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: int | None = None,
    num_parallel_reads: int | None = None,
    sloppy: bool = False,
    num_rows_for_inference: int | None = 100,
    compression_type: str | None = None,
    ignore_errors: bool = False,
) -> Dataset:
    """Batches of the rows of files: a dict with one vector a column, or that and the vector of labels.

    Args:
        file_pattern: A pattern of names, or a list of patterns.
        batch_size: How many rows make a batch. Where the files are repeated without end all batches are full.
        column_names: The names of all columns; the first row of the files if not given.
        column_defaults: For each column its type, where a value is required, or a default. If not given, types are
            taken from the first rows, and 0 and the empty text are the defaults.
        label_name: The column that is the label.
        select_columns: The columns that are wanted, by number or name; all if not given.
        field_delim: The character between fields.
        use_quote_delim: Whether fields may stand in double quotes.
        na_value: A text that stands for a missing value, beside the empty one.
        header: Whether the first row of each file names the columns.
        num_epochs: How often the files are read; without end if not given.
        shuffle: Whether files and rows come in random order.
        shuffle_buffer_size: How many rows are drawn from at a time.
        shuffle_seed: Seed of the random order.
        prefetch_buffer_size: How many batches are made in advance; the library's choice if not given.
        num_parallel_reads: How many files are read in turns, a row of each; 1 if not given.
        sloppy: Accepted for TensorFlow's sake: the order is always the same.
        num_rows_for_inference: How many rows the types are taken from; all if None.
        compression_type: None or "" for plain text, "GZIP", or "ZLIB" where names and defaults are given.
        ignore_errors: Whether rows that cannot be decoded are left out.

    Raises:
        ValueError: No file matches, columns cannot be named, or an argument does not fit them.

    Example:
        >>> import pathlib, tempfile
        >>> import trackml as tf
        >>> path = pathlib.Path(tempfile.mkdtemp(), "houses.csv")
        >>> _ = path.write_text("area,kind,price\\n70,house,1.5\\n35,apt,0.8\\n")
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     rows = tf.data.experimental.make_csv_dataset(path, 2, label_name="price", shuffle=False)
        ...     features, price = session.run(rows.make_one_shot_iterator().get_next())
        ...     print({key: column.tolist() for key, column in features.items()}, price)
        {'area': [70, 35], 'kind': [b'house', b'apt']} [1.5 0.8]
    """
    names = _matching(file_pattern)
    known = column_names is not None and column_defaults is not None
    files = CsvFiles(names, field_delim, use_quote_delim, None if known else compression_type)
    columns = _column_names(files, column_names, header)
    chosen = list(range(len(columns))) if select_columns is None else _numbers(select_columns, columns)
    if column_defaults is None:
        types = files.column_types(len(columns), header, na_value, num_rows_for_inference)
        column_defaults = [_nothing(types[number]) for number in chosen]
    if select_columns is not None and len(column_defaults) != len(chosen):
        raise ValueError("If specified, column_defaults and select_columns must have same length.")
    wanted = [columns[number] for number in chosen]
    if label_name is not None and label_name not in wanted:
        raise ValueError(f"`label_name` provided must be one of the columns. Given: {label_name}, columns: {wanted}")

    def rows(filenames: Any) -> Dataset:
        read = CsvDataset(
            filenames,
            column_defaults or [],
            compression_type,
            header=header,
            field_delim=field_delim,
            use_quote_delim=use_quote_delim,
            na_value=na_value,
            select_cols=None if select_columns is None else chosen,
        )
        return Dataset(IgnoreErrors(read._node)) if ignore_errors else read

    dataset = _read(names, rows, num_parallel_reads, (shuffle, shuffle_seed))
    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    if num_epochs != 1:
        dataset = dataset.repeat(num_epochs)
    batches = dataset.batch(batch_size, drop_remainder=num_epochs is None).map(_named(wanted, label_name))
    return batches.prefetch(-1 if prefetch_buffer_size is None else prefetch_buffer_size)


def _column_names(files: CsvFiles, given: Sequence[str] | None, header: bool) -> list[str]:
    if given is None and not header:
        raise ValueError("Cannot infer column names without a header line.")
    columns = files.column_names() if given is None else list(given)
    if len(set(columns)) != len(columns):
        raise ValueError("Cannot have duplicate column names.")
    return columns


def _named(columns: Sequence[str], label_name: str | None) -> Callable[..., Any]:
    """A function from the values of a row to features, or to features and the label."""

    def named(*values: Any) -> Any:
        features = dict(zip(columns, values))
        return features if label_name is None else (features, features.pop(label_name))

    return named


def _matching(file_pattern: Any) -> list[str]:
    patterns = list(file_pattern) if isinstance(file_pattern, (list, tuple)) else [file_pattern]
    if not patterns:
        raise ValueError("File pattern is empty.")
    names = sorted(name for pattern in patterns for name in glob.glob(os.fspath(pattern)))
    if not names:
        raise ValueError(f"No files match {file_pattern}.")
    return names


def _numbers(select_columns: Sequence[int | str], columns: Sequence[str]) -> list[int]:
    places = {name: number for number, name in enumerate(columns)}
    numbers = []
    for column in select_columns:
        if isinstance(column, int) and not 0 <= column < len(columns):
            raise ValueError(f"Column index {column} specified in select_columns out of valid range.")
        if not isinstance(column, int) and column not in places:
            raise ValueError(f"Value '{column}' specified in select_columns not a valid column index or name.")
        numbers.append(column if isinstance(column, int) else places[column])
    if len(set(numbers)) != len(numbers):
        raise ValueError("select_columns contains duplicate columns")
    return sorted(numbers)


def _nothing(dtype: DType) -> Any:
    """What a missing value of that type is."""
    return [""] if dtype is string else np.zeros(1, dtype.as_numpy_dtype)


def _read(
    names: Sequence[str],
    rows: Callable[[Any], Dataset],
    num_parallel_reads: int | None,
    order: tuple[bool, int | None],
) -> Dataset:
    sources = Dataset.from_tensor_slices(np.array([name.encode() for name in names], object))
    shuffle, seed = order
    if shuffle:
        sources = sources.shuffle(len(names), seed)
    if num_parallel_reads is None or num_parallel_reads <= 1:
        return rows(sources)
    return sources.interleave(rows, cycle_length=num_parallel_reads)

"""Files of comma-separated values, record by record. A record that stands in quotes may go on over several lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackml.data.decoding import decoded
from trackml.data.files import _Files
from trackml.data.nodes import Node
from trackml.data.pipeline import Context
from trackml.data.records import Blocks
from trackml.errors import InvalidArgumentError
from trackml.ops.csv_records import CsvRecord

_BLOCK_BYTES = 1 << 18


class CsvRecords(_Files):
    """The records of files, as texts that know their lines.

    Args:
        names: Gives the names of the files.
        compression: How they are compressed.
        header: Whether the first record of each file is left out.
        delim: What stands between fields, if these may stand in quotes; otherwise None.
    """

    def __init__(self, names: Node, compression: Any, header: bool, delim: bytes | None) -> None:
        super().__init__(names, compression)
        self._header = header
        self._delim = delim

    def read(self, path: str, compression: str, context: Context) -> Blocks:
        """Records without their ends."""
        return records(path, compression, self._header, self._delim)


def records(path: str, compression: str, header: bool, delim: bytes | None) -> Blocks:
    """The records of a file.

    Args:
        path: The file.
        compression: How it is compressed.
        header: Whether the first record is left out.
        delim: What stands between fields, if these may stand in quotes, and then hold ends of lines; otherwise None.

    Raises:
        InvalidArgumentError: The file ends within quotes.
    """
    begun: list[bytes] = []
    number = first = 0
    skip = header
    for block in _lines(path, compression):
        found: list[bytes] = []
        for line in block:
            number += 1
            first = first or number
            begun.append(line)
            if delim is not None and (len(begun) > 1 or b'"' in line) and _inside_after(line, len(begun) > 1, delim):
                continue
            if not skip:
                found.append(_record(b"\n".join(begun), path, first, delim is not None))
            begun, first, skip = [], 0, False
        if found:
            yield found
    if begun:
        raise InvalidArgumentError(
            None,
            None,
            f"Reached end of file without closing quoted field in record. It begins at line {first} of {path}.",
        )


def _inside_after(line: bytes, inside: bool, delim: bytes) -> bool:
    """Whether a line ends within quotes, which are opened at the beginning of a field only."""
    at = 0
    while True:
        if inside:
            end = line.find(b'"', at)
            while end >= 0 and line[end + 1 : end + 2] == b'"':
                end = line.find(b'"', end + 2)
            if end < 0:
                return True
            inside, at = False, end + 1
        elif line[at : at + 1] == b'"':
            inside, at = True, at + 1
            continue
        at = line.find(delim, at) + 1
        if not at:
            return False


def _record(text: bytes, path: str, line: int, quotes: bool) -> CsvRecord:
    # An empty line is a record of one empty field, which the operation that decodes takes for a record of none.
    return CsvRecord.at(text or (b'""' if quotes else b""), path, line)


def _lines(path: str, compression: str) -> Iterator[list[bytes]]:
    """Lines without their ends; those of Windows end in two characters."""
    rest = b""
    with decoded(path, compression) as stream:
        while block := stream.read(_BLOCK_BYTES):
            found = (rest + block).split(b"\n")
            rest = found.pop()
            if found:
                yield [line[:-1] if line.endswith(b"\r") else line for line in found]
    if rest:
        yield [rest[:-1] if rest.endswith(b"\r") else rest]

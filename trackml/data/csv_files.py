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
    joined = _Joined(path, delim)
    for lines, has_quotes in _lines(path, compression):
        found = joined.records(lines, has_quotes)
        if header and found:
            header = False
            del found[0]
        if found:
            yield found
    joined.check_end()


class _Joined:
    """The lines of a file put together to records.

    Args:
        path: The file.
        delim: What stands between fields that may stand in quotes; None where quotes mean nothing.
    """

    def __init__(self, path: str, delim: bytes | None) -> None:
        self._path = path
        self._delim = delim
        self._begun: list[bytes] = []
        self._first = 0
        self._number = 0
        # An empty line is a record of one empty field, which the operation that decodes takes for a record of none.
        self._empty = b"" if delim is None else b'""'

    def records(self, lines: list[bytes], has_quotes: bool) -> list[bytes]:
        """The records that end in these lines."""
        if self._delim is not None and (has_quotes or self._begun):
            found = (self._next(line, self._delim) for line in lines)
            return [record for record in found if record is not None]
        start = self._number + 1
        self._number += len(lines)
        place, path, empty = CsvRecord.at, self._path, self._empty
        return [place(line or empty, path, number) for number, line in enumerate(lines, start)]

    def check_end(self) -> None:
        """InvalidArgumentError when the last record has not ended."""
        if self._begun:
            raise InvalidArgumentError(
                None,
                None,
                "Reached end of file without closing quoted field in record. "
                f"It begins at line {self._first} of {self._path}.",
            )

    def _next(self, line: bytes, delim: bytes) -> bytes | None:
        """The record that ends in this line; None when it goes on."""
        self._number += 1
        inside = bool(self._begun)
        if not inside:
            self._first = self._number
        self._begun.append(line)
        if (inside or b'"' in line) and _inside_after(line, inside, delim):
            return None
        record = CsvRecord.at(b"\n".join(self._begun) or self._empty, self._path, self._first)
        self._begun = []
        return record


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


def _lines(path: str, compression: str) -> Iterator[tuple[list[bytes], bool]]:
    """Lines without their ends, and whether there are quotes among them; those of Windows end in two characters."""
    rest = b""
    with decoded(path, compression) as stream:
        while block := stream.read(_BLOCK_BYTES):
            held = rest + block
            found = held.split(b"\n")
            rest = found.pop()
            if found:
                yield _without_returns(found) if b"\r" in held else found, b'"' in held
    if rest:
        yield _without_returns([rest]), b'"' in rest


def _without_returns(lines: list[bytes]) -> list[bytes]:
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]

"""Files of views: what is shown, to be resumed, shared, committed, or written by a program.

```python
from trackml_tui import View, write_view

write_view("loss.toml", View(tag="loss", pattern="lr<0.01"))
```

`trackml-tui --view loss.toml LOGDIR` opens it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trackml_tui.codec import from_table, to_table
from trackml_tui.state_files import replace_text
from trackml_tui.view import View

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SCHEMA = 1
_HEADER = "# A view of trackml-tui: what differs from the defaults.\n"


def write_view(path: str | os.PathLike[str], view: View, *, note: str = "") -> None:
    """Writes a view to a file, which has the old text or the new one whatever happens.

    Args:
        path: The file; its directory is made if need be.
        view: What to show. The cursor is not kept.
        note: A comment at the top.

    Raises:
        OSError: If it cannot be written.
    """
    replace_text(Path(path), view_text(view, note=note))


def view_text(view: View, *, note: str = "") -> str:
    """What a file of this view holds."""
    import tomli_w

    comment = "".join(f"# {line}\n" for line in note.splitlines())
    return f"{_HEADER}{comment}\n{tomli_w.dumps({'schema': _SCHEMA, **to_table(replace(view, cursor=None))})}"


def read_view(path: str | os.PathLike[str], default: View | None = None) -> tuple[View, list[str]]:
    """A view from a file, and what in it could not be understood and was left out.

    Args:
        path: The file.
        default: What holds for all that the file does not say.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is no TOML file.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path} is no file of a view: {error}") from error
    schema = table.pop("schema", _SCHEMA)
    merged = _merged(to_table(default or View()), table)
    view, complaints = from_table(View, merged)
    if schema != _SCHEMA:
        complaints.insert(0, f"schema: this program knows {_SCHEMA}, the file has {schema!r}")
    return view, [f"{path}: {complaint}" for complaint in complaints]


def path_for(logdirs: Sequence[Path], directory: Path) -> Path:
    """Where the last view of these log directories is kept, in whatever order they are given.

    Args:
        logdirs: The log directories.
        directory: That of all views.
    """
    names = sorted(os.path.realpath(path) for path in logdirs)
    key = hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return directory / f"{key}.toml"


def _merged(below: dict[str, object], above: dict[str, object]) -> dict[str, object]:
    result = dict(below)
    for name, value in above.items():
        known = result.get(name)
        result[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result

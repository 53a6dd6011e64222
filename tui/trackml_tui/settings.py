"""The user's settings: one TOML file, every entry of which has a default.

`python -m trackml_tui.settings` prints the reference that stands in `docs/dashboard_settings.md`.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from trackml_tui.codec import default_of, from_table
from trackml_tui.view import View

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user sets once and for all. Options of the command line go before it."""

    theme: str = "trackml-dark"
    """`trackml-dark`, `trackml-light`, `trackml-contrast`, or any theme of Textual."""
    interval: float = 0.5
    """Seconds between two looks at the files where the system does not tell of changes."""
    max_points: int | None = None
    """Hold no more scalars than this: longer series are sampled."""
    cache: bool = True
    """Keep what was read of large files, so that they open at once the next time."""
    remember: bool = True
    """Begin with what was shown of the same directories the last time."""
    graphics: str = "auto"
    """How images are drawn: `kitty` (Kitty's protocol), `blocks` (half blocks), `characters`, or `auto`, by the
    terminal. The environment's `TRACKML_GRAPHICS` goes before it."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for actions, by their names, as in `"run.toggle" = "t,space"`."""
    view: View = field(default_factory=View)
    """What is shown of directories that are opened for the first time."""


def settings_path() -> Path:
    """Where the settings are: `~/.config/trackml/config.toml` on Linux."""
    import platformdirs

    return Path(platformdirs.user_config_dir("trackml", appauthor=False)) / FILE


def read_settings(path: Path) -> tuple[Settings, list[str]]:
    """The settings in a file, and what is wrong with it; the defaults if it is not there.

    What is wrong keeps its default; the rest holds.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Settings(), [f"{path}: {error}"]
    settings, complaints = from_table(Settings, table)
    for name in ("interval", "max_points"):
        value = getattr(settings, name)
        if value is not None and not 0 < value < float("inf"):
            complaints.append(f"{name}: expected a positive number, got {value}")
            settings = replace(settings, **{name: getattr(Settings(), name)})
    return settings, [f"{path}: {complaint}" for complaint in complaints]


def reference() -> str:
    """All settings with their defaults and meanings, as a TOML file."""
    return "\n".join(_section(Settings(), "")).strip() + "\n"


def _section(value: Any, prefix: str) -> Iterator[str]:
    """One table: its own entries first, then the tables inside it, as TOML wants them."""
    meanings = field_docs(type(value))
    inner = [each for each in fields(value) if _is_table(value, each)]
    for each in fields(value):
        if each not in inner:
            yield from _comment(meanings.get(each.name, ""))
            default = default_of(each)
            said = f"{each.name} = {_toml(default)}" if default is not None else f"# {each.name} ="
            yield f"{said}"
    for each in inner:
        yield ""
        yield from _comment(meanings.get(each.name, ""))
        yield f"[{prefix}{each.name}]"
        if is_dataclass(getattr(value, each.name)):
            yield from _section(getattr(value, each.name), f"{prefix}{each.name}.")


def _is_table(value: Any, each: Field[Any]) -> bool:
    current = getattr(value, each.name)
    return is_dataclass(current) or isinstance(current, Mapping)


def field_docs(kind: type) -> dict[str, str]:
    """The texts that stand below the fields of a dataclass in its source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    docs = {}
    for statement, after in pairwise(body):
        text = _text_of(after)
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and text is not None:
            docs[statement.target.id] = " ".join(text.split())
    return docs


def _text_of(statement: ast.stmt) -> str | None:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return None
    return statement.value.value if isinstance(statement.value.value, str) else None


def _comment(text: str) -> Iterator[str]:
    yield from (f"# {line}" for line in textwrap.wrap(text, 100))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, frozenset)):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    sys.stdout.write(reference())

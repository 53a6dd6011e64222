"""Names of a package that load the module they live in at their first use (PEP 562).

Importing any submodule runs its packages' `__init__` first, so a face that imported its names would make every reader
of event files pay for the graph engine.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping

__all__ = ["attach"]


def attach(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Gives the `__getattr__` and `__dir__` of a package whose names load at their first use.

    Args:
        package: the package's `__name__`.
        homes: where each public name lives: `"package.module:name"` for a name of a module, `"package.module"` for a
            module itself.

    Returns:
        The two functions, to be bound in the package's namespace.
    """

    def load(name: str) -> object:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, attribute = home.partition(":")
        value: object = importlib.import_module(module)
        if attribute:
            value = getattr(value, attribute)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return load, names

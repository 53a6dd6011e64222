"""Every package's `__init__` is a face: its `__all__` is sorted, and each name in it resolves and says what it is."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

import trackml
import trackml_tui


def packages_of(root: ModuleType) -> list[str]:
    found = pkgutil.walk_packages(root.__path__, root.__name__ + ".")
    return [root.__name__, *(module.name for module in found if module.ispkg)]


PACKAGES = [*packages_of(trackml), *packages_of(trackml_tui)]


def body_of(package: str) -> list[ast.stmt]:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body


def assigned(package: str, name: str) -> object:
    """The literal that a package's `__init__` binds to `name`, or None."""
    for node in body_of(package):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    return None


def imports_for_type_checkers(package: str) -> dict[str, str]:
    """Name to home, as the table has it, of the imports under `if TYPE_CHECKING`."""
    block = next(node for node in body_of(package) if isinstance(node, ast.If))
    return {
        alias.asname or alias.name: f"{node.module}:{alias.name}"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def sort_key(name: str) -> tuple[int, list[str | int]]:
    """CONSTANTS, then Classes, then the rest, numbers by value: the order of ruff's RUF022."""
    case = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return case, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def documented(value: object) -> bool:
    if not (inspect.isroutine(value) or inspect.isclass(value) or inspect.ismodule(value)):
        return True  # a constant is described where it is defined
    if hasattr(value, "DESCRIPTOR"):
        return True  # a protobuf message is described in its .proto file
    written = value.__doc__ or ""
    made_by_dataclass = inspect.isclass(value) and written.startswith(f"{value.__name__}(")
    return bool(written.strip()) and not made_by_dataclass


LAZY = [package for package in PACKAGES if assigned(package, "_HOMES") is not None]


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_written_out_sorted_and_without_repeats(package: str):
    names = assigned(package, "__all__")
    assert isinstance(names, list), f"{package}/__init__.py has no __all__ that is a plain list"
    assert names == sorted(set(names), key=sort_key)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_resolves_and_has_a_docstring(package: str):
    module = importlib.import_module(package)
    assert documented(module)
    assert [name for name in module.__all__ if not documented(getattr(module, name))] == []


@pytest.mark.parametrize("package", LAZY)
def test_table_imports_and_all_of_a_lazy_package_agree(package: str):
    homes = assigned(package, "_HOMES")
    assert isinstance(homes, dict)
    as_imported = {name: home if ":" in home else ":".join(home.rsplit(".", 1)) for name, home in homes.items()}
    remedy = "run ./scripts/names"
    assert imports_for_type_checkers(package) == as_imported, remedy
    assert sorted(importlib.import_module(package).__all__) == sorted(homes), remedy


@pytest.mark.parametrize("package", LAZY)
def test_dir_of_a_lazy_package_lists_its_names(package: str):
    module = importlib.import_module(package)
    assert set(module.__all__) <= set(dir(module))


def test_an_unknown_name_of_a_lazy_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'trackml' has no attribute 'no_such_name'"):
        getattr(trackml, "no_such_name")  # noqa: B009

"""`tf.flags`: command-line flags, those of absl, which `tf.app.run` or the first look at `FLAGS` parses."""

from __future__ import annotations

import sys
from typing import Any

from absl import flags as _flags

# A flag is then told as one of the module that defines it, not of this one.
_flags.disclaim_key_flags()


class _Flags:
    """The flags of the program; parsed at the first look if nobody did so before, unknown ones left alone."""

    def __getattr__(self, name: str) -> Any:
        if not _flags.FLAGS.is_parsed():
            _flags.FLAGS(sys.argv, known_only=True)
        return getattr(_flags.FLAGS, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_flags.FLAGS, name, value)

    def __call__(self, argv: list[str], known_only: bool = False) -> list[str]:
        rest: list[str] = _flags.FLAGS(argv, known_only=known_only)
        return rest

    def __contains__(self, name: str) -> bool:
        return name in _flags.FLAGS

    def __dir__(self) -> list[str]:
        return sorted(_flags.FLAGS)


FLAGS = _Flags()


def _define(define: Any) -> Any:
    """A function of absl under the argument names of TensorFlow 1 too."""

    def with_older_names(*args: Any, **kwargs: Any) -> Any:
        older = {"flag_name": "name", "default_value": "default", "docstring": "help"}
        return define(*args, **{older.get(key, key): value for key, value in kwargs.items()})

    with_older_names.__name__ = define.__name__
    with_older_names.__doc__ = define.__doc__
    return with_older_names


DEFINE_bool = _define(_flags.DEFINE_bool)
DEFINE_boolean = _define(_flags.DEFINE_boolean)
DEFINE_enum = _flags.DEFINE_enum
DEFINE_float = _define(_flags.DEFINE_float)
DEFINE_integer = _define(_flags.DEFINE_integer)
DEFINE_list = _flags.DEFINE_list
DEFINE_multi_float = _flags.DEFINE_multi_float
DEFINE_multi_integer = _flags.DEFINE_multi_integer
DEFINE_multi_string = _flags.DEFINE_multi_string
DEFINE_string = _define(_flags.DEFINE_string)
mark_flag_as_required = _flags.mark_flag_as_required
mark_flags_as_required = _flags.mark_flags_as_required
Error = _flags.Error

__all__ = [
    "FLAGS",
    "DEFINE_bool",
    "DEFINE_boolean",
    "DEFINE_enum",
    "DEFINE_float",
    "DEFINE_integer",
    "DEFINE_list",
    "DEFINE_multi_float",
    "DEFINE_multi_integer",
    "DEFINE_multi_string",
    "DEFINE_string",
    "Error",
    "mark_flag_as_required",
    "mark_flags_as_required",
]

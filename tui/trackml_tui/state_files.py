"""Files of ours in the user's state directory: replaced as a whole, kept aside when they are damaged."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def state_directory() -> Path:
    """Where the dashboard keeps what it should remember of this user: `~/.local/state/trackml` on Linux."""
    import platformdirs

    return Path(platformdirs.user_state_dir("trackml", appauthor=False))


def replace_text(path: Path, text: str) -> None:
    """Writes a file so that readers see the old text or the new one, and a crash leaves one of them.

    Raises:
        OSError: If it cannot be written; the old file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="surrogatepass") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def set_aside(path: Path) -> Path:
    """Gives a damaged file a name that is not in use, beside its own; gives that name."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    with contextlib.suppress(OSError):
        os.replace(path, kept)
    return kept

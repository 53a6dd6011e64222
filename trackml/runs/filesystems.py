"""File systems that do not tell of all changes: what another machine writes there, this one hears nothing of.

Source: proc_pid_mountinfo(5), inotify(7) ("Limitations and caveats").
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from typing import NamedTuple

MOUNT_TABLE = "/proc/self/mountinfo"

# fmt: off
_SHARED = frozenset({
    "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "drvfs", "fhgfs", "fuse", "gfs2",
    "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "prl_fs",
    "pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs", "wekafs",
})
# fmt: on
_SHARED_PREFIX = "fuse."  # fuse.sshfs, fuse.glusterfs, ...; "fuseblk" is a disk.
_ESCAPED = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """A mounted file system."""

    device: int
    """As in `st_dev`."""
    point: str
    """The directory that it is mounted on."""
    kind: str
    """Such as "ext4"."""

    @property
    def is_shared(self) -> bool:
        """Whether others may write there unnoticed."""
        return self.kind in _SHARED or self.kind.startswith(_SHARED_PREFIX)


def read_mounts(table: str = MOUNT_TABLE) -> list[Mount]:
    """Gives what is mounted, in the order of mounting; nothing where the system has no such table."""
    try:
        with open(table, encoding="utf-8", errors="surrogateescape") as stream:
            return [mount for line in stream if (mount := _parse(line)) is not None]
    except OSError:
        return []


def shared_kind(directory: str, devices: Collection[int], mounts: list[Mount]) -> str | None:
    """Gives the kind of a shared file system that `directory` reaches into; None if there is none.

    Args:
      directory: Where to look.
      devices: What the directories below it are on, links followed.
      mounts: What is mounted.
    """
    # Some file systems, such as btrfs, have devices that are in no table; the path decides there.
    real = os.path.realpath(directory)
    holding = max((mount for mount in mounts if _is_below(real, mount.point)), key=_length, default=None)
    reached = [mount for mount in mounts if mount.device in devices or mount is holding]
    return next((mount.kind for mount in reached if mount.is_shared), None)


def _parse(line: str) -> Mount | None:
    fields, _, rest = line.partition(" - ")
    words, kinds = fields.split(), rest.split()
    if len(words) < 5 or not kinds:
        return None
    major, _, minor = words[2].partition(":")
    if not (major.isdigit() and minor.isdigit()):
        return None
    point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), words[4])
    return Mount(os.makedev(int(major), int(minor)), point, kinds[0])


def _is_below(path: str, point: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")


def _length(mount: Mount) -> int:
    return len(mount.point)

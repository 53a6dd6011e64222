"""Which file systems are shared with other machines, by the system's table of mounts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trackml.runs.filesystems import Mount, read_mounts, shared_kind

TABLE = r"""22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:40 / /home rw shared:2 master:1 - nfs4 server:/home rw,vers=4.2
31 30 0:41 / /home/me/local\040disk rw - btrfs /dev/sdb rw
a line of a later kernel
32 22 0:42 / /mnt/usb rw - fuseblk /dev/sdc rw
33 22 0:43 / /mnt/far rw - fuse.sshfs me@far:/ rw
"""
ROOT = os.makedev(253, 0)


@pytest.fixture
def mounts(tmp_path: Path) -> list[Mount]:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE)
    return read_mounts(str(table))


def test_the_table_is_read(mounts: list[Mount]) -> None:
    assert mounts[0] == (ROOT, "/", "ext4")
    assert [mount.point for mount in mounts] == ["/", "/home", "/home/me/local disk", "/mnt/usb", "/mnt/far"]


@pytest.mark.parametrize(
    ("directory", "devices", "kind"),
    [
        ("/logs", {ROOT}, None),
        ("/homely", {ROOT}, None),
        ("/home/me/runs", {os.makedev(0, 40)}, "nfs4"),
        ("/home", set(), "nfs4"),
        ("/home/me/local disk/runs", {os.makedev(0, 99)}, None),
        ("/logs", {ROOT, os.makedev(0, 40)}, "nfs4"),
        ("/mnt/usb/runs", {os.makedev(0, 42)}, None),
        ("/mnt/far/runs", {os.makedev(0, 43)}, "fuse.sshfs"),
    ],
)
def test_a_shared_file_system_is_known(
    directory: str, devices: set[int], kind: str | None, mounts: list[Mount]
) -> None:
    assert shared_kind(directory, devices, mounts) == kind


def test_without_a_table_nothing_is_known() -> None:
    assert read_mounts("/nowhere/mountinfo") == []
    assert shared_kind("/logs", {ROOT}, []) is None

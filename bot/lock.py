"""One process per SQLite file. The lock goes when its process does, so holding it proves that all earlier are dead."""

import errno
import fcntl
import os
import sys
from pathlib import Path
from typing import Self

EXIT_CODE = 3
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.glusterfs"}
)
_MOUNTS = Path("/proc/self/mountinfo")


class LockRefused(Exception):  # noqa: N818 (told to the operator in one line)
    """This process may not use the file. The text is one line for the operator; the exit code is 3."""


class FileLock:
    """Holds `<database>.lock` from `acquire` to `release`, or to the end of the process, however it ends."""

    def __init__(self, database: Path, mounts: Path = _MOUNTS) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._mounts = mounts
        self._descriptor: int | None = None

    def acquire(self) -> Self:
        """Take the lock. Raises `LockRefused` if another process holds it or the disk is not of this machine."""
        kind = filesystem(self._path.parent.resolve(), _read(self._mounts))
        if kind in _NETWORK:
            raise LockRefused(f"{self._path.parent} is a network file system ({kind}): SQLite needs a local disk, "
                              "or set PANDU_DATABASE_URL to PostgreSQL")  # fmt: skip
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise _refusal(error, self._path) from None
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        # The file stays: removing it would let two processes lock two files of one name.
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _refusal(error: OSError, path: Path) -> Exception:
    if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
        return error
    return LockRefused(
        f"another Pandu is running on this database ({path.with_suffix('')}): end it first, or use PostgreSQL"
    )


def filesystem(path: Path, mountinfo: str) -> str | None:
    """The kind of file system that holds `path`, from the text of Linux's mountinfo; None where it is unknown."""
    best, kind = -1, None
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) < 5 or not right:
            continue
        mount = Path(fields[4].encode().decode("unicode_escape"))
        if path.is_relative_to(mount) and len(mount.parts) >= best:
            best, kind = len(mount.parts), right.split()[0]
    return kind


def _read(mounts: Path) -> str:
    return mounts.read_text(errors="replace") if sys.platform == "linux" and mounts.exists() else ""

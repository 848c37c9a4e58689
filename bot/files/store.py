"""Copies of evidence in the data directory, named by their content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Final

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_UNFINISHED: Final = ".part"
_ABANDONED_AFTER: Final = 3600.0


class EvidenceDamagedError(Exception):
    """A copy is no longer what was stored."""


class EvidenceStore:
    """Files at `evidence/<first two>/<sha256>`, readable by Pandu's own account only."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / "evidence"

    def keep(self, content: bytes, sha256: str) -> None:
        """Store the copy; after the return it outlives a power cut. Keeping it twice does no harm.

        Raises `ValueError` if the content has another hash, `OSError` if the disk is full or not writable.
        """
        place = self._place(sha256)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError("the content does not have this sha256")
        if self.has(sha256):
            return
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        _write_whole(place, content)

    def read(self, sha256: str) -> bytes:
        """The copy, bit by bit. Raises `FileNotFoundError` if there is none, `EvidenceDamagedError` if it changed."""
        content = self._place(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EvidenceDamagedError(f"the copy of evidence {sha256} is damaged; restore it from a backup")
        return content

    def has(self, sha256: str) -> bool:
        return self._place(sha256).is_file()

    def tidy(self) -> None:
        """Remove what a killed process left half written an hour ago or earlier."""
        oldest = time.time() - _ABANDONED_AFTER
        for left in self._root.glob(f"??/*{_UNFINISHED}"):
            if left.stat().st_mtime < oldest:
                left.unlink(missing_ok=True)

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256 in small hexadecimal letters")
        return self._root / sha256[:2] / sha256


def _write_whole(place: Path, content: bytes) -> None:
    # mkstemp makes the file with mode 0600 and a name that no other process writes to.
    handle, part = tempfile.mkstemp(_UNFINISHED, place.name, place.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, place)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    for directory in (place.parent, place.parent.parent):
        _sync_directory(directory)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

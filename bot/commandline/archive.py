"""A backup: one ZIP file that any machine can open. `manifest.json`, `tables/NAME.jsonl`, `evidence/ab/SHA256`."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from db.tables import Row

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024


class BrokenArchive(Exception):  # noqa: N818 (told to the operator in one line)
    """The file is no backup, or not as it was written. The text says why, on one line."""


class Mark(BaseModel):
    """How a part is known again."""

    sha256: str
    size: int


class Manifest(BaseModel):
    """What a backup says of itself."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    pandu: str
    made_at: datetime
    schema_version: str
    edition: str | None
    last_update_id: int | None
    rows: dict[str, int] = {}
    parts: dict[str, Mark] = {}


class Writer:
    """Adds parts and keeps the manifest of them."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self._manifest = manifest

    def add_table(self, name: str, rows: Iterable[Row]) -> None:
        """One row a line."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

        self._add(table_part(name), lines(), zipfile.ZIP_DEFLATED)
        self._manifest.rows[name] = count

    def add_file(self, part: str, path: Path) -> None:
        """A file as it is: evidence is packed already."""
        with path.open("rb") as content:
            self._add(part, iter(lambda: content.read(CHUNK), b""), zipfile.ZIP_STORED)

    def finish(self) -> None:
        self._archive.writestr(MANIFEST, self._manifest.model_dump_json(indent=1), zipfile.ZIP_DEFLATED)

    def _add(self, part: str, chunks: Iterable[bytes], method: int) -> None:
        entry = zipfile.ZipInfo(part, self._manifest.made_at.timetuple()[:6])
        entry.compress_type, digest, size = method, hashlib.sha256(), 0
        with self._archive.open(entry, "w", force_zip64=True) as sink:
            for chunk in chunks:
                sink.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._manifest.parts[part] = Mark(sha256=digest.hexdigest(), size=size)


class Reader:
    """An archive whose every part was compared with its manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = _manifest(archive)
        self._compare()

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table; none if the backup has no such table."""
        if table_part(table) not in self.manifest.parts:
            return
        with self._archive.open(table_part(table)) as lines:
            for line in lines:
                yield json.loads(line)

    def files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """Names (without folders) and contents."""
        for part in self.manifest.parts:
            if part.startswith(f"{folder}/"):
                yield part.rpartition("/")[2], self._archive.read(part)

    def _compare(self) -> None:
        present = set(self._archive.namelist()) - {MANIFEST}
        if present != set(self.manifest.parts):
            raise BrokenArchive("parts are missing from the backup, or were added to it")
        for part, mark in self.manifest.parts.items():
            with self._archive.open(part) as content:
                if _digest(content) != mark.sha256:
                    raise BrokenArchive(f"{part} is not as it was written")


def table_part(name: str) -> str:
    return f"tables/{name}.jsonl"


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        return Manifest.model_validate_json(archive.read(MANIFEST))
    except (KeyError, ValidationError):
        raise BrokenArchive("this is not a backup of Pandu, or one of a later release") from None


@contextmanager
def written(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """A new archive at `path`, there whole or not at all, readable by its owner only."""
    beside = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                writer = Writer(archive, manifest)
                yield writer
                writer.finish()
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """An archive to read. Raises `BrokenArchive` with the path, before anything of it was used."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reader(archive)
    except (BrokenArchive, zipfile.BadZipFile) as error:
        raise BrokenArchive(f"{path}: {error}: nothing was restored") from None

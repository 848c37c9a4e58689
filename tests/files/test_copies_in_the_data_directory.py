"""A copy is whole or absent, private, and the same bits for ever."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.files import EvidenceDamagedError, EvidenceStore

CONTENT = b"%PDF-1.7 surat keputusan"
SHA = hashlib.sha256(CONTENT).hexdigest()

KEEP_FOR_EVER = """
import hashlib, sys
from pathlib import Path
from bot.files import EvidenceStore
store = EvidenceStore(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(10**9):
    content = number.to_bytes(8, "big") * 200_000
    store.keep(content, hashlib.sha256(content).hexdigest())
"""


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "data")


def files(data_dir: Path) -> list[Path]:
    return [each for each in (data_dir / "evidence").rglob("*") if each.is_file()]


def test_a_copy_is_read_back_bit_by_bit(store: EvidenceStore) -> None:
    assert not store.has(SHA)
    store.keep(CONTENT, SHA)

    assert store.has(SHA)
    assert store.read(SHA) == CONTENT


def test_a_copy_lies_under_its_hash_and_belongs_to_pandu_alone(store: EvidenceStore, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store.keep(CONTENT, SHA)
    finally:
        os.umask(before)
    place = tmp_path / "data" / "evidence" / SHA[:2] / SHA

    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.parent.parent.stat().st_mode) == 0o700


def test_keeping_the_same_copy_again_changes_nothing(store: EvidenceStore, tmp_path: Path) -> None:
    store.keep(CONTENT, SHA)
    (before,) = files(tmp_path / "data")
    first = before.stat()
    store.keep(CONTENT, SHA)

    assert [each.stat() for each in files(tmp_path / "data")] == [first]


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "\n"])
def test_nothing_but_a_hash_names_a_place(store: EvidenceStore, sha256: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        store.keep(CONTENT, sha256)
    with pytest.raises(ValueError, match="not a sha256"):
        store.read(sha256)


def test_a_hash_of_another_content_is_refused(store: EvidenceStore, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not have this sha256"):
        store.keep(CONTENT + b"!", SHA)
    assert not (tmp_path / "data").exists()


def test_a_copy_that_changed_on_the_disk_is_not_handed_out(store: EvidenceStore, tmp_path: Path) -> None:
    store.keep(CONTENT, SHA)
    (place,) = files(tmp_path / "data")
    place.write_bytes(CONTENT.replace(b"surat", b"SURAT"))

    with pytest.raises(EvidenceDamagedError, match="restore it from a backup"):
        store.read(SHA)


def test_a_copy_that_is_not_there_is_said_to_be_missing(store: EvidenceStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.read(SHA)


def test_killed_at_any_moment_only_whole_copies_have_a_hash_for_a_name(store: EvidenceStore, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    for moment in range(4):
        process = subprocess.Popen([sys.executable, "-c", KEEP_FOR_EVER, data_dir], stdout=subprocess.PIPE)
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.03 * moment)
            process.kill()
    for each in files(data_dir):
        if each.suffix != ".part":
            assert hashlib.sha256(each.read_bytes()).hexdigest() == each.name


def test_what_a_killed_process_left_is_removed_after_an_hour(store: EvidenceStore, tmp_path: Path) -> None:
    store.keep(CONTENT, SHA)
    folder = tmp_path / "data" / "evidence" / SHA[:2]
    old, fresh = folder / "old.part", folder / "fresh.part"
    for each in (old, fresh):
        each.write_bytes(b"half")
    os.utime(old, (time.time() - 4000, time.time() - 4000))
    store.tidy()

    assert sorted(each.name for each in folder.iterdir()) == sorted([SHA, "fresh.part"])

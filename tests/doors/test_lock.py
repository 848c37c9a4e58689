"""Two processes never write one SQLite file, and a file on a network disk is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.lock import FileLock, LockRefused, filesystem

MOUNTS = """22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
40 22 0:35 / /srv/share rw - nfs4 server:/export rw
41 22 0:36 / /srv/share/local rw - tmpfs tmpfs rw
42 22 0:37 / /mnt/with\\040space rw - cifs //server/x rw
broken line
"""


def test_a_second_holder_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "pandu.db"
    held = FileLock(path).acquire()
    with pytest.raises(LockRefused, match="another Pandu is running") as refused:
        FileLock(path).acquire()
    assert "\n" not in str(refused.value)
    assert "pandu.db" in str(refused.value)

    held.release()
    FileLock(path).acquire().release()


def test_another_process_is_refused_and_the_lock_goes_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "pandu.db"
    words = "import sys; from pathlib import Path; from bot.lock import FileLock; FileLock(Path(sys.argv[1])).acquire()"
    holder = subprocess.Popen(
        [sys.executable, "-c", words + "; print('held', flush=True); sys.stdin.read()", str(path)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(LockRefused):
        FileLock(path).acquire()
    holder.kill()
    holder.wait()
    FileLock(path).acquire().release()
    holder.stdin.close()
    holder.stdout.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/pandu", "ext4"),
        ("/srv/share/pandu", "nfs4"),
        ("/srv/share/local/pandu", "tmpfs"),
        ("/srv/shared", "ext4"),
        ("/mnt/with space/x", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert filesystem(Path(path), MOUNTS) == kind


def test_where_nothing_is_known_nothing_is_refused() -> None:
    assert filesystem(Path("/x"), "") is None


def test_a_network_disk_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 0:1 / {tmp_path.resolve()} rw - nfs4 server:/export rw\n")
    with pytest.raises(LockRefused, match=r"network file system \(nfs4\)"):
        FileLock(tmp_path / "pandu.db", mounts).acquire()

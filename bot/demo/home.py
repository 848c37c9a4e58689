"""Where a demo keeps its things between two starts."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.app import CannotStart


@dataclass(frozen=True, slots=True)
class DemoHome:
    """Where a demo keeps its things."""

    directory: Path

    @property
    def database_url(self) -> str:
        return f"sqlite+aiosqlite:///{self.directory / 'pandu.db'}"

    @property
    def log_path(self) -> Path:
        return self.directory / "pandu.log"

    @property
    def clock_path(self) -> Path:
        return self.directory / "clock"

    @property
    def _built_path(self) -> Path:
        return self.directory / "built"

    def is_built_in(self, database_url: str) -> bool:
        """Whether the sample was completed, in this database."""
        return self._built_path.exists() and self._built_path.read_text() == _named(database_url)

    def set_built_in(self, database_url: str) -> None:
        self._built_path.write_text(_named(database_url))

    def prepare(self) -> None:
        """Make the directory. Raises `CannotStart` where that is not allowed."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self.log_path.touch()
        except OSError as error:
            raise CannotStart(
                f"{self.directory}: {error.strerror}: start the demo where files may be written, "
                "or set PANDU_DATA_DIR to such a directory",
                2,
            ) from None

    def clear(self) -> None:
        """Forget everything but the log and the lock."""
        self._built_path.unlink(missing_ok=True)
        for path in self.directory.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.suffix not in (".log", ".lock"):
                path.unlink()


def _named(database_url: str) -> str:
    """The database without its password."""
    return make_url(database_url).render_as_string(hide_password=True)

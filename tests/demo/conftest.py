"""A demo built once in a process of its own; every test goes on from a copy of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo.playing import Playing, began

Go = Callable[..., Playing]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which a fresh demo was started and ended."""
    directory = tmp_path_factory.mktemp("demo")
    demo = began(directory)
    (directory / "first-line").write_text(demo.line)
    (directory / "lines-before").write_text("\n".join(demo.before))
    (directory / "first-time").write_text(demo.get("/sim/clock")["now"])
    assert demo.end() == 0
    return directory


@pytest.fixture(scope="session")
def playing(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """A demo that runs while several tests look at it."""
    copy = tmp_path_factory.mktemp("playing") / "demo"
    shutil.copytree(built, copy)
    demo = began(copy)
    yield demo
    assert demo.end() == 0


@pytest.fixture
def directory(built: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "demo"
    shutil.copytree(built, copy)
    return copy


@pytest.fixture
def go_on() -> Iterator[Go]:
    """Starts demos that end with the test at the latest."""
    running: list[Playing] = []

    def start(directory: Path, *arguments: str) -> Playing:
        running.append(began(directory, *arguments))
        return running[-1]

    yield start
    for demo in running:
        demo.kill()

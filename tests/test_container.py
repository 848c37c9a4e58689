"""The image and its neighbours, as far as they can be proved without building an image."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """What the command printed; a failure shows it."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_dockerfile_passes_its_linter() -> None:
    run(TOOLS / "hadolint", "Dockerfile")


def test_the_compose_file_follows_the_compose_specification() -> None:
    run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


@pytest.mark.parametrize("kind", ["secrets", "networks"])
def test_what_a_service_refers_to_is_declared(kind: str) -> None:
    wanted = {name for service in SERVICES.values() for name in service.get(kind, ())}
    assert wanted == set(COMPOSE[kind])


def test_every_volume_of_a_service_is_declared() -> None:
    wanted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert wanted == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_change_nothing_but_its_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}


def test_the_bot_starts_after_the_migration_which_starts_after_the_database() -> None:
    assert SERVICES["bot"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"


def test_no_secret_stands_in_the_compose_file() -> None:
    names = {name for service in SERVICES.values() for name in service["environment"]}
    assert not [name for name in names if re.search("TOKEN|PASSWORD$|DATABASE_URL", name)]
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())


def test_the_image_runs_as_a_numeric_user_that_owns_only_the_data() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^RUN install -d -o 10001 -g 10001 -m 0700 /data$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.rstrip().endswith('ENTRYPOINT ["pandu"]\nCMD ["run"]')


def copied() -> list[str]:
    """What the build stage takes from the repository."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    return [word for line in lines for word in shlex.split(line)]


def test_what_the_dockerfile_copies_is_let_through() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert allowed == set(copied())
    assert all((ROOT / path).exists() for path in allowed)


def copied_packages() -> list[str]:
    return [path for path in copied() if (ROOT / path).is_dir()]


def build_commands(source: Path, target: Path) -> list[str]:
    """The RUN commands of the first stage, moved from the image's folders to ours."""
    stage = DOCKERFILE.split("\nFROM ")[1].replace("\\\n", " ")
    return [
        command.replace("/opt/pandu", str(target)).replace("/src", str(source))
        for command in re.findall(r"^RUN (.+)$", stage, re.MULTILINE)
    ]


@pytest.mark.prove
def test_the_commands_of_the_image_make_a_pandu_that_runs(tmp_path: Path) -> None:
    source, target = tmp_path / "src", tmp_path / "opt"
    run("git", "clone", "--quiet", "--no-hardlinks", ROOT, source)
    run(sys.executable, "-m", "venv", tmp_path / "base")
    settings = dict(re.findall(r"(UV_\w+|PIP_\w+)=(\w+)", DOCKERFILE))
    path = f"{tmp_path / 'base' / 'bin'}:/usr/bin:/bin"
    for command in build_commands(source, target):
        run("/bin/sh", "-ec", command, cwd=source, PATH=path, **settings)

    pandu, python = target / "bin" / "pandu", target / "bin" / "python"
    assert "migrate" in run(pandu, "--help", cwd=tmp_path)
    home = Path(run(python, "-c", "import bot; print(bot.__file__)", cwd=tmp_path).strip()).parents[1]
    assert home.is_relative_to(target), "an editable install would need the sources"
    shipped = run("git", "ls-files", *copied_packages(), cwd=source).splitlines()
    assert [path for path in shipped if not (home / path).is_file()] == []
    run(pandu, "migrate", cwd=tmp_path, PANDU_BOT_TOKEN="1:A", PANDU_DATA_DIR="data")
    assert (tmp_path / "data" / "pandu.db").is_file()

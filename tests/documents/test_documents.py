"""The documents say what the code does, and name nothing that is not theirs to name."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.services.rights import Act
from bot.settings import Settings
from tests.browser import pictures
from tests.documents.rights_table import ACTS, GUIDE, ROLES, with_table

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    ROOT.glob("docs/**/*.md")
)
LINK = re.compile(r"\]\(([^)#\s]+)\)")


def test_the_table_of_rights_in_the_guide_is_the_one_in_the_code() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert with_table(guide) == guide, "run `python -m tests.documents.rights_table`"
    assert set(ACTS) == set(Act)
    assert len(ROLES) == 7


def test_every_setting_stands_in_the_operators_guide() -> None:
    guide = (ROOT / "docs" / "pengelola.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"PANDU_{name.upper()}" not in guide]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    targets = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in targets if not (document.parent / link).exists()] == []


def test_every_picture_is_made_by_the_screenshots_and_shown_in_a_document() -> None:
    shown = {Path(link).name for document in DOCUMENTS for link in LINK.findall(document.read_text(encoding="utf-8"))}
    kept = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    assert kept == pictures.names() == {name for name in shown if name.endswith(".png")}


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    patterns = [r"pypi\.org", r"pythonhosted", r"registry\.npmjs", r"(^|[^A-Za-z0-9_.-])/(work|farm|root)/"]
    found = subprocess.run(
        ["git", "grep", "-lE", "|".join(patterns), "--", ".", ":!*.svg", ":!tests/documents/test_documents.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.split() == []

"""What a person sends: evidence, looked into without being opened and kept bit by bit; and lists, read as text."""

from bot.files.inspection import DOWNLOAD_LIMIT, Accepted, Inspection, inspect
from bot.files.kinds import FileKind
from bot.files.links import Link, check_link
from bot.files.names import safe_name
from bot.files.reasons import REASONS, Reason
from bot.files.rows import LIST_LIMIT, read_rows
from bot.files.store import EvidenceDamagedError, EvidenceStore

__all__ = [
    "DOWNLOAD_LIMIT",
    "LIST_LIMIT",
    "REASONS",
    "Accepted",
    "EvidenceDamagedError",
    "EvidenceStore",
    "FileKind",
    "Inspection",
    "Link",
    "Reason",
    "check_link",
    "inspect",
    "read_rows",
    "safe_name",
]

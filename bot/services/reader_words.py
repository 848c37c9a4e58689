"""How it is said what became of a reader's copy, the same on every page and in every workbook."""

from collections.abc import Mapping

from bot.words import Plain, Say, _
from db.vocabulary import ReaderState

STATES: Mapping[ReaderState, Say] = {
    ReaderState.PLANNED: _("waiting"),
    ReaderState.QUEUED: _("waiting"),
    ReaderState.SENT: _("sent"),
    ReaderState.IN_DOUBT: _("uncertain whether it arrived"),
    ReaderState.FAILED: _("failed"),
    ReaderState.DROPPED: _("not sent any more"),
}
# What we write down ourselves, and lower-case parts of Telegram's descriptions.
_OURS: Mapping[str, Say] = {
    "unreachable": _("could not be reached before"),
    "stopped": _("the announcement was stopped"),
    "expired": _("it was no longer valid"),
    "begun": _("its session had begun"),
    "recalled": _("the announcement was recalled"),
    "older than 48 hours": _("it is older than 48 hours, so a file stays"),
    "no longer in this seat": _("no longer in this seat"),
}
_TELEGRAMS: Mapping[str, Say] = {
    "blocked": _("has blocked Pandu"),
    "deactivated": _("the Telegram account was deleted"),
    "chat not found": _("has never opened Pandu or deleted the account"),
    "can't be deleted": _("Telegram does not delete it any more"),
    "can't be edited": _("Telegram does not change it any more"),
    "timed out": _("Telegram did not answer"),
}


def reason(why: str) -> Say:
    """Why a copy did not arrive, or a person cannot be reached; what nobody foresaw stays in Telegram's words."""
    known = (said for part, said in _TELEGRAMS.items() if part in why.lower())
    return _OURS.get(why) or next(known, Plain(why))

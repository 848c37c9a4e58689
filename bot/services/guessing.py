"""Whoever types wrong codes again and again waits, whatever the codes are for."""

from bot.services import alarms, invite_codes
from bot.services.visits import Visit
from bot.words import Clock, Say, _


def silence(visit: Visit) -> Say | None:
    """When this account may try again; None: now."""
    guesses = invite_codes.guesses_of(visit.work.session, visit.telegram_id, visit.work.now)
    until = invite_codes.silent_until(guesses)
    if until is None or until <= visit.work.now:
        return None
    return _("Too many attempts. Please try again at {time}.", time=Clock(until, visit.zone))


def count(visit: Visit) -> None:
    """Keep that a code was wrong; very many of them within an hour raise an alarm."""
    of_all = invite_codes.count_guess(visit.work.session, visit.telegram_id, visit.work.now)
    if of_all == invite_codes.GUESSES_OF_ALL:
        alarms.raise_alarm(visit, "guessing", None)

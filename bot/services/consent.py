"""Consent to the privacy notice: recorded with its version, asked again when the notice changes."""

from collections.abc import Mapping

from bot.flows.joining_steps import RenewConsent, Renewing
from bot.flows.notice import NOTICE_VERSION
from bot.flows.turns import Wish
from bot.services.conversations import Begin, Conversations, Grant, Reply
from bot.services.visits import Visit
from bot.services.work import Work
from db.models import Person


def needed(person: Person) -> bool:
    """Whether this person has yet to agree to the notice as it is now."""
    return (person.notice_version or 0) < NOTICE_VERSION


def ask_again(conversations: Conversations, visit: Visit) -> Reply | None:
    """Show the changed notice, on top of whatever is open. None if consent is up to date or is being asked."""
    opened = visit.chat.flow or {}
    if visit.person is None or not needed(visit.person) or opened.get("state", {}).get("step") == "renew":
        return None
    return conversations.begin(visit, Begin("joining", Renewing(contact=visit.work.programme.privacy_contact)))


def record(work: Work, person: Person, version: int) -> None:
    """Write down that the person agreed to this version now; the audit's cause names the update that proves it."""
    before = person.notice_version
    person.notice_version, person.consented_at = version, work.now
    work.session.flush()
    work.audit("consent", "person", person.id, before={"version": before}, after={"version": version})


def renew(visit: Visit, wish: RenewConsent) -> None:
    record(visit.work, visit.member, wish.notice_version)


GRANTS: Mapping[type[Wish], Grant] = {RenewConsent: renew}

"""All tables of Pandu."""

from db.models.audit import AuditEntry
from db.models.base import Base
from db.models.items import Evidence, Holiday, Item, Participant, Submission, SubmissionEvidence
from db.models.people import Edition, Invite, InviteGuess, JoinRequest, Person, Scope, Seat
from db.models.queues import Conversation, InboxUpdate, Lease, OutboxMessage, Paper

__all__ = [
    "AuditEntry",
    "Base",
    "Conversation",
    "Edition",
    "Evidence",
    "Holiday",
    "InboxUpdate",
    "Invite",
    "InviteGuess",
    "Item",
    "JoinRequest",
    "Lease",
    "OutboxMessage",
    "Paper",
    "Participant",
    "Person",
    "Scope",
    "Seat",
    "Submission",
    "SubmissionEvidence",
]

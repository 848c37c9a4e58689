"""All tables of Pandu."""

from db.models.announcements import Announcement, CheckIn, Reader, SavedAudience, Switch
from db.models.audit import AuditEntry
from db.models.base import Base
from db.models.items import Evidence, Holiday, Item, Participant, Submission, SubmissionEvidence
from db.models.people import Edition, Invite, InviteGuess, JoinRequest, Person, Scope, Seat
from db.models.questions import (
    Absence,
    Article,
    ArticleVote,
    CannedAnswer,
    Escalation,
    Post,
    PostFile,
    Question,
    Search,
    Target,
)
from db.models.queues import Conversation, InboxUpdate, Lease, OutboxMessage, Paper
from db.models.search import SearchBuild, SearchEntry, SearchSlip

__all__ = [
    "Absence",
    "Announcement",
    "Article",
    "ArticleVote",
    "AuditEntry",
    "Base",
    "CannedAnswer",
    "CheckIn",
    "Conversation",
    "Edition",
    "Escalation",
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
    "Post",
    "PostFile",
    "Question",
    "Reader",
    "SavedAudience",
    "Scope",
    "Search",
    "SearchBuild",
    "SearchEntry",
    "SearchSlip",
    "Seat",
    "Submission",
    "SubmissionEvidence",
    "Switch",
    "Target",
]

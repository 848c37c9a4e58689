"""All tables of Pandu."""

from db.models.announcements import (
    Announcement,
    CheckIn,
    Reader,
    SavedAudience,
    Series,
    Switch,
)
from db.models.audit import AuditEntry
from db.models.base import Base
from db.models.items import (
    Cohort,
    CohortRegion,
    Evidence,
    Holiday,
    Item,
    Participant,
    Submission,
    SubmissionEvidence,
)
from db.models.meetings import Meeting, MeetingAnswer
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
from db.models.queues import Conversation, Export, InboxUpdate, Lease, OutboxMessage, Paper
from db.models.search import SearchBuild, SearchEntry, SearchSlip
from db.models.time import DigestClock, Extension, RegionPause, Reminder, Snapshot, Snooze, TimeSettings

__all__ = [
    "Absence",
    "Announcement",
    "Article",
    "ArticleVote",
    "AuditEntry",
    "Base",
    "CannedAnswer",
    "CheckIn",
    "Cohort",
    "CohortRegion",
    "Conversation",
    "DigestClock",
    "Edition",
    "Escalation",
    "Evidence",
    "Export",
    "Extension",
    "Holiday",
    "InboxUpdate",
    "Invite",
    "InviteGuess",
    "Item",
    "JoinRequest",
    "Lease",
    "Meeting",
    "MeetingAnswer",
    "OutboxMessage",
    "Paper",
    "Participant",
    "Person",
    "Post",
    "PostFile",
    "Question",
    "Reader",
    "RegionPause",
    "Reminder",
    "SavedAudience",
    "Scope",
    "Search",
    "SearchBuild",
    "SearchEntry",
    "SearchSlip",
    "Seat",
    "Series",
    "Snapshot",
    "Snooze",
    "Submission",
    "SubmissionEvidence",
    "Switch",
    "Target",
    "TimeSettings",
]

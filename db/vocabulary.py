"""The words that rows are written in. A value here is stored: renaming one is a migration."""

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """Design: a seat is a role in a scope; what each may do stands in `bot.services.rights`."""

    OFFICIAL = "official"
    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    MENTOR = "mentor"
    OBSERVER = "observer"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


REGION_ROLES = frozenset({Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR})


class ItemState(StrEnum):
    """The six states of a checklist item in one region."""

    UNTOUCHED = "untouched"
    STARTED = "started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"


class SubmissionKind(StrEnum):
    """A mandatory item that does not apply is itself put to the reviewer."""

    EVIDENCE = "evidence"
    WAIVER = "waiver"


class Verdict(StrEnum):
    """What became of a submission."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class EvidenceKind(StrEnum):
    DOCUMENT = "document"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    LINK = "link"
    TEXT = "text"


class EvidenceState(StrEnum):
    """Files are looked into before they count."""

    CHECKING = "checking"
    STORED = "stored"
    REFUSED = "refused"


class RequestState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class ActorKind(StrEnum):
    """Who did it: a person in the chat, the clock, or the operator at the command line."""

    PERSON = "person"
    SYSTEM = "system"
    OPERATOR = "operator"


class HolidayKind(StrEnum):
    HOLIDAY = "holiday"
    JOINT_LEAVE = "joint_leave"
    WORKING = "working"


class InboxState(StrEnum):
    NEW = "new"
    DONE = "done"
    DEAD = "dead"
    IGNORED = "ignored"


class OutboxState(StrEnum):
    """WAITING → SENDING → one of the others. SENDING means: perhaps sent."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    DEAD = "dead"
    HELD = "held"
    CANCELLED = "cancelled"


class Lane(IntEnum):
    """Replies overtake notices, notices overtake bulk."""

    REPLY = 0
    NOTICE = 1
    BULK = 2


class Policy(StrEnum):
    """What happens when Telegram may or may not have taken a message.

    REPEATABLE: the call is harmless to repeat (an edit). AT_LEAST_ONCE: sent again, marked as such.
    AT_MOST_ONCE: never sent again without a person's word.
    """

    REPEATABLE = "repeatable"
    AT_LEAST_ONCE = "at_least_once"
    AT_MOST_ONCE = "at_most_once"


class QuestionState(StrEnum):
    """baru → ditugaskan → menunggu penanya → dijawab → selesai."""

    NEW = "new"
    TAKEN = "taken"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class Closing(StrEnum):
    """Why a question is over: the asker is content, a mentor says so, nobody replied, or another one has it."""

    THANKED = "thanked"
    SOLVED = "solved"
    SILENT = "silent"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class PostKind(StrEnum):
    """What a part of a question's thread is. Notes stay between mentors."""

    QUESTION = "question"
    ANSWER = "answer"
    ASK_BACK = "ask_back"
    REPLY = "reply"
    NOTE = "note"


class ArticleState(StrEnum):
    """A draft is its owner's, a staff article the mentors', a public one everybody's."""

    DRAFT = "draft"
    STAFF = "staff"
    PUBLIC = "public"


class AnnouncementState(StrEnum):
    """DRAFT → (APPROVAL →) SCHEDULED → SENDING ⇄ PAUSED → DONE, or STOPPED. SCHEDULED includes the seconds in which
    a confirmed announcement can still be called off. RECALLED took its copies back from readers, SKIPPED is an
    occurrence of a series that never left."""

    DRAFT = "draft"
    APPROVAL = "approval"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    RECALLED = "recalled"
    DISCARDED = "discarded"
    SKIPPED = "skipped"


class Confirmation(StrEnum):
    """What an announcement asks of its readers."""

    NONE = "none"
    READ = "read"
    ATTENDANCE = "attendance"


class ReaderState(StrEnum):
    """PLANNED → QUEUED → one of the others. DROPPED lost the right meanwhile, or did not want it in time."""

    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"
    DROPPED = "dropped"


class ExtensionState(StrEnum):
    """ASKED → GRANTED or REFUSED, or REVOKED by whoever asked; PROPOSED waits for a second. GRANTED → REVOKED."""

    ASKED = "asked"
    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"


class ReminderState(StrEnum):
    """What became of an occasion: told in a digest, or passed over because a later one or the deadline had come."""

    SENT = "sent"
    SKIPPED = "skipped"


class Rhythm(StrEnum):
    """How often a person wants to hear of an item: at every offset, at the nearest ones, or not at all."""

    ALL = "all"
    FEW = "few"
    NONE = "none"


class MeetingKind(StrEnum):
    """A bimtek belongs to a stage and its day is that stage's deadline in the region; the others do not move one."""

    BIMTEK = "bimtek"
    VISIT = "visit"
    COORDINATION = "coordination"
    PRESENTATION = "presentation"
    CLOSING = "closing"

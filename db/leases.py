"""A duty that one process alone may do (poll, tick, send in bulk), held for a short time and renewed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.inbox import insert_ignoring
from db.models import Lease

LEASE = timedelta(seconds=15)
RENEW_SECONDS = 5
# A holder that could not renew stops acting before another may take over.
TRUST_SECONDS = 10


def take(session: Session, duty: str, holder: str, now: datetime) -> bool:
    """Take or renew the duty. True if it is ours until `now` + 15 s."""
    statement = insert_ignoring(session, Lease).values(duty=duty, holder=holder, expires_at=now + LEASE)
    statement = statement.on_conflict_do_update(
        index_elements=["duty"],
        set_={"holder": holder, "expires_at": now + LEASE},
        where=(Lease.expires_at < now) | (Lease.holder == holder),
    )
    return bool(session.scalar(statement.returning(Lease.holder)) == holder)


def anybody_holds(session: Session, now: datetime) -> bool:
    """Whether some process works on this database now, or did so within the last seconds."""
    return session.scalar(select(Lease.duty).where(Lease.expires_at > now).limit(1)) is not None


def release_all(session: Session) -> None:
    """Free every duty at once, where it is proven that no holder lives: SQLite, behind the lock on its file."""
    session.execute(delete(Lease))


def resign(session: Session, duty: str, holder: str) -> None:
    """Leave the duty to whoever asks next."""
    session.execute(delete(Lease).where(Lease.duty == duty, Lease.holder == holder))

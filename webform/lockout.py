"""The lock-out: how many passwords may be tried for one address before it has to rest.

Tries are counted by the address that was typed, whether or not somebody has it: nobody learns from a lock-out who is
on the staff, and the database does the same work for both.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.orm import Session

from kb.inserts import insert_into
from webform.rates import RateWindow

TRIES = 5
REST = timedelta(minutes=15)


def count_try(session: Session, key: str, now: datetime) -> datetime | None:
    """Count a try before its password is looked at, so that parallel tries cannot slip through.

    :param key: a keyed hash of the address.
    :return: until when the address rests, or nothing if this try may go on. Tries while it rests do not prolong it.
    """
    over = RateWindow.expires_at <= now
    statement = insert_into(session, RateWindow).values(key=key, hits=1, expires_at=now + REST)
    counted = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "hits": case((over, 1), else_=RateWindow.hits + 1),
            "expires_at": case((over, now + REST), (RateWindow.hits < TRIES, now + REST), else_=RateWindow.expires_at),
        },
    ).returning(RateWindow.hits, RateWindow.expires_at)
    hits, rests_until = session.execute(counted).one()
    return rests_until if hits > TRIES else None


def forget_tries(session: Session, key: str, now: datetime) -> None:
    """Start counting anew, after the right password; what nobody counts any more goes too."""
    session.execute(delete(RateWindow).where((RateWindow.key == key) | (RateWindow.expires_at <= now)))

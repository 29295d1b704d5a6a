"""Delivering webhooks: each one signed, one after the other, and what the other side answered written down."""

import hashlib
import hmac
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kb.attendance import attending
from kb.database import Database
from webform import hook_queue, hooks, outgoing
from webform.hook_queue import Claim, Verdict
from webform.outbox import Delivery
from webform.outgoing import Answer, Refused, Unanswered
from webform.schedule import Schedule
from webform.tokens import Tokens

LEASE = timedelta(minutes=5)
"""Longer than finding a host and asking it can take."""
SECONDS_BETWEEN_LOOKS = 1.0
BETWEEN_PRUNES = timedelta(hours=1)
GONE = 410
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HookCourier:
    """What a process that delivers webhooks works with.

    :ivar name: its own, different from every other's at any time.
    :ivar allowed: hosts that may be private and without TLS.
    :ivar clock: tells the time by which leases and waits are kept.
    """

    database: Database
    tokens: Tokens
    schedule: Schedule
    name: str
    allowed: frozenset[str]
    clock: Callable[[Session], datetime]
    seconds: float = outgoing.SECONDS


def deliver_due(courier: HookCourier, *, stop: Callable[[], bool] = lambda: False) -> dict[Delivery, int]:
    """Deliver everything that is due; an address that fails once is left alone for the rest of the pass, so that it holds nobody up.

    :return: how many deliveries came to what.
    """
    count: dict[Delivery, int] = {}
    troubled: set[int] = set()
    while not stop() and (claim := _next(courier, troubled)):
        verdict = send(courier, claim)
        if not verdict.good:
            troubled.add(claim.hook_id)
        with courier.database.writing() as session:
            fate = hook_queue.settle(session, claim, verdict, schedule=courier.schedule, now=courier.clock(session))
        if fate is None:
            log.warning("a lease ended before its webhook was settled", extra={"hook_delivery": claim.id})
        else:
            count[fate] = count.get(fate, 0) + 1
    return count


def send(courier: HookCourier, claim: Claim) -> Verdict:
    """Make one attempt, outside of any transaction."""
    with courier.database.reading() as session:
        stamp = int(courier.clock(session).timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "webform",
        "X-Webform-Event": claim.event,
        "X-Webform-Delivery": claim.delivery_id,
        "X-Webform-Timestamp": str(stamp),
        "X-Webform-Signature": sign(hooks.secret(courier.tokens, claim.salt), stamp, claim.body),
    }
    try:
        return _judged(outgoing.post(claim.url, claim.body, headers, allowed=courier.allowed, seconds=courier.seconds))
    except Refused as error:
        return Verdict(0, str(error), hopeless=True)
    except Unanswered as error:
        return Verdict(0, str(error))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one address, the next one must be told
        log.error("a webhook could not be sent", extra={"hook_delivery": claim.id, "fault": type(error).__name__})
        return Verdict(0, type(error).__name__)


def sign(secret: str, stamp: int, body: bytes) -> str:
    """Sign a body as of a moment: HMAC-SHA256 of the seconds since 1970, a dot and the body, under a version."""
    return "v1=" + hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def attend(courier: HookCourier) -> AbstractContextManager[None]:
    """Deliver beside what else this process does: a slow address must not hold up mail."""
    pruned_at: list[datetime] = []

    def look(stopped: object) -> None:
        deliver_due(courier, stop=stopped.is_set)  # type: ignore[attr-defined]
        with courier.database.reading() as session:
            now = courier.clock(session)
        if not pruned_at or now - pruned_at[-1] > BETWEEN_PRUNES:
            pruned_at[:] = [now]
            with courier.database.writing() as session:
                hook_queue.prune(session, now)

    return attending("webhooks", look, every=SECONDS_BETWEEN_LOOKS, trouble="webhooks are not delivered")


def _judged(answer: Answer) -> Verdict:
    words = f"{answer.status} {answer.reason}".strip()
    if 300 <= answer.status < 400:
        words += "; redirects are not followed"
    return Verdict(answer.status, words, hopeless=answer.status == GONE)


def _next(courier: HookCourier, troubled: set[int]) -> Claim | None:
    with courier.database.reading() as session:
        if not hook_queue.any_due(session, courier.clock(session), troubled):
            return None
    with courier.database.writing() as session:
        return hook_queue.claim(session, worker=courier.name, lease=LEASE, now=courier.clock(session), troubled=troubled)

"""What Prometheus is told of deflection, of the self-check and of webhooks, from what is counted already."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy.orm import Session

from deflection.figures import Figures, figures_of
from deflection.slices import last_days
from deflection.visits import Arm
from webform import hook_queue, troubles
from webform.metrics import gauge
from webform.outbox import Delivery
from webform.self_check import Fault

DAYS = 28
COUNTS = {
    "visits": "Visits that typed something",
    "engaged": "Visits with a real question",
    "confirmed": "Visits that said an article solved it",
    "presumed": "Visits that read an article and left",
    "requests": "Visits that led to a request",
    "taken_back": "Visits that an article seemed to have helped, until a request came",
}


def gauges(session: Session, now: datetime) -> list[Metric]:
    """Give the figures of this moment."""
    return [*_deflection(figures_of(session, last_days(DAYS, now))), *_self_check(session, now), *_webhooks(session)]


def _deflection(figures: Figures) -> Iterator[Metric]:
    for name, meaning in COUNTS.items():
        yield labelled(f"deflection_{name}", f"{meaning}, in the last {DAYS} days.", "arm", {arm.value: getattr(figures.arms[arm], name) for arm in Arm})
    rate, lift = figures.deflection_rate, figures.lift
    bounds = {"low": rate.interval.low, "share": rate.share or 0.0, "high": rate.interval.high} if rate.interval else {}
    yield labelled("deflection_rate", f"Confirmed of engaged visits, with the bounds of the 95 % interval, in the last {DAYS} days.", "value", bounds)
    sure = {"low": lift.always.low, "lift": lift.per_100_visits, "high": lift.always.high} if lift else {}
    yield labelled(
        "deflection_lift", f"Requests that suggesting saved per 100 visits, with the bounds that always hold, in the last {DAYS} days.", "value", sure
    )


def _self_check(session: Session, now: datetime) -> Iterator[Metric]:
    lasting = {trouble.fault for trouble in troubles.open_troubles(session)}
    yield labelled("self_check_trouble", "Whether the self-check finds this wrong.", "fault", {fault.value: float(fault in lasting) for fault in Fault})
    for run in troubles.last_runs(session, 1):
        yield from gauge("self_check_age_seconds", "Since when nobody has asked the form.", (now - run.ran_at).total_seconds())
        yield labelled("self_check_asked", "Texts that the form was asked.", "must", {"find": run.questions, "stay_silent": run.silent})
        yield labelled("self_check_right", "Texts that it answered as staff wrote down.", "must", {"find": run.hits, "stay_silent": run.kept_silent})
        yield from gauge("self_check_seconds", "Within how long nine of ten answers came.", run.seconds)


def _webhooks(session: Session) -> Iterable[Metric]:
    counts = hook_queue.tally(session).values()
    states = {state.value: float(sum(count.get(state.value, 0) for count in counts)) for state in (Delivery.WAITING, Delivery.FAILED)}
    return [labelled("webhook_deliveries", "Events that wait for an address, or were given up.", "state", states)]


def labelled(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    """Give some values of this moment that one label tells apart."""
    metric = GaugeMetricFamily(f"webform_{name}", meaning, labels=[label])
    for key, number in values.items():
        metric.add_metric([key], float(number))
    return metric

"""Metrics: what Prometheus reads. Counts and times only, nothing about a person."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.5)


class Metrics:
    """What one application counts.

    :param folder: where its processes share their counts; none when there is only one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._registry = CollectorRegistry()
        self._folder = folder
        self._requests = Counter("webform_requests", "Requests answered.", ["endpoint", "status"], registry=self._registry)
        # A histogram without labels would open its file in every process that only loads the application.
        self._suggesting = Histogram("webform_suggestion_seconds", "Time to answer POST /suggestions.", ["status"], buckets=SECONDS, registry=self._registry)

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(endpoint, str(status)).inc()
        if endpoint == "contact.suggestions":
            self._suggesting.labels(str(status)).observe(seconds)

    def exposition(self, gauges: Iterable[Metric]) -> bytes:
        """Write everything in the text format of Prometheus.

        :param gauges: what is so at this moment.
        """
        counted = self._registry
        if self._folder is not None:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, path=str(self._folder))  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        now.register(_Given(gauges))
        return generate_latest(counted) + generate_latest(now)


class _Given(Collector):
    def __init__(self, gauges: Iterable[Metric]) -> None:
        self._gauges = list(gauges)

    def collect(self) -> Iterable[Metric]:
        return self._gauges


def gauge(name: str, meaning: str, number: float | None) -> Iterable[Metric]:
    """Give one value of this moment; nothing when it is not known."""
    return [] if number is None else [GaugeMetricFamily(f"webform_{name}", meaning, value=number)]


def shared(folder: Path) -> Metrics:
    """Prepare counts that several processes of this server share in a folder, from zero.

    To be called once, before the processes part.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER_VARIABLE] = str(folder)
    # The library decides this when it is imported, which is before any setting is read.
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    return Metrics(folder)


def own() -> Metrics:
    """Prepare counts of one process, or of several if their server named a folder in the environment."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return Metrics(Path(folder) if folder else None)

"""The portal's own figures for Prometheus: gate, runs, trail, keeper.

They are read from the database when asked, so that every process of every machine tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from audit import executions, seal
from governance import gate_figures, upkeep


class OfThePortal(Collector):
    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is read when the collector is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _gate()
        yield from _runs()
        yield from _trail()
        alive = upkeep.heartbeat("keeper")
        yield _one("portcullis_keeper_alive", "1 while the keeper gives signs of life", float(alive.alive))


def _gate() -> Iterator[GaugeMetricFamily]:
    said = gate_figures.lately()
    yield _by(
        "portcullis_gate_decisions_5m", "Decisions of the policy gate in 5 minutes", "status", said.decisions
    )
    yield _one(
        "portcullis_gate_decision_p95_seconds", "95 of 100 decisions of 5 minutes took no longer", said.p95_s
    )
    yield _one("portcullis_gate_publishing", "1 while a revision is on its way", float(said.publishing))


def _runs() -> Iterator[GaugeMetricFamily]:
    yield _by("portcullis_runs", "Runs that have not ended", "state", executions.unfinished())
    yield _one(
        "portcullis_runs_oldest_queued_seconds", "How long the first run in the queue has waited",
        executions.oldest_queued_s(),
    )  # fmt: skip


def _trail() -> Iterator[GaugeMetricFamily]:
    sealed = seal.status()
    yield _one("portcullis_trail_sealed_events", "Events in the sealed log", sealed.size)
    yield _one("portcullis_trail_pending_events", "Events that wait to be sealed", sealed.pending)
    yield _one(
        "portcullis_trail_oldest_pending_seconds", "How long the first of them has waited",
        sealed.oldest_pending_s,
    )  # fmt: skip


def _one(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _by(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


REGISTRY = CollectorRegistry()
REGISTRY.register(OfThePortal())


def text() -> bytes:
    """All of them in Prometheus' text format."""
    return generate_latest(REGISTRY)

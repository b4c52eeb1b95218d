"""What the doors count, in the words of Prometheus."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from data.intake.delivery import Item

disable_created_metrics()  # type: ignore[no-untyped-call] # when each count began; nobody asks
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Reading = tuple[str, str, float]  # name, meaning, value


class Gauges:
    """The counts of one process, and what it reads of others when somebody asks.

    Args:
        readings: called at each look; what it gives is shown beside the counts.
    """

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self, readings: Callable[[], Iterable[Reading]] = tuple) -> None:
        self.registry = CollectorRegistry()
        self.readings = readings
        self.requests = self._counter("requests", "Requests by door and status", "door", "status")
        self.items = self._counter("items", "Items by door and outcome", "door", "outcome")
        self.bytes = self._counter("accepted_bytes", "Bytes of bodies that were kept, unpacked", "door")
        self.request_seconds = self._histogram("request_seconds", "Seconds from headers to answer", "door")
        self.commit_seconds = self._histogram("commit_seconds", "Seconds a commit to the inbox took")
        self.commit_size = self._counter("committed", "Deliveries committed to the inbox")
        self.queue = Gauge(
            "holdfast_intake_queue", "Deliveries that wait to be committed", registry=self.registry
        )
        self.registry.register(_Read(self))

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"holdfast_intake_{name}", about, labels, registry=self.registry)

    def _histogram(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(f"holdfast_intake_{name}", about, labels, registry=self.registry, buckets=SECONDS)

    def answered(self, door: str, status: int, seconds: float) -> None:
        labelled(self.requests, door, str(status)).inc()
        labelled(self.request_seconds, door).observe(seconds)

    def kept(self, door: str, size: int, items: Sequence[Item], repeated: Sequence[bool]) -> None:
        labelled(self.bytes, door).inc(size)
        outcomes = [
            "repeated" if again else item.outcome for item, again in zip(items, repeated, strict=True)
        ]
        for outcome in set(outcomes):
            labelled(self.items, door, outcome).inc(outcomes.count(outcome))

    def committed(self, seconds: float, deliveries: int) -> None:
        self.commit_seconds.observe(seconds)
        self.commit_size.inc(deliveries)

    def text(self) -> bytes:
        return generate_latest(self.registry)


@lru_cache(maxsize=1000)
def labelled(metric: Any, *labels: str) -> Any:
    """Prometheus takes its time to find a metric by its labels."""
    return metric.labels(*labels)


class _Read:
    """A collector of what is only known by looking."""

    def __init__(self, gauges: Gauges) -> None:
        self.gauges = gauges

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        for name, about, value in self.gauges.readings():
            yield GaugeMetricFamily(f"holdfast_{name}", about, value=value)

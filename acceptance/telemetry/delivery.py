"""Delivers spans and metrics to the collector, and reports in a sentence what was not delivered.

The SDK's own thread exports spans during the run. Whatever the collector's state, the run waits for it once, at
the end, for some seconds. The SDK's log messages are caught here.
"""

from __future__ import annotations

import importlib
import math
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExportResult, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import (
    SERVICE_INSTANCE_ID,
    SERVICE_NAME,
    SERVICE_VERSION,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from acceptance.telemetry.endpoints import HTTP, MODULES, Endpoint, Signal
from acceptance.telemetry.reasons import Reasons, Session

SERVICE = "acceptance"


class Delivery:
    """The way of spans and metrics to the collector. Always `close()` it."""

    def __init__(self, endpoints: Mapping[Signal, Endpoint], version: str) -> None:
        self._endpoints = endpoints
        self._reasons = Reasons()
        self._jobs: list[Callable[[], object]] = []
        resource = resource_of(version)
        self.spans = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._made, self._delivered_spans, self._delivered_metrics = _Made(), _Spans(), _Metrics()
        if "traces" in endpoints:
            self._delivered_spans.exporter = self._exporter("traces", "trace_exporter", "OTLPSpanExporter")
            processor = BatchSpanProcessor(self._delivered_spans)
            self.spans.add_span_processor(self._made)
            self.spans.add_span_processor(processor)
            self._jobs.append(processor.force_flush)
        readers: list[PeriodicExportingMetricReader] = []
        if "metrics" in endpoints:
            self._delivered_metrics.exporter = self._exporter("metrics", "metric_exporter", "OTLPMetricExporter")
            # It exports on request, at the end: a run's figures are not known any earlier.
            exporter: Any = self._delivered_metrics
            readers.append(PeriodicExportingMetricReader(exporter, export_interval_millis=math.inf))
            self._jobs.append(readers[0].force_flush)
        self.metrics = MeterProvider(resource=resource, metric_readers=readers, shutdown_on_exit=False)

    def close(self, within: float) -> str:
        """Deliver the rest, within so many seconds, and return what was not delivered; "" if everything was."""
        ends = time.monotonic() + within
        threads = [threading.Thread(target=job, daemon=True) for job in self._jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))
        lost, why = " and ".join(self._lost()), self._reasons.last
        self._reasons.end()
        if not lost:
            return ""
        where = " and ".join(dict.fromkeys(one.shown for one in self._endpoints.values()))
        return f"{lost} did not reach the collector at {where}: {why or f'it did not take them within {within:g} s'}."

    def _exporter(self, signal: Signal, module: str, name: str) -> Any:
        """Create the SDK's exporter, which reads address, headers, timeout and certificates from the variables."""
        protocol = self._endpoints[signal].protocol
        options = {"session": Session(self._reasons)} if protocol == HTTP else {}
        return getattr(importlib.import_module(f"{MODULES[protocol][0]}.{module}"), name)(**options)

    def _lost(self) -> Iterator[str]:
        if self._delivered_spans.count < self._made.count:
            yield f"{self._made.count - self._delivered_spans.count} of {self._made.count} spans"
        if self._delivered_metrics.exporter and not self._delivered_metrics.all_there:
            yield "the metrics"


def resource_of(version: str) -> Resource:
    """Return the attributes of the run's origin: those of the variables, and the missing ones by our own names.

    Each run is an instance of its own, so that the figures of several can be added.
    """
    given = OTELResourceDetector().detect().attributes
    ours = {SERVICE_NAME: SERVICE, SERVICE_VERSION: version, SERVICE_INSTANCE_ID: str(uuid.uuid4())}
    return Resource.create({**ours, **given})


class _Made(SpanProcessor):
    """Counts the spans that are to reach the collector."""

    count = 0

    def on_end(self, span: ReadableSpan) -> None:
        self.count += bool(span.context and span.context.trace_flags.sampled)


class _Spans(SpanExporter):
    """Passes spans to the exporter, and counts those that have reached the collector."""

    exporter: Any = None
    count = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result: SpanExportResult = self.exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self.count += len(spans)
        return result

    def shutdown(self) -> None:
        self.exporter.shutdown()


class _Metrics:
    """Passes metrics to the exporter, which it represents, and knows whether they have reached the collector."""

    exporter: Any = None
    all_there = False

    def export(self, *data: Any, **options: Any) -> MetricExportResult:
        result: MetricExportResult = self.exporter.export(*data, **options)
        self.all_there = result is MetricExportResult.SUCCESS
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self.exporter, name)

"""A run's results, sent to an OpenTelemetry collector by the official SDK: spans and metrics over OTLP.

Off unless an endpoint is set (`OTEL_EXPORTER_OTLP_ENDPOINT`), and the SDK is imported only then. Only the process that
reports a run talks to the collector; workers send it their observations with each scenario's verdict.
Neither a run's verdict nor its duration depends on the collector: the run waits for it once, at the end, for some
seconds.
"""

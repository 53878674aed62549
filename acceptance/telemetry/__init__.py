"""What a run sees, told to an OpenTelemetry collector by the official SDK: spans and metrics over OTLP.

Off unless an endpoint is set (`OTEL_EXPORTER_OTLP_ENDPOINT`), and the SDK is imported only then. The process that tells
of a run is the only one that speaks to the collector; workers hand it what they have seen with each scenario's verdict.
Neither a run's verdict nor its duration depends on the collector: it is waited for once, at the end, for some seconds.
"""

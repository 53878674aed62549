"""An AWS account and a system's traces in it: events, executions, changes of records, logs, and the coverage."""

__all__ = [
    "account",
    "coverage",
    "deployment",
    "discovery",
    "embedded",
    "executions",
    "items",
    "observer",
    "parts",
    "tap",
    "watched",
]

"""An AWS account and what a system leaves there: events, executions, changes of records, logs, and what is covered."""

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

"""The kit: drives, observes and checks event-driven systems, and knows none of them. See README.md."""

__all__ = [
    "aws",
    "declared_system",
    "earlier",
    "hooks",
    "kafka",
    "matchers",
    "named_values",
    "processes",
    "report",
    "runner",
    "service_levels",
    "settings",
    "standstill",
    "system",
    "target",
    "terminal",
    "trouble",
    "waiting",
]

"""A Kafka cluster: its connections, its topics, and an embedded broker."""

__all__ = [
    "broker",
    "cluster",
    "topics",
]

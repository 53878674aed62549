"""A Kafka cluster: how it is spoken to, its topics, and an embedded broker."""

__all__ = [
    "broker",
    "cluster",
    "topics",
]

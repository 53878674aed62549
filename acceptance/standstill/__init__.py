"""How long the machine stood still, by heartbeats and by waiting for a processor, and how waits allow for it."""

__all__ = [
    "heartbeat",
    "patience",
    "processor",
    "record",
    "watch",
]

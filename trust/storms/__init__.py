"""Sends strange input, many at once."""

"""Watches a deployed system: a few scenarios every few minutes, each round in a process of its own."""

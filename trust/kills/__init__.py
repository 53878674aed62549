"""Kills a random process of each of several runs."""

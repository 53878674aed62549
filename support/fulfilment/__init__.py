"""Fulfilment: an order that passes through five people, each at a console program."""

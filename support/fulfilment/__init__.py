"""Fulfilment: five people process an order, each at a console program."""

"""Durable orders: an online shop whose orders a durable function processes."""

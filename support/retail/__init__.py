"""Retail: page views that are enriched and answered by offers, over Kafka topics."""

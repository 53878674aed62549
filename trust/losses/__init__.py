"""Lose responses of the cloud and of Kafka while features run."""

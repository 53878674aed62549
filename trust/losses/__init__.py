"""Loses answers of the cloud and of Kafka while all features run."""

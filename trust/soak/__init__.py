"""Looks for false alarms: all features again and again, under bad conditions."""

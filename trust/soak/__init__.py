"""Look for false alarms: run all features again and again, under bad conditions."""

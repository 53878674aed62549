"""The campaigns: break the systems on purpose, and look for false alarms. `python -m trust --help` says how."""

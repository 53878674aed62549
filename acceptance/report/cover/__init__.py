"""The cover of a report: one page that says whether to release, and the same figures as text and as JSON."""

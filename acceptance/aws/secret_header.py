"""The header by which a call without a signature proves that it knows the secret of a run."""

HEADER = "X-Embedded-Account-Secret"

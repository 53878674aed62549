"""The step catalogue: every sentence that features may use, from the code itself, with an example and its uses."""

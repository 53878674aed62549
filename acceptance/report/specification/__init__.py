"""The living specification: the features' promises, as people read them, with their outcomes in a run."""

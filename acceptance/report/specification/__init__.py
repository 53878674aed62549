"""The specification that lives: what the features promise, as people read it, with what became of it in a run."""

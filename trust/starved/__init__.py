"""A starved machine, and systems that are slow by themselves: only the latter break a promise."""

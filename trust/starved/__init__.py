"""A machine without time to spare, beside systems that are slow by themselves: only these break a promise."""

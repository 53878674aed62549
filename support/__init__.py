"""One package per system. No package imports another."""

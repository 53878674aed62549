"""One package per system. None of them imports another one."""

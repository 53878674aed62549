"""The shared part of the five programs: terminal, login, tables, and the rules for orders."""

import gc

# While libraries are imported there is no garbage to collect, and looking for it takes a tenth of a program's start-up
# time. `terminal.run` enables the collector again.
gc.disable()

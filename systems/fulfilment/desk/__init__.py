"""What the five programs share: the terminal, the login, the tables, and the rules of an order's way."""

import gc

# Looking for garbage while libraries are imported finds none, and takes a tenth of the time that a program takes to
# start. `terminal.run` switches it on again.
gc.disable()

"""A formatter that lists the loaded modules when the first step begins."""

import sys

from behave.formatter.base import Formatter


class LoadedModules(Formatter):
    """Writes their names, one a line."""

    name = "loaded_modules"

    def __init__(self, stream_opener, config):
        super().__init__(stream_opener, config)
        self._told = False

    def match(self, _match):
        if not self._told:
            self._told = True
            self.stream = self.open()
            self.stream.write("\n".join(sorted(sys.modules)))

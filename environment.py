"""behave's hooks are the kit's: acceptance/hooks.py."""

from acceptance.hooks import *  # noqa: F403 - what behave looks for

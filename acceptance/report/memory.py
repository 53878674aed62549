"""Reports in a sentence when a run had too little memory to begin."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from acceptance.report.verdicts import describe
from acceptance.trouble import Trouble

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

# With less, a run on an embedded account cannot be expected to begin, whatever its error message says.
_ENOUGH_MB = 1024


def in_words(error: BaseException) -> BaseException:
    """Return an error unchanged, or a Trouble with advice when it is due to a lack of memory."""
    if not isinstance(error, Exception):
        return error
    limit = _limit_mb()
    if limit is not None and limit < _ENOUGH_MB:
        what = f"It may use {limit} MB of memory: raise that limit (ulimit -v)."
    elif any(_is_lack(cause) for cause in _causes(error)):
        what = "Memory or processes ran out: end other programs, raise the limits (ulimit -v -u), or run fewer workers."
    else:
        return error
    return Trouble(f"The run could not begin ({describe(error).rstrip('.')}). {what}")


def _limit_mb() -> int | None:
    if resource is None:
        return None
    limit: int = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit >> 20


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_lack(error: BaseException) -> bool:
    lacks = isinstance(error, OSError) and error.errno in (errno.ENOMEM, errno.EAGAIN)
    return lacks or isinstance(error, MemoryError) or "can't start new thread" in str(error)

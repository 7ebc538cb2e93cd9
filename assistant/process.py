"""How the process of a command begins and ends: open standard streams, and a quiet end when it is stopped at any moment."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False  # nothing is loaded here that is not needed: Ctrl-C gives a traceback until `begin` has run
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import NoReturn

STOPPED = "Stopped."

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Stop:
    """The signal that came, what is said then, and whether the work is under way and may still end by itself."""

    signal: int | None = None
    line = STOPPED
    raises = False


def begin() -> None:
    """Opens the standard streams that are closed, and makes Ctrl-C end the process at once with one line and status 130.

    Called before other modules are imported: a file must not be opened as the standard output, and a second is long
    enough to press Ctrl-C.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest number that is free, which is this one
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` and a shell's background jobs ignore them
            signal.signal(number, _handle)
    sys.excepthook, sys.unraisablehook = _uncaught, _unraisable


def may_be_stopped(line: str = STOPPED) -> None:
    """From now on Ctrl-C raises KeyboardInterrupt, so that the work under way closes what it opened; `line` is said then.

    A second Ctrl-C ends the process at once.
    """
    _Stop.line, _Stop.raises = line, True


def finished() -> None:
    """Ends the process if it was stopped, however the work took that; else Ctrl-C ends it at once from here on."""
    _Stop.raises = False
    if _Stop.signal is not None:
        _leave(_Stop.signal)


def _handle(number: int, _: FrameType | None) -> None:
    first, _Stop.signal = _Stop.signal is None, number
    if not (first and _Stop.raises):
        _leave(number)
    raise KeyboardInterrupt


def _leave(number: int) -> NoReturn:
    """Says that the process was stopped, and ends it without waiting for its threads."""
    try:
        os.write(2, f"{_Stop.line}\n".encode())
    finally:
        if number == signal.SIGTERM:  # a service manager takes another end for a failure
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        os._exit(128 + number)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Replaces the traceback of an interrupt that nothing was there to catch."""
    if issubclass(kind, KeyboardInterrupt):
        _leave(_Stop.signal or signal.SIGINT)
    sys.__excepthook__(kind, error, trace)


def _unraisable(found: sys.UnraisableHookArgs) -> None:
    """An interrupt that came while an object was being removed, where Python would drop it, ends the process as well."""
    if found.exc_type is not None and issubclass(found.exc_type, KeyboardInterrupt):
        _leave(_Stop.signal or signal.SIGINT)
    sys.__unraisablehook__(found)

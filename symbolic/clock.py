"""One limit for a whole call: reading, definedness, jumps, integration, the shortest form; whatever takes the time.

SymPy has no place where it asks whether time is up. So a second thread waits, and raises an exception in the first one,
which Python delivers between two of its instructions. What runs outside of Python's instructions asks for itself
(`check_time`).
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from sympy.core.cache import clear_cache

from symbolic.errors import BadParameter, TimedOut

__all__ = ["SECONDS", "check_time", "limited", "seconds_left", "time_limit", "undisturbed", "within"]

SECONDS = 20.0
"""How long a call may take, unless `time_limit` says otherwise."""

_AGAIN = 0.5  # seconds; SymPy may swallow an exception once
_seconds: ContextVar[float] = ContextVar("seconds", default=SECONDS)
_running: ContextVar[_Deadline | None] = ContextVar("running", default=None)

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class _Expired(BaseException):
    """Time is up. No SymbolicError, and no Exception: SymPy catches those for reasons of its own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Every call made inside may take so many seconds, instead of 20. Raises BadParameter for 0 or less."""
    if not seconds > 0:
        raise BadParameter(f"time_limit={seconds} leaves no time: give a number of seconds above 0")
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


def limited(what: str) -> Callable[[Callable[_Asked, _Answer]], Callable[_Asked, _Answer]]:
    """Give a function the limit of a whole call, and raise TimedOut when that is what stopped it.

    Inside of another such call it is that one's time that counts. `what` is the subject of the message.
    """

    def decorated(call: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
        @wraps(call)
        def answer(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
            if _running.get() is not None:
                return call(*args, **kwargs)
            return within(_seconds.get(), what, lambda: call(*args, **kwargs))

        return answer

    return decorated


def within(seconds: float, what: str, call: Callable[[], _Answer]) -> _Answer:
    """call(), stopped after so many seconds. Raises TimedOut."""
    deadline = _Deadline(seconds, what, _running.get())
    undisturbed(deadline.start)  # a thread that is interrupted while it starts another one may wait for it forever
    token = _running.set(deadline)
    try:
        try:
            deadline.go_on()
            answer = call()
        finally:
            deadline.stop()
            _running.reset(token)
        if deadline.was_raised:  # and swallowed on the way: what came of that is no answer
            raise _Expired
        return answer
    except _Expired:
        deadline.stop()
        _running.set(deadline.outer)  # if the exception arrived before that was done above
        # An assumption that was being worked out when it was stopped would be remembered as unknown.
        clear_cache()
        if not deadline.is_over:
            raise  # that of a call around this one
        raise deadline.refusal from None


def check_time() -> None:
    """Raise TimedOut if the limit of any call that is running has passed."""
    deadline = _running.get()
    while deadline is not None:
        if deadline.is_over:
            raise deadline.refusal
        deadline = deadline.outer


def seconds_left() -> float:
    """Until the first limit of those that are running; how long a call may take if there is none."""
    ends = [deadline.end for deadline in _chain()]
    return max(0.0, min(ends) - time.monotonic()) if ends else _seconds.get()


def undisturbed(call: Callable[[], _Answer]) -> _Answer:
    """call(), in which nothing is raised from outside: for libraries that lose an exception. It has to check_time."""
    deadlines = tuple(_chain())
    for deadline in deadlines:
        deadline.pause()
    try:
        return call()
    finally:
        for deadline in deadlines:
            deadline.go_on()


def _chain() -> Iterator[_Deadline]:
    deadline = _running.get()
    while deadline is not None:
        yield deadline
        deadline = deadline.outer


class _Deadline:
    """The end of one call, and the thread that waits for it. Its state: whether to raise, and whether to do so now."""

    def __init__(self, seconds: float, what: str, outer: _Deadline | None) -> None:
        self.seconds = seconds
        self.what = what
        self.outer = outer
        self.end = time.monotonic() + seconds
        self._caller = threading.get_ident()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._pauses = 1  # until the call begins, where the exception is caught
        self.was_raised = False

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.end

    @property
    def refusal(self) -> TimedOut:
        return TimedOut(
            f"{self.what} was stopped at its time limit of {self.seconds:.3g} s: ask for fewer digits, write numbers "
            "in place of symbols, take a simpler cost, or give it longer, from Python by with symbolic.time_limit(60)"
        )

    def start(self) -> None:
        threading.Thread(target=self._watch, name="time limit", daemon=True).start()

    def stop(self) -> None:
        """Raise nothing from here on, and take back what was raised and has not arrived."""
        with self._lock:
            self._over.set()
        if not self.was_raised:
            return
        # What has not arrived is made to arrive here. To raise None instead would leave CPython looking for an
        # exception before every instruction, and make it loop forever under a profiler or a debugger.
        with suppress(_Expired):
            _raise_in(self._caller, _Expired)
            while True:
                time.sleep(0)

    def pause(self) -> None:
        with self._lock:
            self._pauses += 1

    def go_on(self) -> None:
        with self._lock:
            self._pauses -= 1

    def _watch(self) -> None:
        wait = self.end - time.monotonic()
        while not self._over.wait(max(wait, 0.0)):
            with self._lock:
                if not (self._over.is_set() or self._pauses):
                    self.was_raised = True
                    _raise_in(self._caller, _Expired)
            wait = _AGAIN


def _raise_in(thread: int, exception: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if exception is None else ctypes.py_object(exception)
    )

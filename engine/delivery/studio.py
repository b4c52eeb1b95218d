"""Has charts drawn by a process that is started when one is asked for, and let go after a while without."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Timer

from data.errors import GiveUp, TryAgain

EASEL = Path(__file__).with_name("easel.py")
PATIENCE = 30.0  # seconds for one chart, the start of the renderer included
IDLE = 60.0  # seconds


class Studio:
    """One renderer, for one chart at a time; safe to share between threads."""

    def __init__(self, idle: float = IDLE) -> None:
        self._lock = Lock()
        self._idle = idle
        self._easel: subprocess.Popen[bytes] | None = None
        self._closing: Timer | None = None

    def draw(self, spec: str, patience: float = PATIENCE) -> bytes:
        """The PNG of a chart, given as Vega-Lite on one line.

        Raises:
            GiveUp: it cannot be drawn.
            TryAgain: it takes too long, or the renderer died.
        """
        with self._lock, self._begun() as easel, killed_after(patience, easel):
            return self._asked(easel, spec)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _asked(self, easel: "subprocess.Popen[bytes]", spec: str) -> bytes:
        assert easel.stdin is not None
        assert easel.stdout is not None
        try:
            easel.stdin.write(spec.encode() + b"\n")
            easel.stdin.flush()
            answer, _, rest = easel.stdout.readline().decode().strip().partition(" ")
            png = easel.stdout.read(int(rest)) if answer == "png" else b""
        except OSError as gone:
            raise TryAgain(f"The renderer is gone: {gone}.") from gone
        if answer == "fault":
            raise GiveUp(f"The renderer cannot draw this: {rest}.")
        if not png or len(png) != int(rest):
            raise TryAgain("The renderer died, or took too long.")
        return png

    @contextmanager
    def _begun(self) -> Iterator["subprocess.Popen[bytes]"]:
        """The renderer, started if need be; one that died is not asked again."""
        if self._closing is not None:
            self._closing.cancel()
        if self._easel is None:
            self._easel = subprocess.Popen(
                [sys.executable, str(EASEL)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        try:
            yield self._easel
        except TryAgain:
            self._close()
            raise
        self._closing = Timer(self._idle, self.close)
        self._closing.daemon = True
        self._closing.start()

    def _close(self) -> None:
        easel, self._easel = self._easel, None
        if easel is not None:
            easel.kill()
            easel.communicate()


@contextmanager
def killed_after(seconds: float, process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Whoever reads from a process that is silent for so long reads its end."""
    timer = Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


studio = Studio()

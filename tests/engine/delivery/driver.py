"""Deliveries in processes of their own, to be killed.

A line on standard input asks for one, its pid is the answer. A line may name the step at which the process
kills itself. All is loaded once, and each process is a fork.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from data.settings import load
from engine.control import outbox
from engine.control.store import Control
from engine.delivery.backoff import Backoff
from engine.delivery.channels import ChannelKind, channel_kinds
from engine.delivery.loop import Delivery
from engine.delivery.sending import Policy

POLICY = Policy(message=Backoff(0.05, 0.2), channel=Backoff(0.02, 0.1), lease=timedelta(seconds=0.5))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(step: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def taken(*given: Any, **named: Any) -> Any:
        if not after:
            die()
        step(*given, **named)
        return die()

    return taken


STEPS = {
    "before the claim": lambda: setattr(outbox, "claim", dying(outbox.claim, after=False)),
    "after the claim": lambda: setattr(outbox, "claim", dying(outbox.claim, after=True)),
    "before the send": lambda: setattr(ChannelKind, "send", dying(ChannelKind.send, after=False)),
    "after the send": lambda: setattr(ChannelKind, "send", dying(ChannelKind.send, after=True)),
    "before it is noted": lambda: setattr(outbox, "deliver", dying(outbox.deliver, after=False)),
    "after it was noted": lambda: setattr(outbox, "deliver", dying(outbox.deliver, after=True)),
}


def deliver(step: str) -> None:
    settings = load()
    delivery = Delivery(settings, Control.open(settings), policy=POLICY)
    if step:
        STEPS[step]()
    while True:
        delivery.turn()
        time.sleep(0.01)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    channel_kinds()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            deliver(line.strip())
        print(pid, flush=True)


if __name__ == "__main__":
    main()

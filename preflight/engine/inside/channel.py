"""The channel to the driver outside: one JSON object a line in both directions, on private descriptors."""

from __future__ import annotations

import base64
import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.protobuf.message import Message


def encode(message: Message) -> str:
    """A protobuf message as base64 text."""
    return base64.b64encode(message.SerializeToString()).decode("ascii")


BROKEN = (
    "the check broke off inside the program's process, where the program may have replaced or removed a part of Python "
    "or of the SDK"
)
# Made early: by the time it is sent nothing of Python may be left to make it with.
_BROKEN_FRAME = json.dumps({"event": "failed", "kind": "died", "message": BROKEN, "traceback": ""}).encode() + b"\n"


class Channel:
    """Frames out to the driver, answers in from it.

    The process's own stdin and stdout are moved away first: whatever the program, its threads or its child processes
    print goes to stderr, and a program that reads stdin reads an empty one.
    """

    def __init__(self) -> None:
        # What the program forks must not answer in its place.
        self._process = os.getpid()
        self._incoming = os.fdopen(os.dup(0), "rb")
        self._outgoing = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(line_buffering=True)

    def receive(self) -> dict[str, object]:
        """The next line from the driver, decoded.

        Raises EOFError when the driver is gone and ValueError when the line is not a JSON object.
        """
        line = self._incoming.readline() if os.getpid() == self._process else b""
        if not line:
            message = "the driver closed the channel"
            raise EOFError(message)
        answer = json.loads(line)
        if not isinstance(answer, dict):
            message = "the driver sent something that is not a JSON object"
            raise TypeError(message)
        return answer

    def send(self, event: str, **fields: object) -> None:
        """Send one frame; `fields` must be JSON values. A process that the program forked sends nothing."""
        if os.getpid() != self._process:
            return
        self._outgoing.write(json.dumps({"event": event, **fields}).encode() + b"\n")
        self._outgoing.flush()

    def send_broken(self) -> None:
        """Send as the last frame that no other can be sent any more."""
        if os.getpid() == self._process:
            with suppress(OSError):
                os.write(self._outgoing.fileno(), _BROKEN_FRAME)

    def notice(self, kind: str, message: str, **fields: object) -> None:
        """Send a frame that tells the user something about the run without judging it."""
        self.send("notice", kind=kind, message=message, **fields)

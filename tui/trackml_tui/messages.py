"""What the parts of the dashboard tell each other.

A message that may be superseded carries no change: it says that there is something to look at.
"""

from __future__ import annotations

from textual.message import Message


class RunsChanged(Message):
    """The store has something new: go and look."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version
        """The store's version; the store may be ahead of it by now."""

    def can_replace(self, message: Message) -> bool:
        """A later look sees what an earlier one would have seen."""
        return isinstance(message, RunsChanged)


class FollowingStopped(Message):
    """Nothing new will be read any more."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
        """What went wrong, for the user."""


class ContentsArrived(Message):
    """Something that was asked for has been read: show the scene again."""

    def can_replace(self, message: Message) -> bool:
        """A later look sees what an earlier one would have seen."""
        return isinstance(message, ContentsArrived)

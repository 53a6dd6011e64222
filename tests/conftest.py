"""What all tests share: how hypothesis looks for examples."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure, and a failure must come again: no deadline, the same examples in every run.
settings.register_profile("trackml", deadline=None, derandomize=True, database=None)
settings.load_profile("trackml")

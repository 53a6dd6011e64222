"""`SummaryWriter`, to log from a loop of any framework, as PyTorch's and tensorboardX's classes of that name do."""

from __future__ import annotations

from trackml.writer.summary_writer import SummaryWriter

__all__ = ["SummaryWriter"]

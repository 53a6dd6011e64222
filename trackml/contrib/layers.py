"""`tf.contrib.layers`: a training step with its summaries in one call."""

from __future__ import annotations

from trackml.contrib.training_step import OPTIMIZER_CLS_NAMES, OPTIMIZER_SUMMARIES, optimize_loss

__all__ = ["OPTIMIZER_CLS_NAMES", "OPTIMIZER_SUMMARIES", "optimize_loss"]

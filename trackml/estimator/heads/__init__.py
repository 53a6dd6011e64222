"""Heads: the last part of a model, which turns logits into predictions, a loss, metrics and a train_op."""

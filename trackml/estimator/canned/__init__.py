"""Premade Estimators: linear models, deep networks, both at once, and baselines.

They are TensorFlow 1's: the loss is the sum over the batch, and names of variables and summaries are the same.
"""

"""Estimators made of Keras models (`keras.estimator`)."""

from __future__ import annotations

from trackml.keras.estimator.conversion import model_to_estimator

__all__ = ["model_to_estimator"]

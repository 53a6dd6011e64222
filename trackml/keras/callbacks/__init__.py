"""What is called while a model trains, is evaluated or predicts (`keras.callbacks`)."""

from __future__ import annotations

from trackml.keras.callbacks.base import Callback, CallbackList
from trackml.keras.callbacks.checkpointing import ModelCheckpoint
from trackml.keras.callbacks.functions import LambdaCallback
from trackml.keras.callbacks.history import BaseLogger, History
from trackml.keras.callbacks.logs import CSVLogger, ProgbarLogger
from trackml.keras.callbacks.rates import LearningRateScheduler, ReduceLROnPlateau
from trackml.keras.callbacks.stopping import EarlyStopping, TerminateOnNaN
from trackml.keras.callbacks.tensorboard import TensorBoard

__all__ = [
    "BaseLogger",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "TensorBoard",
    "TerminateOnNaN",
]

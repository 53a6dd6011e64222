"""Intersection over union: how far the places of a class that were predicted are those where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from trackml.graph.conversion import convert_to_tensor
from trackml.keras.metrics.metric import Metric
from trackml.ops import array, comparison, gathering, math, reductions
from trackml.ops.confusion_matrix import confusion_matrix


class IoU(Metric):
    """The mean intersection over union of some classes: `tp / (tp + fp + fn)` of each.

    Args:
        num_classes: How many classes there are.
        target_class_ids: The classes that count.
        name: Its name.
        dtype: Type of the mean.
        ignore_class: A class whose places do not count.
        sparse_y_true: Whether labels are numbers of classes, and not one number a class.
        sparse_y_pred: Whether predictions are numbers of classes, and not one number a class.
        axis: The axis of classes, where they are not.

    Raises:
        ValueError: A class that counts is none of the classes.
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(name, dtype)
        if max(target_class_ids) >= num_classes:
            raise ValueError(f"Target class id {max(target_class_ids)} is out of range, which is [0, {num_classes}).")
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_weight("total_confusion_matrix", [num_classes, num_classes])

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in; weights have the shape of the numbers of classes."""
        true = self._numbers(y_true, self.sparse_y_true)
        pred = self._numbers(y_pred, self.sparse_y_pred)
        weights = None if sample_weight is None else array.reshape(math.cast(sample_weight, self._dtype), [-1])
        if self.ignore_class is not None:
            counted = comparison.not_equal(true, self.ignore_class)
            true, pred = gathering.boolean_mask(true, counted), gathering.boolean_mask(pred, counted)
            weights = None if weights is None else gathering.boolean_mask(weights, counted)
        matrix = confusion_matrix(true, pred, self.num_classes, weights=weights, dtype=self._dtype)
        return self.total_cm.assign_add(matrix, read_value=False)

    def _numbers(self, classes: Any, sparse: bool) -> Any:
        tensor = convert_to_tensor(classes)
        numbers = tensor if sparse else reductions.argmax(tensor, axis=self.axis)
        return array.reshape(math.cast(numbers, "int64"), [-1])

    def result(self) -> Any:
        """The mean over the classes that there are."""
        matrix = self.total_cm.value()
        right = reductions.reduce_sum(matrix * np.eye(self.num_classes, dtype=self._dtype), axis=0)
        either = reductions.reduce_sum(matrix, axis=0) + reductions.reduce_sum(matrix, axis=1) - right
        right, either = (gathering.gather(tensor, self.target_class_ids) for tensor in (right, either))
        known = reductions.reduce_sum(math.cast(comparison.not_equal(either, 0.0), self._dtype))
        return math.div_no_nan(reductions.reduce_sum(math.div_no_nan(right, either)), known)

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes."""
        own = {name: getattr(self, name) for name in self._settings()}
        return {**super().get_config(), **own}

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "target_class_ids", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")


class BinaryIoU(IoU):
    """The mean intersection over union of ones and zeros.

    Args:
        target_class_ids: Which of the two classes count; both by default.
        threshold: From which prediction on it says 1.
        name: Its name.
        dtype: Type of the mean.
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Takes a batch in."""
        pred = math.cast(convert_to_tensor(y_pred), self._dtype)
        return super().update_state(y_true, comparison.greater_equal(pred, self.threshold), sample_weight)

    def _settings(self) -> tuple[str, ...]:
        return ("target_class_ids", "threshold")


class MeanIoU(IoU):
    """The mean intersection over union of all classes; arguments as of `IoU`."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        every = range(num_classes)
        super().__init__(num_classes, every, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")


class OneHotIoU(IoU):
    """`IoU` of labels, and predictions unless `sparse_y_pred` says otherwise, of one number a class."""

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "target_class_ids", "ignore_class", "sparse_y_pred", "axis")


class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` of labels, and predictions unless `sparse_y_pred` says otherwise, of one number a class."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def _settings(self) -> tuple[str, ...]:
        return ("num_classes", "ignore_class", "sparse_y_pred", "axis")

"""The names of classes: from labels to numbers and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trackml import dtypes
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.operation import Tensor
from trackml.ops import array, joining
from trackml.ops.lookup_index import index_table_from_tensor, index_to_string_table_from_tensor
from trackml.ops.ranges import range as range_tensor
from trackml.ops.strings import as_string
from trackml.saved_model.export_output import ClassificationOutput


class Classes:
    """The classes of a classifier.

    Args:
        count: How many there are.
        vocabulary: Their names, in the order of their numbers; their numbers as text by default.

    Raises:
        ValueError: The names are no list, or not as many as the classes.
    """

    def __init__(self, count: int, vocabulary: Sequence[str] | None) -> None:
        if vocabulary is not None:
            if not isinstance(vocabulary, (list, tuple)):
                raise ValueError(f"label_vocabulary must be a list or tuple. Given type: {type(vocabulary)}")
            if len(vocabulary) != count:
                raise ValueError(f"Length of label_vocabulary must be n_classes ({count}). Given: {len(vocabulary)}")
        self.count = count
        """How many there are."""
        self.vocabulary = None if vocabulary is None else tuple(vocabulary)
        """Their names, or None."""

    def ids(self, labels: Any) -> Tensor:
        """The numbers of the classes that labels name; -1 for an unknown name. Labels must be strings."""
        table = index_table_from_tensor(vocabulary_list=self.vocabulary, name="class_id_lookup")
        found: Tensor = table.lookup(labels)
        return found

    def names(self, class_ids: Tensor) -> Tensor:
        """The names of the classes with these numbers."""
        if self.vocabulary is None:
            return as_string(class_ids, name="str_classes")
        table = index_to_string_table_from_tensor(vocabulary_list=self.vocabulary, name="class_string_lookup")
        found: Tensor = table.lookup(class_ids)
        return found

    def all_ids(self, logits: Tensor) -> Tensor:
        """The numbers of all classes, once for each example."""
        return _repeated(range_tensor(self.count), logits)

    def all_names(self, logits: Tensor) -> Tensor:
        """The names of all classes, once for each example."""
        return _repeated(self._names(), logits)

    def output(self, scores: Tensor) -> ClassificationOutput:
        """The export output with the scores of all classes."""
        return ClassificationOutput(scores, self.all_names(scores))

    def _names(self) -> Tensor:
        if self.vocabulary is None:
            return as_string(range_tensor(self.count))
        return convert_to_tensor(list(self.vocabulary), dtypes.string)


def _repeated(row: Tensor, logits: Tensor) -> Tensor:
    return joining.tile(array.expand_dims(row, 0), [array.shape(logits)[0], 1])

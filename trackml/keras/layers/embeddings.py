"""Vectors for numbers: `Embedding`."""

from __future__ import annotations

from typing import Any

from trackml import dtypes
from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.ops import comparison, math
from trackml.ops.embedding import embedding_lookup


class Embedding(Layer):
    """A vector for each of the numbers from 0 to `input_dim - 1`: `[batch, n]` becomes `[batch, n, output_dim]`.

    Args:
        input_dim: How many numbers there are.
        output_dim: How long the vectors are.
        embeddings_initializer: First values of the vectors, `[input_dim, output_dim]`.
        embeddings_regularizer: A penalty on the vectors.
        activity_regularizer: A penalty on the output.
        embeddings_constraint: A bound on the vectors, applied after each update.
        mask_zero: Whether 0 stands for a step that does not count.
        input_length: How many numbers an example has, if that is always the same.
        kwargs: What `Layer` takes.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        activity_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        input_length: Any = None,
        **kwargs: Any,
    ) -> None:
        if not {"input_shape", "batch_input_shape"} & set(kwargs):
            lengths = input_length if isinstance(input_length, (list, tuple)) else (input_length,)
            kwargs["input_shape"] = tuple(lengths)
        if int(input_dim) <= 0 or int(output_dim) <= 0:
            raise ValueError(
                "Both `input_dim` and `output_dim` should be positive, Received: "
                f"input_dim = {input_dim} and output_dim = {output_dim}"
            )
        super().__init__(activity_regularizer=activity_regularizer, **{"dtype": "float32", **kwargs})
        self.input_dim = int(input_dim)
        self.output_dim = int(output_dim)
        self.embeddings_initializer = embeddings_initializer
        self.embeddings_regularizer = embeddings_regularizer
        self.embeddings_constraint = embeddings_constraint
        self.mask_zero = mask_zero
        self.input_length = input_length
        self.supports_masking = mask_zero

    def build(self, input_shape: Any) -> None:
        """Makes `embeddings`, `[input_dim, output_dim]`."""
        self.embeddings = self.add_weight(
            "embeddings",
            [self.input_dim, self.output_dim],
            None,
            # Keras' "uniform" is between -0.05 and 0.05.
            self.embeddings_initializer,
            self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )
        super().build(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        """The vectors, `[batch, ..., output_dim]`."""
        whole = inputs.dtype in (dtypes.int32, dtypes.int64)
        return embedding_lookup(self.embeddings, inputs if whole else math.cast(inputs, dtypes.int32))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """True where the number is not 0, if 0 is no number; else none."""
        return comparison.not_equal(inputs, 0) if self.mask_zero else None

"""Attention by products and by sums."""

from __future__ import annotations

from typing import Any

from trackml.graph.operation import Tensor
from trackml.keras.engine.base_layer import Layer
from trackml.ops import array, comparison, math, matmul, reductions
from trackml.ops.dropout import dropout as dropped
from trackml.ops.ranges import range as number_range
from trackml.ops.softmax import softmax


class _DotAttention(Layer):
    """What both kinds share: shares of the values by scores of queries and keys."""

    supports_masking = True

    def __init__(self, dropout: float = 0.0, **kwargs: Any) -> None:
        self._causal = kwargs.pop("causal", False)
        super().__init__(**kwargs)
        self.dropout = dropout

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        raise TypeError(f"{type(self).__name__} must define _scores(query, key).")

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: Any = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """For each query the mean of the values, by the shares of the keys.

        Args:
            inputs: `[query, value]` or `[query, value, key]`, `[batch, steps, features]` each.
            mask: Masks of queries and values, `[batch, steps]`.
            training: Whether shares are dropped.
            return_attention_scores: Whether the shares are returned, too.
            use_causal_mask: Whether a query sees no value after its own step.

        Returns:
            `[batch, query steps, features]`; with the shares, `[batch, query steps, value steps]`, if wanted.

        Raises:
            ValueError: There are not two or three inputs.
        """
        if not isinstance(inputs, (list, tuple)) or len(inputs) not in (2, 3):
            raise ValueError(f"{type(self).__name__} layer must be called on a list of 2 or 3 tensors. Got {inputs}")
        query, value, key = (*inputs, inputs[1])[:3]
        masks = (*(mask or ()), None, None)[:2]
        scores = self._scores(query, key)
        seen = self._seen(scores, masks[1], use_causal_mask or self._causal)
        if seen is not None:
            scores = scores - 1e9 * math.cast(comparison.logical_not(seen), scores.dtype)
        shares = softmax(scores)
        if training and self.dropout:
            shares = dropped(shares, rate=self.dropout)
        result = matmul.matmul(shares, value)
        if masks[0] is not None:
            result = result * math.cast(array.expand_dims(masks[0], -1), result.dtype)
        return (result, shares) if return_attention_scores else result

    def _seen(self, scores: Tensor, value_mask: Any, causal: bool) -> Any:
        """Which values each query sees; None for all."""
        seen = None if value_mask is None else array.expand_dims(value_mask, -2)
        if not causal:
            return seen
        sizes = array.shape(scores)
        rows, columns = (array.expand_dims(number_range(sizes[axis]), 3 - axis - 1) for axis in (1, 2))
        before = array.expand_dims(comparison.greater_equal(rows, columns), 0)
        return before if seen is None else comparison.logical_and(before, seen)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the queries."""
        return None if not mask else mask[0]


class Attention(_DotAttention):
    """Attention by products: `softmax(query @ key^T) @ value`.

    Args:
        use_scale: Whether scores are multiplied with a number that is learned.
        score_mode: `"dot"`, or `"concat"` for the sum of tanhs of the sums.
        dropout: The share of the attention that is dropped while training.
        kwargs: What `Layer` takes.

    Raises:
        ValueError: There is no such mode.

    Source: Luong et al., Effective Approaches to Attention-based Neural Machine Translation (2015).
    """

    def __init__(self, use_scale: bool = False, score_mode: str = "dot", dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(dropout, **kwargs)
        if score_mode not in ("dot", "concat"):
            raise ValueError(
                f"Invalid value for argument score_mode. Expected one of 'dot', 'concat'. Got {score_mode}"
            )
        self.use_scale = use_scale
        self.score_mode = score_mode

    def build(self, input_shape: Any) -> None:
        """Makes `scale` and, for sums, `concat_score_weight`: scalars."""
        self.scale = self.add_weight("scale", [], initializer="ones") if self.use_scale else None
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight("concat_score_weight", [], initializer="ones")
        super().build(input_shape)

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        if self.score_mode == "concat":
            added = array.expand_dims(query, -2) + array.expand_dims(key, -3)
            scaled = added if self.scale is None else self.scale * added
            summed: Tensor = self.concat_score_weight * reductions.reduce_sum(math.tanh(scaled), axis=-1)
            return summed
        scores = matmul.matmul(query, key, transpose_b=True)
        return scores if self.scale is None else scores * self.scale


class AdditiveAttention(_DotAttention):
    """Attention by sums: the scores are `sum(scale * tanh(query + key))`.

    Args:
        use_scale: Whether features are weighted by what is learned.
        dropout: The share of the attention that is dropped while training.
        kwargs: What `Layer` takes.

    Source: Bahdanau et al., Neural Machine Translation by Jointly Learning to Align and Translate (2014).
    """

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(dropout, **kwargs)
        self.use_scale = use_scale

    def build(self, input_shape: Any) -> None:
        """Makes `scale`, one number a feature."""
        features = input_shape[1].as_list()[-1]
        self.scale: Any = 1.0
        if self.use_scale:
            self.scale = self.add_weight("scale", [features], initializer="glorot_uniform")
        super().build(input_shape)

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        added = array.expand_dims(query, -2) + array.expand_dims(key, -3)
        return reductions.reduce_sum(self.scale * math.tanh(added), axis=-1)

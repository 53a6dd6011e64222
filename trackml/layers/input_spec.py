"""What a layer demands of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trackml.dtypes import as_dtype
from trackml.graph.operation import Tensor


class InputSpec:
    """Type, rank and sizes that an input must have; None for whatever does not matter.

    Args:
        dtype: Its type.
        shape: Its shape, with None for sizes that do not matter.
        ndim: Its rank.
        max_ndim: Its largest rank.
        min_ndim: Its smallest rank.
        axes: Sizes of single dimensions, by dimension.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Sequence[int | None] | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
    ) -> None:
        self.dtype = None if dtype is None else as_dtype(dtype).name
        self.shape = None if shape is None else tuple(shape)
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = dict(axes or {})

    def check(self, tensor: Tensor, index: int, layer_name: str) -> None:
        """Raises ValueError unless `tensor`, input number `index` of a layer, is as this says."""
        wrong = self._mismatch(tensor)
        if wrong:
            raise ValueError(f"Input {index} of layer {layer_name} is incompatible with the layer: {wrong}")

    def _mismatch(self, tensor: Tensor) -> str | None:
        sizes = tensor.shape.sizes
        if sizes is None:
            ranked = any(item is not None for item in (self.ndim, self.min_ndim, self.max_ndim))
            return "its rank is undefined, but the layer requires a defined rank." if ranked else None
        full = f"Full shape received: {list(sizes)}"
        if self.ndim is not None and len(sizes) != self.ndim:
            return f"expected ndim={self.ndim}, found ndim={len(sizes)}. {full}"
        if self.max_ndim is not None and len(sizes) > self.max_ndim:
            return f"expected max_ndim={self.max_ndim}, found ndim={len(sizes)}"
        if self.min_ndim is not None and len(sizes) < self.min_ndim:
            return f": expected min_ndim={self.min_ndim}, found ndim={len(sizes)}. {full}"
        if self.dtype is not None and tensor.dtype.name != self.dtype:
            return f"expected dtype={self.dtype}, found dtype={tensor.dtype!r}"
        return self._wrong_size(sizes)

    def _wrong_size(self, sizes: tuple[int | None, ...]) -> str | None:
        for axis, size in self.axes.items():
            if size is not None and sizes[axis] not in (size, None):
                return (
                    f"expected axis {axis} of input shape to have value {size} but received input with shape "
                    f"{list(sizes)}"
                )
        if self.shape is not None and any(
            wanted is not None and size is not None and wanted != size for wanted, size in zip(self.shape, sizes)
        ):
            return f"expected shape={self.shape}, found shape={list(sizes)}"
        return None

    def __repr__(self) -> str:
        fields = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return f"InputSpec({', '.join(f'{name}={getattr(self, name)}' for name in fields if getattr(self, name))})"

"""What each type of operation is: its kernel, its shape rule and its gradient, one short entry each.

An operation is added with `register`:

    register("Mul", np.multiply, shape=broadcast, gradient=_mul_grad)

A kernel takes the inputs' arrays and gives the output's array (a sequence of arrays where there are several
outputs); its keyword-only parameters are filled from the operation's attributes of the same names. Kernels
never write into their inputs. An operation with state of its own has `bind` in place of a kernel: called once
when a session compiles it, it gives the function that is called at each run.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackml.dtypes import DType
from trackml.shapes import TensorShape

if TYPE_CHECKING:
    from trackml.graph.operation import Operation
    from trackml.graph.runtime import Runtime

Kernel = Callable[..., Any]
ShapeRule = Callable[["Operation"], "TensorShape | Sequence[TensorShape]"]
DTypeRule = DType | str | Callable[["Operation"], Sequence[DType]] | None
Gradient = Callable[..., Any]


class _NotDifferentiable:
    def __repr__(self) -> str:
        return "NOT_DIFFERENTIABLE"


NOT_DIFFERENTIABLE = _NotDifferentiable()
"""The gradient of an operation through which nothing flows back."""


@dataclass(frozen=True)
class GradientOfFunctions:
    """The gradient of an operation that runs functions: to differentiate those it is handed `gradients` itself."""

    rule: Callable[..., Any]
    """(gradients, op, grad of each output) to the gradient of each input."""


@dataclass(frozen=True)
class OpSpec:
    """A type of operation."""

    type: str
    """TensorFlow's name of it."""
    kernel: Kernel | None
    """Arrays in, array out."""
    shape: ShapeRule
    """Operation to the shapes of its outputs."""
    dtypes: DTypeRule
    """Types of the outputs: one type, the attribute that names it, a rule, or None for the first input's."""
    gradient: Gradient | GradientOfFunctions | _NotDifferentiable | None
    """(op, grad of each output) to the gradient of each input; None when nobody has written it."""
    bind: Callable[[Operation, Runtime], Kernel] | None
    """Makes the kernel of one operation in one session."""
    types: Mapping[str, int]
    """Type attributes of the NodeDef, and the input that each is the type of."""
    count: str | None
    """The attribute that holds the number of inputs, where there may be any number."""
    lists: bool
    """Whether the kernel gives a sequence even for one output."""
    alias: bool
    """Whether the output is the first input itself."""
    settled: bool
    """Whether the state is the same at each run of a session, so that it is asked for once."""
    attribute_names: tuple[str, ...] = field(default=())
    """The kernel's keyword-only parameters."""
    fresh: bool = False
    """Whether the kernel always gives new arrays, no views of its inputs and nothing that is kept elsewhere."""
    in_place: Kernel | None = None
    """As the kernel, but it may write the result into its first input."""
    by_shape: bool = False
    """Whether the result depends on the shapes of the inputs alone."""

    @property
    def stateful(self) -> bool:
        """Whether two runs with equal inputs may differ."""
        return self.bind is not None

    def bound_kernel(self, op: Operation, runtime: Runtime) -> Kernel:
        """The function that computes `op` from its inputs' arrays alone."""
        if self.bind is not None:
            return self.bind(op, runtime)
        return self.pure_kernel(op)

    def pure_kernel(self, op: Operation) -> Kernel:
        """The kernel of an operation without state, with its attributes filled in."""
        if self.kernel is None:
            raise LookupError(f"Operation type {self.type} has no kernel.")
        if not self.attribute_names:
            return self.kernel
        return self._with_attributes(self.kernel, op)

    def in_place_kernel(self, op: Operation) -> Kernel | None:
        """The kernel that may write into its first input, with its attributes filled in; None when there is none."""
        if self.in_place is None or not self.attribute_names:
            return self.in_place
        return self._with_attributes(self.in_place, op)

    def _with_attributes(self, kernel: Kernel, op: Operation) -> Kernel:
        return functools.partial(kernel, **{name: op.get_attr(name) for name in self.attribute_names})


_SPECS: dict[str, OpSpec] = {}


def register(
    type: str,
    kernel: Kernel | None = None,
    *,
    shape: ShapeRule,
    dtypes: DTypeRule = None,
    gradient: Gradient | GradientOfFunctions | _NotDifferentiable | None = None,
    bind: Callable[[Operation, Runtime], Kernel] | None = None,
    types: Mapping[str, int] | None = None,
    count: str | None = None,
    lists: bool = False,
    alias: bool = False,
    settled: bool = False,
    fresh: bool = False,
    in_place: Kernel | None = None,
    by_shape: bool = False,
) -> None:
    """Adds a type of operation.

    Args:
        type: Its name; TensorFlow's where TensorFlow has it, since the name is written to graph.pbtxt.
        kernel: Takes arrays, gives an array; keyword-only parameters come from the attributes.
        shape: Gives the outputs' shapes from the operation (its inputs' shapes and attributes).
        dtypes: Types of the outputs; None means the type of the first input.
        gradient: Called with the operation and the gradient of each output; gives the gradient of each input
            (None where nothing flows), written with operations so that it differentiates again.
        bind: In place of `kernel`, for operations with state.
        types: Type attributes and the input each is taken from; `{"T": 0}` when there are inputs.
        count: Attribute that holds the number of inputs.
        lists: The kernel always gives a sequence of outputs.
        alias: The output is the first input.
        settled: What `bind` gives returns the same at each run, so a plan calls it once.
        fresh: The kernel's results are always new arrays: a plan may let the next kernel write into them.
        in_place: The kernel once more, with the same parameters; it may write its result into its first input, which
            nobody looks at any more when a plan calls it. The result must have that input's shape and type.
        by_shape: The result depends on the shapes of the inputs alone: it is constant where those are known.

    Raises:
        ValueError: The type exists already, or has neither kernel nor `bind`.
    """
    if type in _SPECS:
        raise ValueError(f"Operation type {type!r} is registered already.")
    if (kernel is None) == (bind is None):
        raise ValueError(f"Operation type {type!r} must have either a kernel or `bind`.")
    _SPECS[type] = OpSpec(
        type=type,
        kernel=kernel,
        shape=shape,
        dtypes=dtypes,
        gradient=gradient,
        bind=bind,
        types={"T": 0} if types is None else types,
        count=count,
        lists=lists,
        alias=alias,
        settled=settled,
        attribute_names=_keyword_only(kernel),
        fresh=fresh,
        in_place=in_place,
        by_shape=by_shape,
    )


def spec_of(type: str) -> OpSpec:
    """The entry of an operation type; LookupError when there is none."""
    try:
        return _SPECS[type]
    except KeyError:
        raise LookupError(f"There is no operation type {type!r}. Register one with trackml.graph.register.") from None


def registered_types() -> list[str]:
    """The names of all operation types, sorted."""
    return sorted(_SPECS)


def _keyword_only(kernel: Kernel | None) -> tuple[str, ...]:
    code = getattr(kernel, "__code__", None)
    if code is None:
        return ()
    names: tuple[str, ...] = code.co_varnames
    return names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]

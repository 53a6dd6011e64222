"""Values shown while a session runs: `tf.Print`, `tf.print`, `tf.strings.format`."""

from __future__ import annotations

import logging
import os
import pprint
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trackml import dtypes, nest
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import apply_op
from trackml.graph.operation import Operation, Tensor
from trackml.graph.registry import NOT_DIFFERENTIABLE, Kernel, register
from trackml.graph.runtime import Runtime
from trackml.graph.shape_rules import no_outputs, same_as_input, scalar
from trackml.ops.framework import name_scope
from trackml.ops.tensor_text import edge_text, short_text


def Print(  # noqa: N802  TensorFlow's spelling
    input_: Any,
    data: Sequence[Any],
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """`input_`, and a line on standard error each time it is computed.

    Args:
        input_: A tensor to hand on.
        data: Tensors whose first elements are shown.
        message: How the line begins.
        first_n: How many times to show it; always if not given.
        summarize: How many elements of each tensor; 3 if not given.
        name: Name of the operation.
    """
    with name_scope(name, "Print", [input_, *data]) as scope:
        tensor = convert_to_tensor(input_, name="input")
        shown = [convert_to_tensor(item, name=f"data_{index}") for index, item in enumerate(data)]
        attrs = {
            "message": message or "",
            "first_n": -1 if first_n is None else first_n,
            "summarize": 3 if summarize is None else summarize,
            "U": [item.dtype for item in shown],
        }
        result: Tensor = apply_op("Print", tensor, *shown, name=scope, **attrs)
    return result


def _print(op: Operation, runtime: Runtime) -> Kernel:
    message, first_n, summarize = (op.get_attr(name) for name in ("message", "first_n", "summarize"))
    shown = runtime.resource(("print", op.graph, op.name), _Counter)

    def show(tensor: Any, *data: Any) -> Any:
        if first_n < 0 or shown.next() <= first_n:
            text = "".join(f"[{short_text(item, summarize)}]" for item in data)
            print(message + text, file=sys.stderr, flush=True)
        return tensor

    return show


class _Counter:
    """Counts from 1; threads may share it."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        with self._lock:
            self._count += 1
            return self._count


register(
    "Print",
    bind=_print,
    shape=same_as_input,
    gradient=lambda op, grad: [grad, *[None] * (len(op.inputs) - 1)],
)


_STREAMS: dict[Any, str] = {
    logging.INFO: "log(info)",
    logging.info: "log(info)",
    logging.WARNING: "log(warning)",
    logging.warning: "log(warning)",
    logging.ERROR: "log(error)",
    logging.error: "log(error)",
}


def print_v2(
    *inputs: Any,
    output_stream: Any = None,
    summarize: int = 3,
    sep: str = " ",
    end: str = os.linesep,
    name: str | None = None,
) -> Operation:
    """An operation that prints `inputs` each time it runs.

    Nothing waits for it by itself: fetch it, or put it into `tf.control_dependencies`.

    Args:
        *inputs: Tensors, Python values, and structures of them.
        output_stream: `sys.stderr` (when not given), `sys.stdout`, a logging level, or `"file://path"`.
        summarize: How many elements at the ends of each axis are shown; -1 for all.
        sep: What is put between the inputs.
        end: What is put behind them.
        name: Name of the operation.

    Raises:
        ValueError: The stream is none of these.
    """
    text = _formatted(inputs, sep, summarize, f"{name}_format" if name else None)
    op: Operation = apply_op("PrintV2", text, name=name, output_stream=_stream_name(output_stream), end=end)
    return op


def _stream_name(stream: Any) -> str:
    if stream is None or stream is sys.stderr:
        return "stderr"
    if stream is sys.stdout:
        return "stdout"
    if isinstance(stream, str) and stream.startswith("file://"):
        return stream
    level = stream if isinstance(stream, int) else getattr(stream, "__name__", "").upper()
    found = _STREAMS.get(stream) or _STREAMS.get(getattr(logging, str(level), None))
    if found is None:
        raise ValueError(
            f"Unsupported output stream, logging level, or file: {stream!r}. Supported streams are sys.stdout, "
            "sys.stderr, the logging levels INFO, WARNING and ERROR, and 'file://<filepath>'."
        )
    return found


def _formatted(inputs: Sequence[Any], sep: str, summarize: int, name: str | None) -> Tensor:
    if len(inputs) == 1 and isinstance(inputs[0], Tensor) and _is_text(inputs[0]):
        return inputs[0]
    leaves = [leaf for item in inputs for leaf in nest.flatten(item)]
    placeholder = _unused("{}", " ".join(str(leaf) for leaf in leaves if not _is_tensor(leaf)))
    template = sep.join(_template(item, placeholder) for item in inputs)
    return string_format(template, [leaf for leaf in leaves if _is_tensor(leaf)], placeholder, summarize, name)


def _is_text(tensor: Tensor) -> bool:
    return tensor.dtype is dtypes.string and tensor.shape.ndims == 0


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor) or hasattr(value, "_as_tensor")


def _unused(placeholder: str, text: str) -> str:
    number = 0
    while placeholder in text:
        number += 1
        placeholder = f"{{{number}}}"
    return placeholder


def _template(item: Any, placeholder: str) -> str:
    if isinstance(item, str):
        return item
    marked = nest.map_structure(lambda leaf: placeholder if _is_tensor(leaf) else leaf, item)
    return placeholder if marked == placeholder else pprint.pformat(marked).replace(f"'{placeholder}'", placeholder)


def _print_v2(op: Operation, runtime: Runtime) -> Kernel:
    write = _writer(op.get_attr("output_stream"))
    end = op.get_attr("end")
    return lambda text: write(bytes(text.item()).decode("utf-8", "replace") + end)


def _writer(stream: str) -> Callable[[str], None]:
    if stream.startswith("file://"):
        return lambda text: _append(stream.removeprefix("file://"), text)
    if stream.startswith("log("):
        level = {"log(info)": logging.INFO, "log(warning)": logging.WARNING}.get(stream, logging.ERROR)
        return lambda text: logging.getLogger("tensorflow").log(level, "%s", text.rstrip("\n"))
    # The stream is looked up at each run: tests and notebooks replace it.
    return lambda text: print(text, end="", file=sys.stdout if stream == "stdout" else sys.stderr, flush=True)


def _append(path: str, text: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


register("PrintV2", bind=_print_v2, shape=no_outputs, gradient=NOT_DIFFERENTIABLE, types={})


def string_format(
    template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3, name: str | None = None
) -> Tensor:
    """`template` with the values of `inputs` in place of the placeholders.

    Args:
        template: A text.
        inputs: A tensor or a list of them, one for each placeholder.
        placeholder: What stands for a value.
        summarize: How many elements at the ends of each axis are shown; -1 for all.
        name: Name of the operation.

    Raises:
        ValueError: There are more or fewer placeholders than `inputs`.
    """
    values = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    if template.count(placeholder) != len(values):
        raise ValueError(
            f"{template.count(placeholder)} placeholder(s) in template does not match {len(values)} tensor(s) "
            "provided as input"
        )
    with name_scope(name, "StringFormat", values) as scope:
        tensors = [convert_to_tensor(value, name=f"inputs_{index}") for index, value in enumerate(values)]
        attrs = {"template": template, "placeholder": placeholder, "summarize": summarize}
        text: Tensor = apply_op("StringFormat", *tensors, name=scope, T=[item.dtype for item in tensors], **attrs)
    return text


def _string_format(*values: Any, template: str, placeholder: str, summarize: int) -> Any:
    parts = template.split(placeholder)
    texts = [edge_text(value, summarize) for value in values]
    joined = "".join(part + text for part, text in zip(parts, [*texts, ""]))
    return np.array(joined.encode("utf-8"), dtype=object)


register(
    "StringFormat",
    _string_format,
    shape=scalar,
    dtypes=dtypes.string,
    gradient=NOT_DIFFERENTIABLE,
    types={},
)

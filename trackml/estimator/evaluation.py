"""The evaluation loop: run the metrics' updates over the input, then read their values and write them down."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto.summary_pb2 import Summary

from trackml import dtypes, logging, nest
from trackml.global_step import get_or_create_global_step
from trackml.graph.conversion import convert_to_tensor
from trackml.graph.graph import get_default_graph
from trackml.graph.graph_def import tensor_proto
from trackml.graph.keys import GraphKeys
from trackml.initializers import Zeros
from trackml.metrics import mean
from trackml.ops import control
from trackml.summary.writer_cache import FileWriterCache
from trackml.train.logging_hooks import FinalOpsHook
from trackml.train.monitored_session import ChiefSessionCreator, MonitoredSession
from trackml.train.scaffold import Scaffold
from trackml.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from trackml.variables.scope import get_variable


class StopAfterNEvalsHook(SessionRunHook):
    """Ends an evaluation after so many batches, and logs how far it is.

    Args:
        num_evals: How many batches.
    """

    def __init__(self, num_evals: int) -> None:
        self._num_evals = num_evals
        self._log_every = max(1, num_evals // 10)

    def begin(self) -> None:
        """Finds the counter of batches."""
        (self._counter,) = get_default_graph().get_collection(GraphKeys.EVAL_STEP)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Asks for the number of batches."""
        return SessionRunArgs(self._counter)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Stops at the last."""
        done = int(run_values.results) + 1
        if done % self._log_every == 0 or done == self._num_evals:
            logging.info("Evaluation [%d/%d]", done, self._num_evals)
        if done >= self._num_evals:
            run_context.request_stop()


class Evaluation(NamedTuple):
    """What an evaluation runs."""

    scaffold: Scaffold
    """Initialises variables and metrics."""
    update_op: Any
    """Updates the metrics with a batch."""
    values: dict[str, Any]
    """The tensors of the metrics' values by name."""
    hooks: list[SessionRunHook]
    """The hooks to run around each batch."""


def metric_ops(metrics: Mapping[str, Any], loss: Any) -> tuple[Any, dict[str, Any]]:
    """The operation that updates all metrics with a batch, and the tensors of their values.

    Args:
        metrics: {name: (value, update_op)}.
        loss: The batch's loss, whose mean becomes the metric `loss`.

    Raises:
        ValueError: A metric is called `loss` or `global_step`.
    """
    for reserved in ("loss", GraphKeys.GLOBAL_STEP):
        if reserved in metrics:
            raise ValueError(f'Metric with name "{reserved}" is not allowed, because Estimator already defines it.')
    pairs = {**metrics, "loss": mean(loss)}
    values = {name: nest.map_structure(convert_to_tensor, value) for name, (value, _) in sorted(pairs.items())}
    values[GraphKeys.GLOBAL_STEP] = get_or_create_global_step()
    return control.group(*(update for _, (_, update) in sorted(pairs.items()))), values


def with_metrics_initialised(scaffold: Scaffold) -> Scaffold:
    """`scaffold`, where it has a local_init_op of its own, with one that initialises the metrics' variables too."""
    if scaffold.local_init_op is None:
        return scaffold
    _eval_step()
    local_init_op = control.group(scaffold.local_init_op, Scaffold.default_local_init_op())
    return Scaffold(local_init_op=local_init_op, copy_from_scaffold=scaffold)


def _eval_step() -> Any:
    """The variable that counts batches, made if there is none."""
    found = get_default_graph().get_collection(GraphKeys.EVAL_STEP)
    return (
        found[0]
        if found
        else get_variable(
            GraphKeys.EVAL_STEP,
            shape=[],
            dtype=dtypes.int64,
            initializer=Zeros(),
            trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.EVAL_STEP],
        )
    )


def evaluate_once(
    update_op: Any,
    values: Mapping[str, Any],
    scaffold: Scaffold,
    hooks: list[SessionRunHook],
    checkpoint_path: str | None,
) -> dict[str, Any]:
    """Runs `update_op` until the input ends or a hook stops it; gives the metrics' values."""
    counter = _eval_step()
    step = [update_op, counter.assign_add(1)]
    final = FinalOpsHook(dict(values))
    logging.info("Starting evaluation at %s", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    creator = ChiefSessionCreator(scaffold, checkpoint_filename_with_path=checkpoint_path)
    with MonitoredSession(creator, [*hooks, final]) as session:
        while not session.should_stop():
            session.run(step)
    logging.info("Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime()))
    found: dict[str, Any] = final.final_ops_values
    return found


def write_results(directory: str, results: Mapping[str, Any], checkpoint_path: str | None) -> None:
    """Writes an evaluation to the event file of `directory`: one summary of all metrics, one of the checkpoint."""
    step = int(results[GraphKeys.GLOBAL_STEP])
    shown = sorted((name, value) for name, value in results.items() if not isinstance(value, bytes))
    text = ", ".join(f"{name} = {value}" for name, value in shown)
    logging.info("Saving dict for global step %d: %s", step, text)
    writer = FileWriterCache.get(directory)
    values = [
        item
        for name, value in sorted(results.items())
        if name != GraphKeys.GLOBAL_STEP and value is not None
        for item in _summary_values(name, value)
    ]
    writer.add_summary(Summary(value=values), step)
    if checkpoint_path:
        logging.info("Saving 'checkpoint_path' summary for global step %d: %s", step, checkpoint_path)
        path = np.array(checkpoint_path.encode("utf-8"), dtype=object)
        summary = Summary(value=[Summary.Value(tag="checkpoint_path", tensor=tensor_proto(path))])
        writer.add_summary(summary, step)
    writer.flush()


def _summary_values(name: str, value: Any) -> list[Summary.Value]:
    """A metric as summary values: numbers as scalars, a serialized summary as what it holds, arrays as tensors."""
    if isinstance(value, bytes):
        return _from_serialized(name, value)
    array = np.asarray(None if isinstance(value, (tuple, list, Mapping)) else value)
    if array.dtype.kind not in "fiub":
        logging.warning("Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 or int or np.ndarray "
                        "or a serialized string of Summary.", name)  # fmt: skip
        return []
    if array.ndim == 0:
        return [Summary.Value(tag=name, simple_value=float(array))]
    logging.info(
        "Summary for np.ndarray is not visible in Tensorboard by default. Consider using a Tensorboard plugin for "
        "visualization (see https://github.com/tensorflow/tensorboard-plugin-example/blob/master/README.md for more "
        "information)."
    )
    return [Summary.Value(tag=name, node_name=name, tensor=tensor_proto(array))]


def _from_serialized(name: str, value: bytes) -> list[Summary.Value]:
    try:
        summary = Summary.FromString(value)
    except DecodeError:
        logging.warning("Skipping summary for %s, cannot parse string to Summary.", name)
        return []
    items = list(summary.value)
    for index, item in enumerate(items):
        item.tag = f"{name}/{index}"
    return items

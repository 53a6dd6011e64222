"""`tf.contrib.predictor`: exported models, and Estimators, as functions from arrays to arrays.

Source: tensorflow/contrib/predictor/.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef

from trackml.checkpoint.saver import Saver
from trackml.estimator.estimator import Estimator
from trackml.estimator.export.signature_map import export_outputs_of, signatures_of
from trackml.estimator.model_fn import ModeKeys
from trackml.global_step import get_or_create_global_step
from trackml.graph.graph import Graph
from trackml.graph.operation import Tensor
from trackml.graph.session import Session
from trackml.saved_model.constants import signature_constants, tag_constants
from trackml.saved_model.loader import load, meta_graph_of
from trackml.train.scaffold import Scaffold


class Predictor:
    """A model in a session: called with arrays by the names of its inputs, it gives arrays by those of its outputs.

    Args:
        session: The session, with values for all variables.
        feed_tensors: The inputs by name.
        fetch_tensors: The outputs by name.
    """

    def __init__(
        self, session: Session, feed_tensors: Mapping[str, Tensor], fetch_tensors: Mapping[str, Tensor]
    ) -> None:
        self.session = session
        """The session."""
        self.graph = session.graph
        """Its graph."""
        self.feed_tensors = dict(feed_tensors)
        """The inputs by name."""
        self.fetch_tensors = dict(fetch_tensors)
        """The outputs by name."""

    def __call__(self, input_dict: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for some inputs.

        Raises:
            ValueError: A name is not that of an input.
        """
        unexpected = sorted(set(input_dict) - set(self.feed_tensors))
        if unexpected:
            raise ValueError(f"Got unexpected keys in input_dict: {unexpected}\nexpected: {sorted(self.feed_tensors)}")
        feeds = {self.feed_tensors[name]: value for name, value in input_dict.items() if value is not None}
        found: dict[str, Any] = self.session.run(self.fetch_tensors, feed_dict=feeds)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__} with feed tensors {self.feed_tensors} and fetch_tensors {self.fetch_tensors}"


def from_saved_model(
    export_dir: str | os.PathLike[str],
    signature_def_key: str | None = None,
    signature_def: SignatureDef | None = None,
    input_names: Mapping[str, str] | None = None,
    output_names: Mapping[str, str] | None = None,
    tags: str | None = None,
    graph: Graph | None = None,
    config: Any = None,
) -> Predictor:
    """An exported model as a function.

    Args:
        export_dir: The directory of the SavedModel.
        signature_def_key: The signature to use; the default one if None.
        signature_def: A signature, in place of its name.
        input_names: Names of tensors to feed, by the names to call them; in place of a signature, with `output_names`.
        output_names: Names of tensors to fetch.
        tags: Which graph is loaded: its tags, separated by commas; `serve` by default.
        graph: The graph to load into; a new one by default.
        config: Accepted for TensorFlow's sake.

    Raises:
        OSError: There is no SavedModel.
        ValueError: There is no such signature, or more than one way to choose one is used.
    """
    if (input_names is None) != (output_names is None):
        raise ValueError("input_names and output_names must both be specified or both be unspecified.")
    if sum(item is not None for item in (signature_def_key, signature_def, input_names)) > 1:
        raise ValueError(
            "You must specify at most one of signature_def_key OR signature_def OR(input_names AND output_names)."
        )
    wanted = (tags or tag_constants.SERVING).split(",")
    session = Session(graph=graph or Graph())
    load(session, wanted, export_dir)
    if input_names is None or output_names is None:
        signature = signature_def or _signature(export_dir, wanted, signature_def_key)
        input_names = {name: info.name for name, info in signature.inputs.items()}
        output_names = {name: info.name for name, info in signature.outputs.items()}
    return Predictor(session, _tensors(session.graph, input_names), _tensors(session.graph, output_names))


def from_estimator(
    estimator: Estimator,
    serving_input_receiver_fn: Callable[[], Any],
    output_key: str | None = None,
    graph: Graph | None = None,
    config: Any = None,
) -> Predictor:
    """An Estimator, with the variables of its newest checkpoint, as a function.

    Args:
        estimator: The Estimator.
        serving_input_receiver_fn: A function that makes a `ServingInputReceiver`; see `tf.estimator.export`.
        output_key: The export output to use; the default one if None.
        graph: The graph to build in; a new one by default.
        config: Accepted for TensorFlow's sake.

    Raises:
        ValueError: There is no checkpoint, or no such output.
    """
    path = estimator.latest_checkpoint()
    if path is None:
        raise ValueError(f"Couldn't find trained model at {estimator.model_dir}.")
    with (graph or Graph()).as_default() as own:
        get_or_create_global_step(own)
        receiver = serving_input_receiver_fn()
        spec = estimator.model_fn(receiver.features, None, ModeKeys.PREDICT, estimator.config)
        signatures = signatures_of(export_outputs_of(spec), receiver.receiver_tensors)
        signature = _chosen(signatures, output_key)
        session = Session(graph=own)
        (spec.scaffold.saver or Saver(sharded=True, allow_empty=True)).restore(session, path)
        session.run(spec.scaffold.local_init_op or Scaffold.default_local_init_op())
    names = ({name: info.name for name, info in part.items()} for part in (signature.inputs, signature.outputs))
    return Predictor(session, *(_tensors(own, named) for named in names))


def _signature(export_dir: str | os.PathLike[str], tags: list[str], key: str | None) -> SignatureDef:
    return _chosen(dict(meta_graph_of(export_dir, tags).signature_def), key)


def _chosen(signatures: Mapping[str, SignatureDef], key: str | None) -> SignatureDef:
    wanted = key or signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
    if wanted not in signatures:
        raise ValueError(f'Got signature_def_key "{wanted}". Available signatures are {sorted(signatures)}.')
    return signatures[wanted]


def _tensors(graph: Graph, names: Mapping[str, str]) -> dict[str, Tensor]:
    return {key: graph.get_tensor_by_name(name) for key, name in names.items()}


__all__ = ["Predictor", "from_estimator", "from_saved_model"]

"""Exporting a trained model: the graphs of some modes with the variables of a checkpoint.

Source: tensorflow_estimator/python/estimator/estimator.py, `_export_all_saved_models`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from trackml.checkpoint.saver import Saver
from trackml.checkpoint.state import latest_checkpoint
from trackml.errors import NotFoundError
from trackml.estimator.export.directories import copy_extra_assets, new_export
from trackml.estimator.export.signature_map import TAGS, export_outputs_of, signatures_of
from trackml.estimator.model_fn import EstimatorSpec, ModeKeys
from trackml.graph.graph import get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.graph.session import Session
from trackml.saved_model.builder import SavedModelBuilder
from trackml.train.scaffold import Scaffold

_ORDER = (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT)
"""The first that is exported decides which variables are: a training has the most."""

CallModelFn = Callable[[Any, Any, str], EstimatorSpec]


def export_modes(
    base: str | os.PathLike[str],
    receiver_fns: Mapping[str, Callable[[], Any]],
    new_graph: Callable[[], Any],
    call_model_fn: CallModelFn,
    checkpoint_path: str | os.PathLike[str],
    assets_extra: Mapping[str, str] | None,
    as_text: bool,
) -> bytes:
    """Writes a SavedModel into a new directory below `base`.

    Args:
        base: Where exports go.
        receiver_fns: For each mode, a function that makes an input receiver.
        new_graph: Gives a context with a new default graph.
        call_model_fn: A function of (features, labels, mode) that calls the model function.
        checkpoint_path: The checkpoint, or a directory whose newest is taken.
        assets_extra: Files to put beside the model.
        as_text: Whether the message is written as text.

    Returns:
        The path of the directory.

    Raises:
        ValueError: There is no mode, or the checkpoint lacks variables.
    """
    modes = [mode for mode in _ORDER if receiver_fns.get(mode)]
    if not modes:
        raise ValueError(f"No valid modes for exporting found. Got {list(receiver_fns)}.")
    path = _checkpoint(checkpoint_path)
    with new_export(base) as (temporary, final):
        builder = SavedModelBuilder(temporary)
        for mode in modes:
            with new_graph():
                receiver = receiver_fns[mode]()
                spec = call_model_fn(receiver.features, getattr(receiver, "labels", None), mode)
                _add(builder, receiver, spec, path, is_first=mode == modes[0])
        builder.save(as_text)
        copy_extra_assets(temporary, assets_extra)
    return os.fsencode(final)


def _checkpoint(path: str | os.PathLike[str]) -> str:
    text = os.fsdecode(os.fspath(path))
    found = latest_checkpoint(text) if os.path.isdir(text) else text
    if found is None:
        raise ValueError(f"Couldn't find trained model at {text}.")
    return found


def _add(builder: SavedModelBuilder, receiver: Any, spec: EstimatorSpec, path: str, *, is_first: bool) -> None:
    alternatives = getattr(receiver, "receiver_tensors_alternatives", None)
    signatures = signatures_of(export_outputs_of(spec), receiver.receiver_tensors, alternatives)
    main_op = spec.scaffold.local_init_op
    if main_op is None:
        main_op = Scaffold.default_local_init_op()
    saver = spec.scaffold.saver or Saver(sharded=True, allow_empty=True)
    graph = get_default_graph()
    if spec.train_op is not None:
        graph.add_to_collection(GraphKeys.TRAIN_OP, spec.train_op)
    with Session(graph=graph) as session:
        _restore(saver, session, path, spec.mode)
        arguments = {
            "tags": TAGS[spec.mode],
            "signature_def_map": signatures,
            "assets_collection": graph.get_collection(GraphKeys.ASSET_FILEPATHS),
            "main_op": main_op,
            "saver": saver,
        }
        if is_first:
            builder.add_meta_graph_and_variables(session, **arguments)
        else:
            builder.add_meta_graph(**arguments)


def _restore(saver: Any, session: Session, path: str, mode: str) -> None:
    try:
        saver.restore(session, path)
    except NotFoundError as error:
        raise ValueError(
            "Could not load all requested variables from checkpoint. Please make sure your model_fn does not expect "
            "variables that were not saved in the checkpoint.\n\n"
            f"Encountered error with mode `{mode}` while restoring checkpoint from: `{path}`. "
            f"Full Traceback:\n\n{error}"
        ) from error

"""Writing SavedModels: graphs with their variables and assets, in a directory that TensorFlow loads.

Source: tensorflow/python/saved_model/builder_impl.py.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence

from google.protobuf import text_format
from google.protobuf.any_pb2 import Any as AnyMessage
from tensorboard.compat.proto.meta_graph_pb2 import AssetFileDef, MetaGraphDef, SignatureDef

from trackml import logging
from trackml.checkpoint.saver import Saver
from trackml.graph.conversion import constant_value
from trackml.graph.meta_graph import meta_graph_def
from trackml.graph.operation import Operation, Tensor
from trackml.graph.session import Session
from trackml.protos.saved_model_pb2 import SavedModel
from trackml.saved_model import constants
from trackml.storage.files import replace_file


class SavedModelBuilder:
    """Writes a SavedModel, one graph after another; they share the variables of the first.

    Args:
        export_dir: The directory, which must not be there, or be empty.

    Raises:
        AssertionError: It is there, and not empty.

    Example:
        >>> import os, tempfile, trackml as tf
        >>> path = os.path.join(tempfile.mkdtemp(), "model")
        >>> with tf.Graph().as_default(), tf.Session() as session:
        ...     x = tf.placeholder(tf.float32, [None], name="x")
        ...     y = x * tf.Variable(2.0)
        ...     session.run(tf.global_variables_initializer())
        ...     signature = tf.saved_model.predict_signature_def({"x": x}, {"y": y})
        ...     builder = tf.saved_model.Builder(path)
        ...     builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature})
        ...     _ = builder.save()
        >>> sorted(os.listdir(path))
        ['saved_model.pb', 'variables']
    """

    def __init__(self, export_dir: str | os.PathLike[str]) -> None:
        self._directory = os.fsdecode(os.fspath(export_dir))
        if os.path.exists(self._directory) and os.listdir(self._directory):
            raise AssertionError(
                f"Export directory {self._directory} already exists, and isn't empty. Please choose a different export "
                "directory, or delete all the contents of the specified directory."
            )
        os.makedirs(self._directory, exist_ok=True)
        self._message = SavedModel(saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION)
        self._has_variables = False

    def add_meta_graph_and_variables(
        self,
        sess: Session,
        tags: Sequence[str],
        signature_def_map: Mapping[str, SignatureDef] | None = None,
        assets_collection: Sequence[Tensor] | None = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Adds the session's graph, and the values that its variables have; called once, for the first graph.

        Args:
            sess: The session.
            tags: What the graph is for, such as `["serve"]`.
            signature_def_map: The signatures by name.
            assets_collection: String tensors, each the path of a file that the graph needs.
            legacy_init_op: An operation to run once the graph is loaded; an older name of `main_op`.
            clear_devices: Whether devices are left out.
            main_op: An operation to run once the graph is loaded.
            strip_default_attrs: Accepted for TensorFlow's sake.
            saver: What saves the variables; all global ones by default.

        Raises:
            AssertionError: There are variables already.
        """
        if self._has_variables:
            raise AssertionError("Graph state including variables and assets has already been saved. Please invoke "
                                 "`add_meta_graph()` instead.")  # fmt: skip
        assets = self._copy_assets(assets_collection)
        directory = os.path.join(self._directory, constants.VARIABLES_DIRECTORY)
        os.makedirs(directory, exist_ok=True)
        with sess.graph.as_default():
            chosen = saver or Saver(sharded=True, allow_empty=True)
            chosen.save(sess, os.path.join(directory, constants.VARIABLES_FILENAME), write_meta_graph=False,
                        write_state=False)  # fmt: skip
            self._add(sess, tags, signature_def_map, assets, main_op or legacy_init_op, clear_devices, chosen)
        self._has_variables = True

    def add_meta_graph(
        self,
        tags: Sequence[str],
        signature_def_map: Mapping[str, SignatureDef] | None = None,
        assets_collection: Sequence[Tensor] | None = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Adds the default session's graph, whose variables are among those that are there; arguments as above.

        Raises:
            AssertionError: There are no variables yet, or there is no default session.
        """
        from trackml.graph.session import get_default_session

        session = get_default_session()
        if not self._has_variables:
            raise AssertionError("Graph state including variables and assets has not been saved yet. Please invoke "
                                 "`add_meta_graph_and_variables()` first.")  # fmt: skip
        if session is None:
            raise AssertionError("There is no default session, whose graph would be added.")
        assets = self._copy_assets(assets_collection)
        with session.graph.as_default():
            chosen = saver or Saver(sharded=True, allow_empty=True)
            self._add(session, tags, signature_def_map, assets, main_op or legacy_init_op, clear_devices, chosen)

    def save(self, as_text: bool = False) -> bytes:
        """Writes the message; without it there is no model in the directory.

        Returns:
            Its path.
        """
        name = constants.SAVED_MODEL_FILENAME_PBTXT if as_text else constants.SAVED_MODEL_FILENAME_PB
        path = os.path.join(self._directory, name)
        text = text_format.MessageToString(self._message).encode() if as_text else self._message.SerializeToString()
        replace_file(path, text)
        logging.info("SavedModel written to: %s", path)
        return os.fsencode(path)

    def _add(
        self,
        sess: Session,
        tags: Sequence[str],
        signatures: Mapping[str, SignatureDef] | None,
        assets: Mapping[str, str],
        main_op: Operation | None,
        clear_devices: bool,
        saver: Saver,
    ) -> None:
        message = meta_graph_def(sess.graph, saver_def=saver.saver_def, tags=tuple(tags))
        if clear_devices:
            for node in message.graph_def.node:
                node.device = ""
        for key, signature in (signatures or {}).items():
            message.signature_def[key].CopyFrom(signature)
        _add_assets(message, assets)
        if main_op is not None:
            operation = main_op.op if isinstance(main_op, Tensor) else main_op
            message.collection_def[constants.MAIN_OP_KEY].node_list.value.append(operation.name)
        self._message.meta_graphs.append(message)

    def _copy_assets(self, tensors: Sequence[Tensor] | None) -> dict[str, str]:
        """Copies the files that tensors name; gives the names of the copies by those of the tensors.

        Two files of the same name get different ones: the second is numbered.
        """
        copied: dict[str, str] = {}
        names: dict[str, str] = {}
        for tensor in tensors or ():
            path = _path_of(tensor)
            if path not in copied:
                copied[path] = _free_name(os.path.basename(path), set(copied.values()))
            names[tensor.name] = copied[path]
        if not names:
            logging.info("No assets to save.")
            logging.info("No assets to write.")
            return {}
        directory = os.path.join(self._directory, constants.ASSETS_DIRECTORY)
        os.makedirs(directory, exist_ok=True)
        for path, name in copied.items():
            shutil.copyfile(path, os.path.join(directory, name))
        logging.info("Assets written to: %s", directory)
        return names


def _path_of(tensor: Tensor) -> str:
    value = constant_value(tensor)
    if value is None:
        raise ValueError(f"The path of an asset must be known while the graph is built; '{tensor.name}' is computed.")
    path = os.fsdecode(bytes(value.item()))
    if not os.path.isfile(path):
        raise ValueError(f"There is no file {path}, which the tensor '{tensor.name}' names as an asset.")
    return path


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 0
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _add_assets(message: MetaGraphDef, assets: Mapping[str, str]) -> None:
    if not assets:
        return
    logging.info("Assets added to graph.")
    packed = message.collection_def[constants.ASSETS_KEY].any_list.value
    for tensor_name, name in assets.items():
        asset = AssetFileDef(filename=name)
        asset.tensor_info.name = tensor_name
        message.asset_file_def.append(asset)
        item = AnyMessage()
        item.Pack(asset)
        packed.append(item)


def simple_save(
    session: Session,
    export_dir: str | os.PathLike[str],
    inputs: Mapping[str, Tensor],
    outputs: Mapping[str, Tensor],
    legacy_init_op: Operation | None = None,
) -> None:
    """Writes the session's graph as a SavedModel with one signature.

    Args:
        session: The session.
        export_dir: The directory, which must not be there, or be empty.
        inputs: What callers feed, by name.
        outputs: What they get.
        legacy_init_op: An operation to run once the graph is loaded.
    """
    from trackml.saved_model.signatures import predict_signature_def

    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session,
        [constants.tag_constants.SERVING],
        {constants.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: predict_signature_def(inputs, outputs)},
        assets_collection=session.graph.get_collection("asset_filepaths"),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()

"""The generated messages against bytes that TensorFlow wrote."""

from __future__ import annotations

import importlib
import json
import pathlib
import re
import subprocess
import sys

import pytest
from google.protobuf import text_format

import trackml.protos

PACKAGE = pathlib.Path(trackml.protos.__file__).parent
GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden/protos/messages.json").read_text())
MODULES = {
    "BundleHeaderProto": "tensor_bundle_pb2",
    "BundleEntryProto": "tensor_bundle_pb2",
    "TensorSliceProto": "tensor_bundle_pb2",
    "CheckpointState": "checkpoint_state_pb2",
    "SavedModel": "saved_model_pb2",
    "Example": "example_pb2",
    "SequenceExample": "example_pb2",
}


def message_class(name):
    return getattr(importlib.import_module(f"trackml.protos.{MODULES[name]}"), name)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_reads_what_tensorflow_wrote(name):
    message = message_class(name).FromString(bytes.fromhex(GOLDEN[name]["hex"]))
    assert message == text_format.Parse(GOLDEN[name]["text"], message_class(name)())


@pytest.mark.parametrize("name", sorted(MODULES))
def test_writes_what_tensorflow_wrote(name):
    message = text_format.Parse(GOLDEN[name]["text"], message_class(name)())
    assert message.SerializeToString(deterministic=True).hex() == GOLDEN[name]["hex"]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_registers_under_its_own_package(name):
    assert message_class(name).DESCRIPTOR.full_name == f"trackml.{name}"


def test_every_golden_message_is_tested():
    assert sorted(MODULES) == sorted(GOLDEN)


@pytest.mark.parametrize("source", sorted(PACKAGE.glob("*.proto")), ids=lambda path: path.name)
def test_generated_modules_suit_the_oldest_protobuf(source):
    generated = source.with_name(f"{source.stem}_pb2.py").read_text()
    assert re.search(r"^# Protobuf Python Version: 6\.31\.1$", generated, re.MULTILINE)
    assert source.with_name(f"{source.stem}_pb2.pyi").exists()


def test_loads_without_a_warning():
    modules = ", ".join(f"trackml.protos.{name}" for name in sorted(set(MODULES.values())))
    subprocess.run([sys.executable, "-W", "error", "-c", f"import {modules}"], check=True)

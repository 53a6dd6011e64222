"""Writing SavedModels."""

from __future__ import annotations

import logging

import pytest

import trackml as tf


def names_below(directory):
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


VARIABLES = ["variables/variables.data-00000-of-00001", "variables/variables.index"]


@pytest.mark.parametrize(("as_text", "name"), [(False, "saved_model.pb"), (True, "saved_model.pbtxt")])
def test_it_can_be_bytes_or_text(scaled, signature, tmp_path, as_text, name, caplog):
    caplog.set_level(logging.INFO, "tensorflow")
    builder = tf.saved_model.Builder(tmp_path / "m")
    builder.add_meta_graph_and_variables(scaled[0], ["serve"], signature)
    path = builder.save(as_text=as_text)
    assert path == str(tmp_path / "m" / name).encode()
    assert names_below(tmp_path / "m") == [name, *VARIABLES]
    assert caplog.messages == [
        "No assets to save.",
        "No assets to write.",
        f"SavedModel written to: {tmp_path / 'm' / name}",
    ]
    predict = tf.contrib.predictor.from_saved_model(tmp_path / "m")
    assert predict({"x": [1.0, 3.0]})["y"].tolist() == [2, 6]


def test_simple_save_writes_one_signature(scaled, tmp_path):
    session, x, y = scaled
    tf.saved_model.simple_save(session, tmp_path / "m", {"x": x}, {"y": y})
    assert tf.saved_model.maybe_saved_model_directory(tmp_path / "m")
    assert tf.contrib.predictor.from_saved_model(tmp_path / "m")({"x": [4.0]})["y"].tolist() == [8]


def test_several_graphs_share_their_variables(scaled, signature, tmp_path):
    session, x, y = scaled
    builder = tf.saved_model.Builder(tmp_path / "m")
    builder.add_meta_graph_and_variables(session, ["train"], signature)
    with session.as_default():
        other = {"squares": tf.saved_model.predict_signature_def({"x": x}, {"y": tf.square(y)})}
        builder.add_meta_graph(["serve", "gpu"], other)
    builder.save()
    squares = tf.contrib.predictor.from_saved_model(tmp_path / "m", "squares", tags="serve,gpu")
    assert squares({"x": [3.0]})["y"].tolist() == [36]
    with pytest.raises(RuntimeError, match=r"tags \['serve'\] could not .* \[\['train'\], \['gpu', 'serve'\]\]"):
        tf.contrib.predictor.from_saved_model(tmp_path / "m")


def test_assets_are_copied_and_found_again(tmp_path):
    for folder, words in (("a", "x\ny\n"), ("b", "y\nx\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "words.txt").write_text(words)
    with tf.Graph().as_default(), tf.Session() as session:
        word = tf.placeholder(tf.string, [None], name="word")
        tables = [tf.contrib.lookup.index_table_from_file(str(tmp_path / folder / "words.txt")) for folder in "ab"]
        ids = tf.stack([table.lookup(word) for table in tables], name="ids")
        session.run(tf.tables_initializer())
        builder = tf.saved_model.Builder(tmp_path / "m")
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            {"serving_default": tf.saved_model.predict_signature_def({"word": word}, {"ids": ids})},
            assets_collection=session.graph.get_collection("asset_filepaths"),
            main_op=tf.tables_initializer(),
        )
        builder.save()
    for folder in "ab":
        (tmp_path / folder / "words.txt").unlink()
    assert names_below(tmp_path / "m" / "assets") == ["words.txt", "words.txt_1"]
    predict = tf.contrib.predictor.from_saved_model(tmp_path / "m")
    assert predict({"word": ["x", "y"]})["ids"].tolist() == [[0, 1], [1, 0]]


def test_a_directory_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(AssertionError, match="already exists, and isn't empty"):
        tf.saved_model.Builder(tmp_path)


def test_variables_are_saved_once_and_first(scaled, signature, tmp_path):
    builder = tf.saved_model.Builder(tmp_path / "m")
    with pytest.raises(AssertionError, match="has not been saved yet"):
        builder.add_meta_graph(["serve"])
    builder.add_meta_graph_and_variables(scaled[0], ["serve"], signature)
    with pytest.raises(AssertionError, match="has already been saved"):
        builder.add_meta_graph_and_variables(scaled[0], ["serve"], signature)


def test_an_asset_that_is_not_there_is_named(scaled, tmp_path):
    session = scaled[0]
    builder = tf.saved_model.Builder(tmp_path / "m")
    with pytest.raises(ValueError, match=r"no file .*gone.txt, which the tensor 'Const_1:0' names"):
        builder.add_meta_graph_and_variables(
            session, ["serve"], assets_collection=[tf.constant(str(tmp_path / "gone.txt"))]
        )

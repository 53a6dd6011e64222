"""Exporters: exporter_test.py."""

from __future__ import annotations

import pytest

import trackml as tf


def receiver_fn():
    """Never called: what is exported is told by `Recorder`."""


class Recorder:
    """Stands for an Estimator: has a directory and notes what it is asked to export."""

    def __init__(self, model_dir):
        self.model_dir = str(model_dir)
        self.calls = []

    def export_saved_model(self, *args, **settings):
        self.calls.append((args, settings))
        return "export_result_path"


@pytest.fixture
def estimator(tmp_path):
    return Recorder(tmp_path)


MAKERS = {
    "best": lambda **settings: tf.estimator.BestExporter("best_exporter", receiver_fn, **settings),
    "latest": lambda **settings: tf.estimator.LatestExporter("latest_exporter", receiver_fn, **settings),
    "final": lambda **settings: tf.estimator.FinalExporter("final_exporter", receiver_fn, **settings),
}
KEEPERS = ["best", "latest"]


@pytest.mark.parametrize("kind", KEEPERS)
@pytest.mark.parametrize("keep", [0, -1])
def test_at_least_one_export_is_kept(kind, keep):
    with pytest.raises(ValueError, match="positive number"):
        MAKERS[kind](exports_to_keep=keep)


@pytest.mark.parametrize("kind", MAKERS)
def test_exporters_have_names_and_ask_the_estimator(estimator, tmp_path, kind):
    exporter = MAKERS[kind](assets_extra={"from/path": "to/path"}, as_text=False)
    assert exporter.name == f"{kind}_exporter"
    assert exporter.export(estimator, str(tmp_path), "checkpoint_path", {}, True) == "export_result_path"
    settings = {"assets_extra": {"from/path": "to/path"}, "as_text": False, "checkpoint_path": "checkpoint_path"}
    assert estimator.calls == [((str(tmp_path), receiver_fn), settings)]


def test_the_final_exporter_waits_for_the_end(estimator, tmp_path):
    exporter = MAKERS["final"]()
    assert exporter.export(estimator, str(tmp_path), "checkpoint_path", {}, False) is None
    assert estimator.calls == []
    assert exporter.export(estimator, str(tmp_path), "checkpoint_path", {}, True) == "export_result_path"


def exported(exporter, estimator, *losses):
    """For each loss in turn, whether the model was exported."""
    return [exporter.export(estimator, estimator.model_dir, "path", {"loss": loss}, False) is not None
            for loss in losses]  # fmt: skip


def test_the_best_exporter_exports_what_is_better(estimator):
    assert exported(MAKERS["best"](exports_to_keep=1), estimator, 0.5, 0.6, 0.4) == [True, False, True]


def write_losses(directory, losses):
    writer = tf.summary.FileWriter(str(directory))
    for step, loss in enumerate(losses, 1):
        values = [] if loss is None else [tf.Summary.Value(tag="loss", simple_value=loss)]
        writer.add_summary(tf.Summary(value=values), step)
    writer.close()


@pytest.mark.parametrize("earlier", [[50, 60], [None, 60]], ids=["two", "an empty one"])
def test_the_best_exporter_knows_what_earlier_processes_found(estimator, tmp_path, earlier):
    write_losses(tmp_path / "eval_continuous", earlier)
    exporter = MAKERS["best"](event_file_pattern="eval_continuous/*.tfevents.*", exports_to_keep=1)
    assert exported(exporter, estimator, 100, 10, 20) == [False, True, False]


def test_the_first_evaluation_is_exported_though_its_event_is_there(estimator, tmp_path):
    write_losses(tmp_path / "eval", [60])
    results = {"loss": 60, "global_step": 1}
    assert MAKERS["best"]().export(estimator, str(tmp_path), "path", results, False) == "export_result_path"


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(("kind", "keep"), [("best", 2), ("latest", 2), ("latest", 1)])
def test_old_exports_are_deleted(estimator, tmp_path, kind, keep, slash):
    exports = [tmp_path / str(1500000000 + second) for second in (0, 2, 4, 6)]
    for directory in exports:
        directory.mkdir()
    MAKERS[kind](exports_to_keep=keep).export(estimator, f"{tmp_path}{slash}", None, {}, False)
    assert [directory for directory in exports if directory.exists()] == exports[-keep:]

"""The panes of precision-recall curves, graphs and embeddings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.plugins.projector import EmbeddingInfo, ProjectorConfig, visualize_embeddings

import trackml as tf
from trackml_tui.view import View
from trackml_tui.widgets.graph_list import GraphList
from trackml_tui.widgets.grid_view import GridView

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def curves(logdir: Any) -> Any:
    """Two classifiers, one better than the other, at two steps."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200)
    for run, noise in (("good", 0.2), ("bad", 0.9)):
        with tf.SummaryWriter(str(logdir.path / run)) as writer:
            for step in (0, 10):
                scores = np.clip(labels * (0.4 + step / 20) + noise * rng.random(200), 0.0, 1.0)
                writer.add_pr_curve("precision", labels, scores, global_step=step)
    return logdir


@BOTH
async def test_precision_over_recall(curves: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(pane="pr_curves")) as session:
        await session.until(lambda: session.text.count("AP ") == 2)
        assert "threshold 0.50" in session.text
        assert "◆" in session.text
        await session.press("plus", "plus")
        await session.until(lambda: "threshold 0.60" in session.text)
        await session.press("left")
        await session.until(lambda: session.view.step == 0)
        await session.until(lambda: "step 0 · 1 of 2" in session.text)
        assert ("TP" in session.text) == (size == WIDE)


async def test_long_names_make_room_for_the_numbers(logdir: Any, open_dashboard: Any) -> None:
    for seed in range(2):
        with tf.SummaryWriter(str(logdir.path / f"lr=0.001,batch=32/model_{seed}")) as writer:
            writer.add_pr_curve("precision", np.arange(20) % 2, np.arange(20) / 20, global_step=0)
    logdir.write("other", [1.0])
    async with open_dashboard(view=View(pane="pr_curves")) as session:
        await session.until(lambda: session.text.count("AP ") == 2)
        rows = [line for line in session.text.splitlines() if "AP " in line]
        assert all(re.search(r"AP 0\.\d{3}  P 0\.\d{3}  R 0\.\d{3}$", row) for row in rows)


async def test_without_curves_it_is_said(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0])
    async with open_dashboard(view=View(pane="pr_curves")) as session:
        assert "No precision-recall curve yet" in session.text


@pytest.fixture
def graph(logdir: Any) -> Any:
    """A run with the graph of two layers, and one without."""
    with tf.Graph().as_default() as definition:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        tf.layers.dense(tf.layers.dense(x, 4, name="first"), 2, name="second")
    tf.summary.FileWriter(str(logdir.path / "a"), definition).close()
    logdir.write("b", [1.0])
    return logdir


@BOTH
async def test_the_tree_of_a_graph(graph: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(pane="graph", current="a")) as session:
        await session.until(lambda: "4 variables, 26 parameters" in session.text)
        tree = session.app.screen.query_one(GraphList)
        tree.cursor = "first"
        await session.press("f")
        await session.until(lambda: any(row.key == "first/kernel" for row in tree.rows))
        tree.cursor = "first/kernel"
        await session.until(lambda: "gives 3×4" in session.text)
        assert "VarHandleOp" in session.text
        await session.press("down")
        await session.until(lambda: "b has none; 1 other run has." in session.text)


async def test_a_graph_that_is_gone_is_told(graph: Any, open_dashboard: Any) -> None:
    async with open_dashboard(view=View(current="a")) as session:
        for path in (graph.path / "a").iterdir():
            path.write_bytes(path.read_bytes()[:30])
        await session.press("0")
        await session.until(lambda: "The graph cannot be read" in session.text or "No graph" in session.text)


@pytest.fixture
def embedding(logdir: Any) -> Any:
    """Two clouds of points with names and kinds."""
    rng = np.random.default_rng(0)
    run = logdir.path / "run"
    logdir.write("run", [1.0])
    points = np.concatenate([rng.normal(0, 1, (20, 5)), rng.normal(8, 1, (20, 5))])
    (run / "points.tsv").write_text("\n".join("\t".join(map(str, row)) for row in points.tolist()) + "\n")
    rows = [f"word{place}\t{'left' if place < 20 else 'right'}\n" for place in range(40)]
    (run / "words.tsv").write_text("".join(["word\tside\n", *rows]))
    first = EmbeddingInfo(tensor_name="words", tensor_path="points.tsv", metadata_path="words.tsv")
    second = EmbeddingInfo(tensor_name="plain", tensor_path="points.tsv")
    visualize_embeddings(str(run), ProjectorConfig(embeddings=[first, second]))
    return logdir


@BOTH
async def test_points_of_an_embedding(embedding: Any, open_dashboard: Any, size: tuple[int, int]) -> None:
    async with open_dashboard(size, view=View(pane="embeddings")) as session:
        await session.until(lambda: "40 points of 5 dimensions" in session.text)
        assert "● left  ● right" in session.text
        await session.press("right", "right")
        await session.until(lambda: "word word1" in session.text)
        assert "near: word" in session.text
        assert "◉" in session.text
        await session.press("c")
        await session.until(lambda: session.view.embeddings.colour_by == "word")
        await session.press("e")
        await session.until(lambda: "plain" in session.text)
        assert "left" not in session.text
        assert session.view.embeddings.point is None


async def test_a_click_chooses_a_point(embedding: Any, open_dashboard: Any) -> None:
    async with open_dashboard(view=View(pane="embeddings")) as session:
        await session.until(lambda: "40 points" in session.text)
        width, height = session.app.screen.query_one("#embedding-picture", GridView).size
        for column in range(2, width, 6):
            for row in range(1, height, 3):
                if session.view.embeddings.point is None:
                    await session.pilot.click("#embedding-picture", offset=(column, row))
        assert session.view.embeddings.point is not None


async def test_embeddings_that_lead_elsewhere_are_refused(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0])
    visualize_embeddings(
        str(logdir.path / "run"), ProjectorConfig(embeddings=[EmbeddingInfo(tensor_path="../../secret.tsv")])
    )
    async with open_dashboard((200, 60), view=View(pane="embeddings")) as session:
        await session.until(lambda: "leads out of the directory" in session.text)


async def test_a_damaged_list_is_told(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0])
    Path(logdir.path / "run/projector_config.pbtxt").write_text("no list")
    async with open_dashboard(view=View(pane="embeddings")) as session:
        await session.until(lambda: "The list of embeddings cannot be read" in session.text)

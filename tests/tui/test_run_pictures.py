"""What side bar, leaderboard and comparison look like, and that no text of others breaks them.

`TRACKML_NEW_PICTURES=1` keeps new pictures, which somebody has to look at.
"""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
from tensorboard.compat.proto import event_pb2, summary_pb2

from trackml.events import text_value
from trackml_tui.choices.runs import RunsChoice
from trackml_tui.view import View
from trackml_tui.widgets.sidebar import Sidebar

NARROW, WIDE = (80, 24), (200, 60)
BOTH = pytest.mark.parametrize("size", [NARROW, WIDE])
HOSTILE = ["\x1b[31mred\x1b]0;title\x07", "[red]markup[/red]", "right\u202eleft", "two\nlines\tand a tab", "w" * 200]
UNSEEN = "\x1b\x07\x9b\x00\r\t\u202e\u2066"


@pytest.fixture
def runs(logdir: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sweep of seeds and a training with its evaluation, an hour of which is known."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    logdir.now = 1_700_000_000.0
    for place, (lr, seed) in enumerate(((0.1, 1), (0.1, 2), (0.01, 1))):
        run = f"sweep/lr={lr}/seed={seed}"
        logdir.write_hparams(run, lr=lr, seed=seed)
        logdir.write(run, [2.0 * math.exp(-step * lr) + 0.1 * place for step in range(50)], every=2.0, age=10.0)
    logdir.write("model", [1.0, 0.5, 0.25], age=9000.0)
    logdir.write("model/eval", [0.75], tag="accuracy", age=9000.0)
    return logdir


PLACES = {
    "side-bar": View(tag="loss"),
    "side-bar-groups": View(tag="loss", runs=RunsChoice(group="seeds"), order="lowest"),
    "leaderboard": View(tag="loss", pane="leaderboard"),
    "compare": View(tag="loss", pane="compare", pattern="sweep"),
}


@BOTH
@pytest.mark.parametrize("name", PLACES)
async def test_the_picture(runs: Any, open_dashboard: Any, same_picture: Any, size: tuple[int, int], name: str) -> None:
    async with open_dashboard(size, view=PLACES[name], clock=lambda: runs.now) as session:
        await session.settled()
        shown = session.app.screen.query_one(Sidebar) if name.startswith("side-bar") else session.app.screen.pane
        same_picture(session.app, shown.region, f"{name}-{size[0]}x{size[1]}")


@BOTH
@pytest.mark.parametrize("pane", ["leaderboard", "compare"])
async def test_no_text_of_others_breaks_a_table(
    logdir: Any, open_dashboard: Any, size: tuple[int, int], pane: str
) -> None:
    for place, text in enumerate(HOSTILE):
        run = text.replace("/", "").replace("\n", "")[:100]
        logdir.write_hparams(run, **{text: text, "lr": place})
        logdir.write(run, [1.0], tag=text)
        summary = summary_pb2.Summary(value=[text_value("config", [text.encode()])])
        logdir.append(run, [event_pb2.Event(wall_time=logdir.now, step=1, summary=summary)])
    async with open_dashboard(size, view=View(pane=pane)) as session:
        await session.settled()
        await session.press("z", "down")
        await session.settled()
        assert not any(character in session.text for character in UNSEEN)
        assert len(session.text.splitlines()) == size[1]
        assert "[red]markup[/red]" in session.text or size == NARROW


async def test_labels_are_shown_as_they_are(logdir: Any, open_dashboard: Any) -> None:
    logdir.write("run", [1.0])
    async with open_dashboard(WIDE) as session:
        await session.press("r", *"[red]x", "enter", "N", *"[blink]y", "enter")
        assert "[red]x" in session.text
        await session.press("2")
        await session.until(lambda: "[blink]y" in session.text)

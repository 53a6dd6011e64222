"""What tensorboardX's and PyTorch's SummaryWriter write for one call of each method.

`python tests/golden/make/summary_writer.py tensorboardx tests/golden/writer/tensorboardx.zip`
`python tests/golden/make/summary_writer.py torch tests/golden/writer/torch.zip`

Needs tensorboardX with soundfile and moviepy, and PyTorch; both with matplotlib and Pillow. Each call of `CALLS` is
made on a writer of its own in a directory of its own, named after the call. The tests make the same calls on
`trackml.SummaryWriter` and read both with TensorBoard's reader. Event files are renamed to
`events.out.tfevents.golden`, and all is packed into one archive, with the signatures of all methods.
Wall times are 1700000000.5 where a method takes one.
"""

from __future__ import annotations

import inspect
import json
import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

import numpy as np

GOLDEN_NAME = "events.out.tfevents.golden"
WALL = 1700000000.5
RAMP = np.linspace(0, 1, 2 * 3 * 6 * 7, dtype=np.float32).reshape(2, 3, 6, 7)
BYTES = (np.arange(3 * 6 * 7) * 2 % 256).astype(np.uint8).reshape(3, 6, 7)
NORMAL = np.sin(np.arange(500) * 12.9898) * np.exp(np.cos(np.arange(500)) * 3)
SINE = (np.sin(np.arange(60, dtype=np.float32) / 3) * 0.9).astype(np.float32)
BOXES = np.array([[1, 1, 4, 3], [2, 2, 30, 25]], np.float32)
LARGE = np.full((3, 32, 40), 200, np.uint8)
LABELS = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 1])
PREDICTIONS = np.array([0.0, 0.2, 0.9, 0.4, 0.55, 0.6, 0.1, 1.0, 0.75, 0.35])
POINTS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7
SPRITES = np.linspace(0, 1, 4 * 3 * 5 * 5, dtype=np.float32).reshape(4, 3, 5, 5)
VERTICES = np.arange(12, dtype=np.float32).reshape(1, 4, 3)
COLORS = (np.arange(12).reshape(1, 4, 3) * 20).astype(np.uint8)
FACES = np.array([[[0, 1, 2], [1, 2, 3]]], np.int32)
VIDEO = np.linspace(0, 1, 3 * 4 * 3 * 8 * 10, dtype=np.float32).reshape(3, 4, 3, 8, 10)
CURVE = np.linspace(0, 8, 5)
LAYOUT = {
    "A": {"one": ["Multiline", ["a/b", "c"]], "two": ["Margin", ["d", "e", "f"]]},
    "B": {"x": ["Multiline", ["y"]]},
}
HPARAMS = {"lr": 0.1, "layers": 3, "optimizer": "adam"}


def figure(height):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(1.2, height), dpi=50)
    FigureCanvasAgg(made)
    made.add_subplot().plot([1, 3, 2])
    return made


CALLS = {
    "scalar": lambda w: w.add_scalar("train/loss", 0.1, 7, WALL),
    "scalar_no_step": lambda w: w.add_scalar("loss", 3, walltime=WALL),
    "scalar_array": lambda w: w.add_scalar("loss", np.array([[2.5]]), np.int64(2**40), WALL),
    "scalar_nan": lambda w: w.add_scalar("loss", float("nan"), -1, WALL),
    "scalars": lambda w: w.add_scalars("train/loss", {"a": 1.5, "b": np.float32(2.5)}, 3, WALL),
    "histogram": lambda w: w.add_histogram("weights", NORMAL, 4, walltime=WALL),
    "histogram_seven": lambda w: w.add_histogram("weights", NORMAL, 4, 7, WALL),
    "histogram_max_bins": lambda w: w.add_histogram("weights", NORMAL, 4, "tensorflow", WALL, 100),
    "histogram_edges": lambda w: w.add_histogram("weights", np.array([0, 1, 1, 2, 9]), 4, [0, 1, 2, 3, 4], WALL),
    "histogram_integers": lambda w: w.add_histogram("weights", np.arange(20).reshape(4, 5), 4, walltime=WALL),
    "histogram_raw": lambda w: w.add_histogram_raw("w", 0.5, 4, 3, 7.5, 20.25, [1, 2, 4], [0, 1, 2], 4, WALL),
    "image": lambda w: w.add_image("picture", RAMP[0], 5, WALL),
    "image_bytes": lambda w: w.add_image("picture", BYTES, 5, WALL),
    "image_hwc": lambda w: w.add_image("picture", BYTES.transpose(1, 2, 0), 5, WALL, dataformats="HWC"),
    "image_hw": lambda w: w.add_image("picture", BYTES[0], 5, WALL, dataformats="HW"),
    "image_grey": lambda w: w.add_image("picture", BYTES[:1], 5, WALL),
    "images": lambda w: w.add_images("pictures", RAMP, 5, WALL),
    "images_grid": lambda w: w.add_images("pictures", np.repeat(RAMP, 5, 0), 5, WALL),
    "images_nhwc": lambda w: w.add_images("pictures", RAMP.transpose(0, 2, 3, 1), 5, WALL, dataformats="NHWC"),
    "images_grey": lambda w: w.add_images("pictures", RAMP[:, :1], 5, WALL),
    "image_with_boxes": lambda w: w.add_image_with_boxes("boxes", LARGE, BOXES, 5, WALL),
    "image_rescaled": lambda w: w.add_image_with_boxes("boxes", LARGE, BOXES, 5, WALL, rescale=0.5),
    "figure": lambda w: w.add_figure("figure", figure(1.0), 6, True, WALL),
    "figures": lambda w: w.add_figure("figures", [figure(1.0), figure(1.0)], 6, True, WALL),
    "video": lambda w: w.add_video("video", VIDEO, 6, 5, WALL),
    "audio": lambda w: w.add_audio("sound", SINE, 6, 8000, WALL),
    "audio_stereo": lambda w: w.add_audio("sound", SINE.reshape(30, 2), 6, 8000, WALL),
    "audio_loud": lambda w: w.add_audio("sound", SINE * 3, 6, 8000, WALL),
    "text": lambda w: w.add_text("note", "*größer*", 6, WALL),
    "pr_curve": lambda w: w.add_pr_curve("pr", LABELS, PREDICTIONS, 8, walltime=WALL),
    "pr_curve_weighted": lambda w: w.add_pr_curve("pr", LABELS, PREDICTIONS, 8, 11, np.arange(10) / 3, WALL),
    "pr_curve_raw": lambda w: w.add_pr_curve_raw("pr", *np.stack([CURVE + i for i in range(6)]), 8, 5, None, WALL),
    "multilinechart": lambda w: w.add_custom_scalars_multilinechart(["a/b", "c"]),
    "marginchart": lambda w: w.add_custom_scalars_marginchart(["a", "b", "c"], "cat", "title"),
    "custom_scalars": lambda w: w.add_custom_scalars(LAYOUT),
    "embedding": lambda w: w.add_embedding(POINTS, ["a", "b", "c", 4], global_step=3, tag="t/%\\"),
    "embedding_header": lambda w: w.add_embedding(POINTS, [["a", 1]] * 4, metadata_header=["x", "y"]),
    "mesh": lambda w: w.add_mesh("mesh", VERTICES, COLORS, FACES, {"b": 1, "a": {"c": 2}}, 9, WALL),
    "mesh_points": lambda w: w.add_mesh("mesh", VERTICES, global_step=9, walltime=WALL),
}
# Calls that only one of the two serves: PyTorch writes no video with today's moviepy and no stereo sound.
TENSORBOARDX_CALLS = {
    "scalar_described": lambda w: w.add_scalar("l", 1, 2, WALL, display_name="Loss", summary_description="*it*"),
    "hparams": lambda w: w.add_hparams({**HPARAMS, "flag": True, "none": None}, {"acc": 0.5}, name="session"),
    "image_labelled": lambda w: w.add_image_with_boxes("boxes", LARGE, BOXES, 5, WALL, labels=["", "cat"]),
    "images_list": lambda w: w.add_images("pictures", list(RAMP), 5, WALL, dataformats="CHW"),
    "embedding_images": lambda w: w.add_embedding(POINTS, label_img=SPRITES),
    "video_hwc": lambda w: w.add_video("video", VIDEO.transpose(0, 1, 3, 4, 2), 6, 5, WALL, "NTHWC"),
}
TORCH_CALLS = {
    "scalar_new_style": lambda w: w.add_scalar("loss", 0.1, 7, WALL, new_style=True),
    "scalar_double": lambda w: w.add_scalar("loss", 0.1, 7, WALL, new_style=True, double_precision=True),
    "hparams": lambda w: w.add_hparams(HPARAMS, {"acc": 0.5}, {"layers": [1, 2, 3]}, "session", 4),
    "audio_batch": lambda w: w.add_audio("sound", SINE.reshape(1, 60), 6, 8000, WALL),
}
TORCH_LACKS = ("video", "audio_stereo")


def signatures_of(cls):
    """Name and default of each parameter of each method, None where there is no default."""
    methods = {name: method for name, method in inspect.getmembers(cls, inspect.isfunction) if name[:4] != "_enc"}
    return {
        name: [
            [parameter.name, None if parameter.default is parameter.empty else repr(parameter.default)]
            for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.kind is not parameter.VAR_KEYWORD
        ]
        for name, method in methods.items()
        if name == "__init__" or not name.startswith("_")
    }


def main(library, target):
    if library == "torch":
        import torch
        from torch.utils.tensorboard import SummaryWriter

        calls = {name: call for name, call in {**CALLS, **TORCH_CALLS}.items() if name not in TORCH_LACKS}
        calls["embedding_images"] = lambda w: w.add_embedding(POINTS, label_img=torch.tensor(SPRITES))
        calls["tensor"] = lambda w: w.add_tensor("t", torch.tensor(POINTS), 2, WALL)
        calls["tensor_integers"] = lambda w: w.add_tensor("t", torch.tensor([[1, -2]]), 2, WALL)
    else:
        from tensorboardX import SummaryWriter

        calls = {**CALLS, **TENSORBOARDX_CALLS}
    folder = tempfile.mkdtemp()
    for name, call in calls.items():
        with SummaryWriter(os.path.join(folder, name)) as writer:
            call(writer)
    with SummaryWriter(os.path.join(folder, "purge"), purge_step=5) as writer:
        writer.add_scalar("loss", 1.0, 5, WALL)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("signatures.json", json.dumps(signatures_of(SummaryWriter), indent=1))
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file():
                kept = path.parent / GOLDEN_NAME if "tfevents" in path.name else path
                archive.writestr(str(kept.relative_to(folder)), path.read_bytes())
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])

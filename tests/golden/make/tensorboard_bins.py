"""Writes tests/golden/histograms/tensorboard_bins.json: run it with the tensorboard package and node installed.

The function that makes thirty bins is taken out of the page that the package serves, and run by node; percentiles come
from the package's Python.
"""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import tensorboard
from tensorboard.plugins.distribution.compressor import compress_histogram

OUT = Path(__file__).parents[1] / "histograms" / "tensorboard_bins.json"
TO_BINS = re.compile(r"function (\w+)\(e,t,r,n=30\)\{.{0,600}?return a\}")


def main() -> None:
    generator = np.random.default_rng(5)
    cases = [
        [[[0.0, 1.0, 4.0], [1.0, 3.0, 2.0]]],
        [[[2.5, 2.5, 7.0]]],
        [[[-1.0, -1.0, 3.0], [-1.0, 0.25, 5.0], [0.25, 0.25, 2.0], [0.25, 4.0, 1.0]]],
        *([random_buckets(generator) for _ in range(count)] for count in (1, 2, 5)),
        [random_buckets(generator, scale=1e-12), random_buckets(generator, scale=1e9)],
    ]
    bins = run_by_node(cases)
    percentiles = [[[value for _, value in compress_histogram(buckets)] for buckets in case] for case in cases]
    OUT.parent.mkdir(exist_ok=True)
    record = [{"buckets": case, "bins": made, "percentiles": lines}
              for case, made, lines in zip(cases, bins, percentiles)]  # fmt: skip
    OUT.write_text(json.dumps(record) + "\n", encoding="utf-8")


def random_buckets(generator: np.random.Generator, scale: float = 1.0) -> list[list[float]]:
    edges = np.sort(generator.normal(size=12)) * scale
    counts = generator.integers(0, 50, size=11).astype(float)
    return np.stack([edges[:-1], edges[1:], counts], axis=1).tolist()


def run_by_node(cases: list[list[list[list[float]]]]) -> list[list[list[float]]]:
    """The counts in the thirty bins of each histogram of each case."""
    archive = Path(tensorboard.__file__).parent / "webfiles.zip"
    page = zipfile.ZipFile(archive).read("index.js").decode("utf-8")
    match = TO_BINS.search(page)
    assert match is not None, "the page has changed: look for `intermediateToD3` in it"
    script = f"""
    {match.group()}
    const cases = {json.dumps(cases)};
    const made = cases.map(histograms => {{
      const low = Math.min(...histograms.map(b => b[0][0]));
      const high = Math.max(...histograms.map(b => b[b.length - 1][1]));
      return histograms.map(b => {{
        const buckets = b.map(([left, right, count]) => ({{left, right, count}}));
        return {match.group(1)}({{buckets}}, low, high).map(bin => [bin.x, bin.dx, bin.y]);
      }});
    }});
    console.log(JSON.stringify(made));
    """
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True)
    result: list[list[list[float]]] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()

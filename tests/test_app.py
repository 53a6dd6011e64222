"""Flags and `tf.app.run`, as scripts use them."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import trackml.compat.v1 as tf

flags = tf.app.flags
flags.DEFINE_string("model_dir", "/tmp/m", "Where.")
flags.DEFINE_integer(flag_name="steps", default_value=10, docstring="How many.")
tf.flags.DEFINE_float("rate", 0.1, "How fast.")
tf.flags.DEFINE_boolean("verbose", False, "Whether.")
FLAGS = flags.FLAGS


def main(argv):
    print([FLAGS.model_dir, FLAGS.steps, FLAGS.rate, FLAGS.verbose], argv[1:])
    return 3 if FLAGS.verbose else None


if __name__ == "__main__":
    tf.app.run()
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    return lambda *arguments: subprocess.run(
        [sys.executable, "script.py", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )


def test_defaults(run):
    result = run()
    assert (result.stdout, result.returncode) == ("['/tmp/m', 10, 0.1, False] []\n", 0), result.stderr


def test_given_flags_and_what_is_none(run):
    result = run("--steps=5", "--rate", "0.5", "--verbose", "--model_dir=x", "--unknown=1", "rest")
    assert (result.stdout, result.returncode) == ("['x', 5, 0.5, True] ['--unknown=1', 'rest']\n", 3), result.stderr


def test_a_wrong_value_is_told(run):
    result = run("--steps=many")
    assert result.returncode == 1
    assert "FATAL Flags parsing error: flag --steps=many: invalid literal" in result.stderr
    assert "Traceback" not in result.stderr


def test_help(run):
    result = run("--help")
    assert result.returncode == 1
    assert "--model_dir: Where." in result.stdout


def test_flags_are_parsed_at_the_first_look(tmp_path):
    code = "import trackml as tf\ntf.flags.DEFINE_integer('n', 1, 'N.')\nprint(tf.flags.FLAGS.n, 'n' in tf.flags.FLAGS)"
    result = subprocess.run([sys.executable, "-c", code, "--n=4"], capture_output=True, text=True, check=True)
    assert result.stdout == "4 True\n"

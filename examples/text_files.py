"""Data that are larger than memory: sharded text files, read, shuffled and batched while `train_and_evaluate` trains.

python examples/text_files.py [MODEL_DIR]
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np

import trackml as tf

FEATCOLS = [
    tf.feature_column.numeric_column("sq_footage"),
    tf.feature_column.indicator_column(
        tf.feature_column.categorical_column_with_vocabulary_list("type", ["house", "apt"])
    ),
]


def write_shards(directory, name, shards, rows):
    """Rows of size, type and price, some in each file."""
    rng = np.random.RandomState(shards)
    for shard in range(shards):
        sizes, kinds = rng.uniform(0.5, 4.0, rows), rng.choice(["house", "apt"], rows)
        prices = np.where(kinds == "house", 5.0, 6.0) * sizes + 1.0
        with open(os.path.join(directory, f"{name}.csv-{shard}"), "w") as file:
            file.writelines(f"{size:.3f},{kind},{price:.3f}\n" for size, kind, price in zip(sizes, kinds, prices))


def decode_line(row):
    cols = tf.decode_csv(row, record_defaults=[[0.0], ["house"], [0.0]])
    features = {"sq_footage": cols[0], "type": cols[1]}
    return features, cols[2]


def train_input_fn(pattern):
    # With several workers, shuffling the files matters even more than shuffling the lines.
    dataset = tf.data.Dataset.list_files(pattern).shuffle(100).flat_map(tf.data.TextLineDataset).map(decode_line)
    return dataset.shuffle(1000).repeat(15).batch(128)


def eval_input_fn(pattern):
    return tf.data.Dataset.list_files(pattern).flat_map(tf.data.TextLineDataset).map(decode_line).batch(100)


def main(model_dir):
    os.makedirs(model_dir, exist_ok=True)
    write_shards(model_dir, "train", shards=4, rows=256)
    write_shards(model_dir, "eval", shards=2, rows=100)
    run_config = tf.estimator.RunConfig(
        model_dir=os.path.join(model_dir, "model"), save_summary_steps=20, save_checkpoints_steps=40, tf_random_seed=1
    )
    estimator = tf.estimator.LinearRegressor(FEATCOLS, optimizer=tf.train.AdamOptimizer(0.5), config=run_config)
    train_spec = tf.estimator.TrainSpec(lambda: train_input_fn(os.path.join(model_dir, "train.csv-*")), max_steps=110)
    eval_spec = tf.estimator.EvalSpec(
        lambda: eval_input_fn(os.path.join(model_dir, "eval.csv-*")),
        steps=None,
        start_delay_secs=0,
        throttle_secs=0,  # evaluate after each checkpoint; in earnest, every ten minutes
    )
    metrics, _ = tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
    print("global step:", metrics["global_step"])
    print("average loss:", round(float(metrics["average_loss"]), 3))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())

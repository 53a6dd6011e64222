"""Prices of houses and apartments by their size: a premade Estimator in three calls, then another one.

python examples/house_prices.py [MODEL_DIR]
"""

from __future__ import annotations

import sys
import tempfile

import trackml as tf

# Feature columns tell the model what inputs to expect.
FEATCOLS = [
    tf.feature_column.numeric_column("sq_footage"),
    tf.feature_column.indicator_column(
        tf.feature_column.categorical_column_with_vocabulary_list("type", ["house", "apt"])
    ),
]


def train_input_fn():
    features = {
        "sq_footage": [1.0, 2.0, 3.0, 1.0, 2.0, 3.0],  # thousands of square feet
        "type": ["house", "house", "house", "apt", "apt", "apt"],
    }
    labels = [5.0, 10.0, 15.0, 7.0, 13.0, 19.0]  # hundreds of thousands
    return features, labels


def predict_input_fn():
    return {"sq_footage": [1.5, 1.8], "type": ["house", "apt"]}


def prices(model):
    rows = model.predict(predict_input_fn, yield_single_examples=False)
    return [round(float(price), 2) for price in next(rows)["predictions"][:, 0]]


def main(model_dir):
    config = tf.estimator.RunConfig(tf_random_seed=1)
    linear = tf.estimator.LinearRegressor(FEATCOLS, model_dir=f"{model_dir}/linear", config=config)
    linear.train(train_input_fn, steps=1000)
    print("linear:", prices(linear))

    # To use a different premade Estimator, change the class name and supply its parameters.
    deep = tf.estimator.DNNRegressor(
        feature_columns=FEATCOLS, hidden_units=[8, 4], model_dir=f"{model_dir}/deep", config=config
    )
    deep.train(train_input_fn, steps=1000)
    print("deep:", prices(deep))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())

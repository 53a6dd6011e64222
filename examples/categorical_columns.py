"""Three ways to make a categorical column, sparse columns, and an embedding of words that a classifier learns.

python examples/categorical_columns.py [MODEL_DIR]
"""

from __future__ import annotations

import sys
import tempfile

import numpy as np

import trackml as tf

fc = tf.feature_column


def dense(column, values):
    """What a column makes of values: a row of zeros and ones for each."""
    with tf.Graph().as_default(), tf.Session() as session:
        layer = fc.input_layer({"employeeId": values}, [fc.indicator_column(column)])
        session.run(tf.tables_initializer())
        return session.run(layer).astype(int).tolist()


ENGLISH_WORDS = ["good", "bad", "great", "awful", "fine", "poor"]
PRAISE = {"good", "great", "fine"}


def input_fn():
    words = np.array(ENGLISH_WORDS * 20)
    return (
        tf.data.Dataset.from_tensor_slices(({"word": words}, np.isin(words, list(PRAISE)).astype(int)))
        .repeat()
        .batch(30)
    )


def main(model_dir):
    # If the keys are known beforehand:
    by_list = fc.categorical_column_with_vocabulary_list("employeeId", ["8345", "72345", "87654", "98723", "23451"])
    print("vocabulary:", dense(by_list, [["72345"], ["unknown"]]))
    # If the data are indexed already, by numbers from 0 to N - 1:
    by_number = fc.categorical_column_with_identity("employeeId", num_buckets=5)
    print("identity:", dense(by_number, [[4], [0]]))
    # If there is no vocabulary of all possible values:
    by_hash = fc.categorical_column_with_hash_bucket("employeeId", hash_bucket_size=500)
    print("hash bucket:", int(np.argmax(dense(by_hash, [["8345"]])[0])))

    # Embeddings are columns that work like layers: their weights are learned by gradients.
    word = fc.embedding_column(fc.categorical_column_with_vocabulary_list("word", ENGLISH_WORDS), 3)
    config = tf.estimator.RunConfig(tf_random_seed=2)
    classifier = tf.estimator.DNNClassifier([4], [word], model_dir=model_dir, config=config)
    classifier.train(input_fn, steps=300)
    print("accuracy:", classifier.evaluate(input_fn, steps=4)["accuracy"])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())

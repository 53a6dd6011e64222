"""tf.estimator on numpy alone."""

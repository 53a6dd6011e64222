"""`tf.saved_model`: models as directories that TensorFlow and its servers load."""

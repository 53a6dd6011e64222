"""A dashboard in the terminal for any TensorBoard log directory."""

"""Charts as text: numpy arrays in, rows of characters and ink numbers out."""

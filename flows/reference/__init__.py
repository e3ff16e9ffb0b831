"""The rows of data/reference, read here and nowhere else."""

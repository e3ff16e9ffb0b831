"""Measurements at full size, beside alternatives in the same run."""

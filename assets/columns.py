"""Columns of a frame as arrays for the kernels, where unknown is NaN."""

import numpy as np
import polars as pl


def floats(column: pl.Series) -> np.ndarray:
    """A column as float64, NULL as NaN."""
    return column.cast(pl.Float64).to_numpy()  # which knows no NULL

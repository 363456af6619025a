"""The mathematics: arrays in, arrays out.

Kernels for follower graphs, trust and shill signals, ranking and portfolios, in rooms by what they are about;
each room says what belongs into it. One file per kernel, the formula in its docstring, a slow obvious
reference beside it in the tests. Nothing here touches a disk, except to memory-map an array whose path it is
handed, and nothing here imports dagster, duckdb or polars.
"""

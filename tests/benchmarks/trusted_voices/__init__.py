"""How good the ranking of trusted voices is, beside every baseline, on real and generated networks.

`make evaluate` (or `python -m tests.benchmarks.trusted_voices`) measures and writes docs/EVALUATION.md. The
public data sets are read from the folder that VOUCH_REAL_DATA names; what is not there is skipped, and the
page says so.
"""

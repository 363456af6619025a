"""Bought words, measured: what is said about being paid, what is hidden, and what is copied."""

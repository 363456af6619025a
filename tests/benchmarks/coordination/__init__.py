"""Coordinated sharing, measured: planted groups, published groups, and networks left alone."""

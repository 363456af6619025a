"""Engagement pods, measured: planted among friends, simulated, and networks left alone."""

"""Followers who come in bursts, from times, counts or order, and the harmless causes of a burst."""

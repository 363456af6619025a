"""From figures to a list: trust, score, rank and status, who together reach the most, what moved."""

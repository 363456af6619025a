"""Follower quality measured: on hand-labelled followers, on mixed samples of them, on generated worlds."""

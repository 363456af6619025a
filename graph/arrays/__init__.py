"""Moves on arrays that every room stands on: compiled loops, compressed sparse rows, work cut into pieces.

Belongs here: what knows nothing of accounts, follows or money.
"""

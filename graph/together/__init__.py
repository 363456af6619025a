"""Accounts that act together on posts: engagement pods, coordinated sharing, copied texts."""

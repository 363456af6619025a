"""Whom an audience trusts: the audience as it should count, and each part that trust is made of.

Belongs here: figures per audience. Joining them to a score and a rank is `graph.partners`.
"""

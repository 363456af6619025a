"""Neighbourhood of labelled shills and look-alike names, measured on planted and public truth."""

"""Words of strangers: one spelling, one printable line, the same words again, a group's own words.

Belongs here: text as text. What a text says about money is `graph.sponsorship`.
"""

"""Who follows and acts on whom, as arrays: ids to dense numbers, both orders of the edges, walks on them.

Belongs here: making, opening and walking the graphs. What they say about anybody is the other rooms' work.
"""

"""How good the reading of growth is, on generated worlds with planted parcels, viral posts and victims.

`make evaluate PART=growth` measures and writes docs/evaluation/growth.md.
"""

"""How good the ranking of trusted voices is, beside every baseline, on real and generated networks.

`make evaluate PART=trusted-voices` measures and writes docs/evaluation/trusted-voices.md. What is not among
the public data sets at hand is skipped, and the page says so.
"""

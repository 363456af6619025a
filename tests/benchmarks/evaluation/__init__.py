"""What Vouch is worth, measured: one part and page per question, and docs/EVALUATION.md in front.

A part measures one thing on planted or labelled truth and says which of its bars hold. Parts are measured one
at a time, because some take an hour; the front page is put together from what each left behind.
"""

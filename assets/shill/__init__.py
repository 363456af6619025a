"""Stage 4, shill signals: what looks bought, once per network and day.

One module per family of signals, each a thin asset that writes rows of one shape (`assets.shill.signals`):
value, interval, what it rests on, and whether it could be measured at all. Groups of accounts that act
together are handed to `assets.shill.groups`; `assets.shill.probability` joins the signals by weights of
evidence. What a table does not hold is `not_enough_data`; it improves and worsens nobody.

A new signal is a row of `assets.shill.signals.REGISTRY`, an asset here, and a writer of its line in
`assets.shill.evidence` with the words in `assets.shill.sentences`.
"""

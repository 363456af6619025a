"""The page for the second question: a notebook on the published file, served by `vouch app`.

The report answers the first question; here somebody asks what would be if. `notebook.py` is the page and
holds layout only. Belongs here as well: reading what it shows (`reading`), what its address keeps (`address`,
`filters`), other choices of partners (`what_if`), its words, tables and pictures (`words`, `tables`,
`charts`), and serving it (`server`).
Does not belong here: any figure that needs more than the published file.

`notebook`, `address`, `charts` and `server` need the extra `app`; the rest works without it.
"""

"""What is made: thin Dagster assets, one module per stage of the story.

An asset reads its inputs, calls `graph` or a file of `sql/`, attaches metadata and checks, and hands on. No
mathematics and no SQL text live here, and nothing here imports `pipelines`: the lake, the SQL engine and the
publisher arrive as resources whose shape `assets.ports` states.
"""

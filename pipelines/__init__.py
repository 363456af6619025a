"""Running it: entry points, code location, storage, ingest, publication and the command line.

Everything that knows about files, servers, clocks and the outside lives below this package. The mathematics
lives in `graph`, what is made of it in `assets`, the relational steps in `sql`. Nothing imports this package
except entry points and tests; assets receive what they need from here as Dagster resources.
"""

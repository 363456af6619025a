"""`python -m pipelines.cli` is `vouch`."""

from pipelines.cli.app import main

main()

"""The command line `vouch`: what a person types, and what they read.

Belongs here: options, tables, sentences, exports, and the one place where exceptions become messages and exit
codes. Does not belong here: reading input tables (`pipelines.ingest`), running (`pipelines.run`), publishing,
or any number that is not already in the published file.

The streams have one meaning each: standard output carries data (a table on a terminal, CSV in a pipe, JSON on
request), standard error everything else. Exit codes: 0 well, also for no rows; 1 a handled failure; 2 a wrong
call; 130 interrupted.
"""

import sys

try:
    from pipelines.cli.app import main, vouch
except KeyboardInterrupt:  # Ctrl-C while the modules load; nothing has begun
    sys.exit(130)

__all__ = ["main", "vouch"]

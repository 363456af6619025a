"""The input contract: finding, reading, validating and typing a stranger's tables.

Belongs here: everything between a folder of files and the `inputs/` folder of the lake, and the drafting of a
dataset.toml. Does not belong here: accounts that only follows or interactions name (the graph stage adds
them), any figure about trust or shills, and how a report is shown on a terminal.
"""

from pipelines.ingest.dataset import check_dataset, ingest_dataset
from pipelines.ingest.report import IngestReport

__all__ = ["IngestReport", "check_dataset", "ingest_dataset"]

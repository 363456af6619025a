"""The HTML report: one self-contained file per audience that opens by double click and asks no network.

What belongs here: reading the published file for the report (`reading`), figures and words as the page
shows them (`figures`, `wording`, `trust_words`, `links`), the evidence card (`cards`), what the page carries
for its script (`payload`), the script's one library (`libraries`), the page (`templates/`) and writing it
(`builder`). Every figure comes from the published DuckDB file; nothing here computes a score. The page
escapes strangers' text twice over: each expression passes `pipelines.text.plain`, then Jinja's autoescape;
the script only ever puts text in as text.
"""

from pipelines.report.builder import ReportFile, write_report
from pipelines.report.reading import UnknownAudienceError, audiences

__all__ = ["ReportFile", "UnknownAudienceError", "audiences", "write_report"]

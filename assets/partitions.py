"""How the stages are cut: the network by snapshot day, what depends on an audience by audience and day."""

import re
from urllib.parse import quote, unquote

import dagster as dg

AUDIENCE_DIMENSION = "audience"
DAY_DIMENSION = "day"
RUN_ID_TAG = "vouch/run_id"
DATA_TAG = "vouch/data"

# Any day of the past can be backfilled; the current day is a partition too, because a run looks at "now".
snapshot_days = dg.DailyPartitionsDefinition(start_date="2006-01-01", end_offset=1)
audiences = dg.DynamicPartitionsDefinition(name=AUDIENCE_DIMENSION)
audience_days = dg.MultiPartitionsDefinition({AUDIENCE_DIMENSION: audiences, DAY_DIMENSION: snapshot_days})


# What Dagster refuses in a key, the bar that it joins two keys with, and the sign of the escape itself.
_NOT_IN_KEYS = re.compile(r"[%|\x00-\x1f\x7f]|\.(?=\.\.)")


def audience_key(audience: str) -> str:
    """The partition key of an audience: its name, with what no key may hold written as %XX."""
    return _NOT_IN_KEYS.sub(lambda found: "%2E" if found[0] == "." else quote(found[0], safe=""), audience)


def audience_of_key(key: str) -> str:
    """The audience that a partition key of `audience_key` stands for."""
    return unquote(key)


def audience_and_day(context: dg.AssetExecutionContext) -> tuple[str, str]:
    """The audience and the ISO day that a run of an audience stage is about."""
    key = context.partition_key
    if not isinstance(key, dg.MultiPartitionKey):
        msg = f"expected an audience × day partition, got {key!r}"
        raise TypeError(msg)
    return audience_of_key(key.keys_by_dimension[AUDIENCE_DIMENSION]), key.keys_by_dimension[DAY_DIMENSION]


def run_id_of(context: dg.AssetExecutionContext) -> str:
    """The identifier that ties the jobs of one Vouch run together; a lone job is its own run."""
    return context.run.tags.get(RUN_ID_TAG, context.run.run_id)

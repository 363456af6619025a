"""How the stages are cut: the network by snapshot day, what depends on an audience by audience and day."""

import dagster as dg

AUDIENCE_DIMENSION = "audience"
DAY_DIMENSION = "day"
RUN_ID_TAG = "vouch/run_id"

# Any day of the past can be backfilled; the current day is a partition too, because a run looks at "now".
snapshot_days = dg.DailyPartitionsDefinition(start_date="2006-01-01", end_offset=1)
audiences = dg.DynamicPartitionsDefinition(name=AUDIENCE_DIMENSION)
audience_days = dg.MultiPartitionsDefinition({AUDIENCE_DIMENSION: audiences, DAY_DIMENSION: snapshot_days})


def audience_and_day(context: dg.AssetExecutionContext) -> tuple[str, str]:
    """The audience and the ISO day that a run of an audience stage is about."""
    key = context.partition_key
    if not isinstance(key, dg.MultiPartitionKey):
        msg = f"expected an audience × day partition, got {key!r}"
        raise TypeError(msg)
    return key.keys_by_dimension[AUDIENCE_DIMENSION], key.keys_by_dimension[DAY_DIMENSION]


def run_id_of(context: dg.AssetExecutionContext) -> str:
    """The identifier that ties the jobs of one Vouch run together; a lone job is its own run."""
    return context.run.tags.get(RUN_ID_TAG, context.run.run_id)

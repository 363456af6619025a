"""Stage 2, graph: the account index, the follower graph, the interaction graph and profile types.

Node numbers are dense and follow the order of the account ids, so that the same accounts give the same
numbers. The arrays are written as .npy files that later stages memory-map.
"""

from collections.abc import Iterator
from functools import partial

import dagster as dg
import numpy as np
import polars as pl
from pydantic import Field

from assets.delivered import NodeFollows, delivered_follows
from assets.display import rows_table, table_metadata
from assets.inputs import input_tables
from assets.plots import histogram, log_log_plot
from assets.ports import Engine, Lake, ReferenceTables
from assets.sentences import FOLLOWS, INTERACTIONS
from assets.stages import GRAPH_STAGE
from graph.arrays.mapped import pieces
from graph.arrays.scatter import NOTHING
from graph.network.delivered_follows import DeliveredFollows
from graph.network.followers import TIMES_FILE, follower_graph_of_pieces
from graph.network.interactions import KindWeightsError, build_interaction_graph, changed_weights
from graph.shill.profile_model import ProfileModel, Profiles
from graph.shill.profiles import PROFILE_TYPES, classify_profiles

MEMORY_BYTES = 4 * 2**30
"""Memory that one range of rows of the follower graph may take while it is sorted; the rest lies in files."""


class InteractionsConfig(dg.Config):
    """What a person may set about the interactions.

    Attributes:
        weights: Worth of a kind of interaction in place of the one in the table that ships; what is not
            named keeps that.
    """

    weights: dict[str, float] = Field(default_factory=dict)


@GRAPH_STAGE.asset(
    is_of_the_day=False,
    deps=[input_tables],
    kinds={"parquet", "duckdb"},
)
def accounts(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Every account that any table speaks of, one row and one node number each."""
    inputs = lake.inputs(context.partition_key)
    out = lake.graph(context.partition_key) / "accounts.parquet"
    names = ("accounts", "follow_ids", "interactions", "posts", "audience_owners")
    engine.to_parquet("graph/accounts", out, {name: inputs / f"{name}.parquet" for name in names})
    frame = pl.read_parquet(out)
    unlisted = frame.height - int(frame["is_listed"].sum())
    return dg.MaterializeResult(
        metadata={**table_metadata(frame, out), "mentioned but not in the accounts table": unlisted}
    )


@GRAPH_STAGE.asset(
    is_of_the_day=False,
    deps=[input_tables, accounts],
    kinds={"parquet", "numpy"},
)
def interaction_graph(
    context: dg.AssetExecutionContext,
    config: InteractionsConfig,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Who acts on whom, weighted by how hard each kind of interaction is to fake."""
    shipped = reference.interaction_weights()
    try:
        weights = changed_weights({row["kind"]: float(row["weight"]) for row in shipped}, config.weights)
    except KindWeightsError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    version = shipped[0]["version"] + (", changed" if config.weights else "")
    inputs, folder = lake.inputs(context.partition_key), lake.graph(context.partition_key)
    out = folder / "interactions.parquet"
    engine.to_parquet(
        "graph/interaction_edges",
        out,
        {
            "interactions": inputs / "interactions.parquet",
            "posts": inputs / "posts.parquet",
            "accounts": folder / "accounts.parquet",
        },
    )
    edges = pl.read_parquet(out)
    n_accounts = pl.scan_parquet(folder / "accounts.parquet").select(pl.len()).collect().item()
    graph = build_interaction_graph(
        n_accounts,
        edges["actor"].to_numpy(),
        edges["target"].to_numpy(),
        edges["kind"].to_numpy(),
        edges["events"].to_numpy(),
        kind_weights=weights,
    )
    lake.write_json(folder / "interaction_weights.json", {"version": version, "weights": weights})
    lake.write_arrays(
        folder,
        {
            "interaction_offsets": graph.offsets,
            "interaction_targets": graph.targets,
            "interaction_weights": graph.weights,
        },
    )
    by_kind = edges.group_by("kind").agg(pl.col("events").sum(), pl.len().alias("pairs")).sort("kind")
    return dg.MaterializeResult(
        metadata={
            **table_metadata(edges, out),
            "events by kind": rows_table(by_kind),
            "weights": dg.MetadataValue.json(weights),
            "weights version": version,
        }
    )


@GRAPH_STAGE.asset(
    is_of_the_day=False,
    deps=[input_tables, accounts, interaction_graph],
    kinds={"numpy"},
    check_specs=[
        dg.AssetCheckSpec(
            "edges_balance",
            asset="follower_graph",
            blocking=True,
            description="Follows in = kept + duplicates + self-follows.",
        )
    ],
)
def follower_graph(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Who follows whom, as compressed sparse rows in both directions.

    Where no follows were delivered, somebody who reposts, quotes, mentions or answers an account stands in
    for a follower of it, and everything shown says so.
    """
    inputs, folder = lake.inputs(context.partition_key), lake.graph(context.partition_key)
    follows: NodeFollows | DeliveredFollows = delivered_follows(inputs, folder / "accounts.parquet", engine)
    unnamed, basis = follows.numbered, FOLLOWS
    if not any(piece.standing().follower.size for piece in unnamed.pieces()):
        basis = INTERACTIONS
        edges = engine.frame("graph/attention_edges", {"interactions": folder / "interactions.parquet"})
        unnamed = follows = DeliveredFollows(edges["follower"].to_numpy(), edges["followee"].to_numpy())
    lake.write_json(folder / "basis.json", {"basis": basis})
    n_accounts = pl.scan_parquet(folder / "accounts.parquet").select(pl.len()).collect().item()
    with lake.room(folder) as room:
        graph, balance = follower_graph_of_pieces(
            n_accounts,
            partial(_edges, follows),
            with_times=any(times.any() for _, _, times in _edges(unnamed)),
            room=room,
            memory_bytes=MEMORY_BYTES,
        )
        times = graph.following_since
        room.keep("targets", "following", graph.n_follows)
        room.keep("sources", "followers", graph.n_follows)
        if times is not None:
            room.keep("times", TIMES_FILE, graph.n_follows)
    offsets = {"following_offsets": graph.following_offsets, "follower_offsets": graph.follower_offsets}
    nothing = {TIMES_FILE: np.zeros(0, dtype=np.uint32)} if times is None else {}
    lake.write_arrays(folder, offsets | nothing)
    lake.write_frame(
        folder / "follower_counts.parquet",
        pl.DataFrame({"node": np.arange(n_accounts, dtype=np.uint32), "followers": graph.follower_counts}),
    )
    return dg.MaterializeResult(
        metadata={
            "accounts": n_accounts,
            "an edge stands for": basis,
            "edges": balance.kept,
            "duplicates merged": balance.duplicates,
            "self-follows dropped": balance.self_follows,
            "edges whose time is known": 0
            if times is None
            else sum(int(np.count_nonzero(piece)) for (piece,) in pieces(times)),
            "path": dg.MetadataValue.path(str(folder)),
            "followers per account": _degrees(graph.follower_counts, "followers"),
            "accounts followed per account": _degrees(graph.following_counts, "accounts followed"),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="edges_balance",
                passed=balance.rows_in == balance.kept + balance.duplicates + balance.self_follows,
                metadata={"rows_in": balance.rows_in},
            )
        ],
    )


def _edges(follows: NodeFollows | DeliveredFollows) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Follower, followee and time of the follows that have not ended, in pieces."""
    for piece in follows.pieces():
        stands = piece.standing()
        times = stands.seconds()
        yield stands.follower, stands.followee, NOTHING if times is None else times


@GRAPH_STAGE.asset(
    deps=[input_tables, accounts],
    kinds={"parquet"},
)
def account_profiles(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """The type that each profile looks like, `unknown` where too little of it was delivered."""
    inputs, folder = lake.inputs(context.partition_key), lake.graph(context.partition_key)
    facts = engine.frame(
        "graph/profile_facts",
        {"accounts": folder / "accounts.parquet", "balance": inputs / "balance.parquet"},
        {"day": context.partition_key},
    )
    columns = facts.drop("node").select(pl.all().cast(pl.Float64).fill_null(float("nan")))
    profiles = Profiles(**{name: columns[name].to_numpy() for name in columns.columns})
    model = ProfileModel.from_document(reference.profile_model())
    probability = model.probability(profiles)
    classes = classify_profiles(profiles, probability)
    names = np.asarray(PROFILE_TYPES)
    frame = pl.DataFrame(
        {
            "node": facts["node"],
            "profile_type": names[classes.type],
            "type_if_genuine": names[classes.type_if_genuine],
            "emptiness": classes.emptiness,
            "suspicion": probability,
        }
    )
    out = folder / "profiles.parquet"
    lake.write_json(folder / "profile_model.json", {"version": model.version})
    lake.write_frame(out, frame)
    by_type = frame.group_by("profile_type").len().sort("len", "profile_type", descending=[True, False])
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "profiles by type": rows_table(by_type),
            "profile model": model.version,
            "suspicion of profiles": histogram(probability, "suspicion", "profiles", span=(0.0, 1.0)),
        }
    )


def _degrees(counts: np.ndarray, what: str) -> dg.MetadataValue:
    """How many accounts have how many of something, both logarithmic."""
    values, accounts = np.unique(counts, return_counts=True)
    return log_log_plot(dict(zip(values.tolist(), accounts.tolist(), strict=True)), what, "accounts")

"""What was planted can be found, and what only looks like it is there as well."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from pipelines.demo_world import AUDIENCES
from pipelines.demo_world.casts import SHILL_CASTS, Cast
from pipelines.demo_world.hostile import HOSTILE_BIOS, HOSTILE_HANDLE, HOSTILE_NAMES, HOSTILE_POSTS
from pipelines.demo_world.market import POISONED_SHARE
from pipelines.demo_world.phrases import LANGUAGES

_ROLES = {cast.name.lower() for cast in Cast if cast not in SHILL_CASTS} | {"shill"}
_SHILL_KINDS = {cast.name.lower() for cast in SHILL_CASTS}


def _numbers(ids: pl.Series) -> np.ndarray:
    return ids.str.slice(1).cast(pl.Int64).to_numpy()


@pytest.fixture(scope="module")
def follows(world):
    truth = world.truth.select("account_id", "role", "shill_kind", "is_fake_follower", "note")
    return (
        world.tables["follows"]
        .join(truth, left_on="followee_id", right_on="account_id")
        .join(
            truth.select("account_id", by_fake="is_fake_follower"),
            left_on="follower_id",
            right_on="account_id",
        )
    )


def _share_of_fakes(follows: pl.DataFrame, **only: str) -> pl.Series:
    return follows.filter(**only).group_by("followee_id").agg(pl.col("by_fake").mean())["by_fake"]


def _of_role(world, *roles: str) -> np.ndarray:
    return np.flatnonzero(world.truth["role"].is_in(roles).to_numpy())


def test_roles_and_kinds(world):
    truth = world.truth
    assert set(truth["role"]) == _ROLES
    kinds = truth.filter("is_shill")["shill_kind"].value_counts()
    assert set(kinds["shill_kind"]) == _SHILL_KINDS
    hireable = world.tables["snapshots"]["account_id"].n_unique()
    shares = kinds["count"] / hireable
    assert kinds["count"].min() >= 12
    assert shares.min() > 0.015
    assert shares.max() < 0.035
    assert truth.filter(pl.col("is_shill") != (pl.col("role") == "shill")).is_empty()
    assert truth.filter(pl.col("shill_kind").is_not_null() != pl.col("is_shill")).is_empty()
    assert truth.filter("is_bombed")["is_shill"].any() is False


def test_customers_are_followed_by_their_farm_at_the_density_in_the_note(world, follows):
    farms = world.truth.filter("is_fake_follower").select(
        "account_id", farm=pl.col("note").str.extract(r"profile of farm (\d+)")
    )
    sizes = farms.group_by("farm").len("size")
    customers = world.truth.select(
        "account_id",
        farm=pl.col("note").str.extract(r"(?:customer of|bombed by) farm (\d+)"),
        density=pl.col("note").str.extract(r"density ([\d.]+)").cast(pl.Float64),
    ).filter(pl.col("farm").is_not_null())
    hits = (
        follows.select("follower_id", "followee_id")
        .join(farms, left_on="follower_id", right_on="account_id")
        .group_by("followee_id", "farm")
        .len("hits")
    )
    seen = customers.join(hits, left_on=["account_id", "farm"], right_on=["followee_id", "farm"]).join(
        sizes, on="farm"
    )
    assert seen.height == customers.height
    # camouflage follows may add a little to what was bought
    assert (seen["hits"] / seen["size"] - seen["density"]).abs().max() < 0.17
    assert customers["density"].min() >= 0.2
    assert customers["density"].max() <= 0.9


def test_bought_followers_stand_out_and_everybody_has_a_few(follows):
    bought = _share_of_fakes(follows, shill_kind="bought_followers")
    genuine = _share_of_fakes(follows, role="creator")
    assert bought.min() > genuine.quantile(0.95)
    assert (genuine > 0).mean() > 0.4
    assert _share_of_fakes(follows, role="celebrity").min() > 0.03  # camouflage goes to the popular


def test_parcels_arrive_in_bursts_and_victims_are_hit_once(world, follows):
    by_fakes = follows.filter(pl.col("by_fake"))
    victims = by_fakes.filter(role="victim")
    spread = victims.group_by("followee_id").agg(
        hours=(pl.col("followed_at").quantile(0.8) - pl.col("followed_at").quantile(0.2)).dt.total_hours()
    )
    assert spread["hours"].median() < 48
    parcels = by_fakes.filter(shill_kind="bought_followers").with_columns(
        week=pl.col("followed_at").dt.truncate("1w")
    )
    weeks = parcels.group_by("followee_id").agg(pl.col("week").n_unique())
    assert weeks["week"].median() >= 2
    removed = victims["unfollowed_at"].is_not_null().mean()
    assert removed > 3 * by_fakes.filter(shill_kind="bought_followers")["unfollowed_at"].is_not_null().mean()


def test_snapshots_show_the_bursts(world):
    weekly = (
        world.tables["snapshots"]
        .sort("account_id", "observed_at")
        .with_columns(step=pl.col("followers_count").diff().over("account_id") / pl.col("followers_count"))
        .group_by("account_id")
        .agg(jump=pl.col("step").max())
        .join(world.truth, on="account_id")
    )
    jump = {
        name: weekly.filter(pl.col("shill_kind").fill_null(pl.col("role")) == name)["jump"].median()
        for name in ("bought_followers", "viral", "victim", "niche_voice")
    }
    assert jump["bought_followers"] > 0.2
    assert jump["viral"] > 0.1
    assert jump["victim"] > 0.1
    assert jump["niche_voice"] < 0.05


def test_pods_trade_engagement_far_above_everybody_else(world, posts):
    own = posts.filter(pl.col("reply_to_post_id").is_null()).group_by("author_id").len("own_posts")
    directed = (
        world.tables["interactions"]
        .filter(pl.col("kind").is_in(["like", "reply"]))
        .group_by("actor_id", "target_id")
        .agg(engaged=pl.col("post_id").n_unique())
        .join(own, left_on="target_id", right_on="author_id")
        .filter(pl.col("own_posts") >= 10)
        .with_columns(rate=pl.col("engaged") / pl.col("own_posts"))
    )
    mutual = directed.join(
        directed, left_on=["actor_id", "target_id"], right_on=["target_id", "actor_id"]
    ).with_columns(weaker=pl.min_horizontal("rate", "rate_right"))
    score = mutual.filter(pl.col("weaker") >= 0.2).group_by("actor_id").agg(pl.col("weaker").sum())
    scored = world.truth.join(score, left_on="account_id", right_on="actor_id", how="left").with_columns(
        pl.col("weaker").fill_null(0.0)
    )
    pod = scored.filter(pl.col("shill_kind") == "pod")["weaker"]
    creators = scored.filter(pl.col("role") == "creator")["weaker"]
    assert pod.quantile(0.05) > 5 * creators.quantile(0.99)
    assert pod.min() > scored.filter(pl.col("role") == "friends_circle")["weaker"].median()


def test_pods_have_no_topic_in_common_and_circles_have_one(world):
    pods = world.truth.filter(pl.col("note").str.contains(r"^pod \d+$"))
    sizes = (
        world.truth.filter(pl.col("note").str.contains("pod"))
        .group_by(pl.col("note").str.extract(r"pod (\d+)"))
        .len()
    )
    assert sizes["len"].min() >= 8
    assert sizes["len"].max() <= 15
    assert pods.group_by("note").agg(pl.col("community").n_unique())["community"].min() >= 3
    circles = world.truth.filter(pl.col("role") == "friends_circle")
    assert circles.group_by("note").agg(pl.col("community").n_unique())["community"].to_list() == [1, 1]


def test_pods_comment_within_the_hour_in_a_few_words(posts):
    comments = posts.filter(pl.col("post_kind") == "generic_comment").join(
        posts.select("post_id", parent_posted_at="posted_at"), left_on="reply_to_post_id", right_on="post_id"
    )
    assert ((comments["posted_at"] - comments["parent_posted_at"]).dt.total_minutes() < 60).mean() > 0.9
    assert comments["text"].n_unique() < 0.15 * comments.height


def test_honest_disclosers_are_paid_as_often_as_those_who_hide_it(posts):
    own = posts.filter(pl.col("reply_to_post_id").is_null())
    paid = pl.col("post_kind").is_in(["disclosed_ad", "labelled_ad", "hidden_ad"])
    hidden = pl.col("post_kind") == "hidden_ad"
    who = pl.col("shill_kind").fill_null(pl.col("role")).alias("who")
    per_role = dict(own.filter(paid).group_by(who).agg(hidden.mean()).iter_rows())
    assert per_role["discloser"] < 0.12
    assert per_role["hidden_ads"] > 0.75
    assert 0.05 < per_role["creator"] < 0.4  # ordinary creators are careless at times
    shares = dict(own.group_by(who).agg(paid.mean()).iter_rows())
    assert shares["discloser"] == pytest.approx(shares["hidden_ads"], rel=0.35)


def test_hidden_ads_hop_between_brands_and_rivals(world, posts):
    names = world.tables["brands"]["brand"].head(16).to_list()
    ads = posts.filter(pl.col("shill_kind") == "hidden_ads", pl.col("post_kind") == "hidden_ad")
    brands = ads.with_columns(
        brand=pl.coalesce(
            pl.when(pl.col("text").str.contains(name, literal=True)).then(pl.lit(name)) for name in names
        )
    )
    assert brands["brand"].null_count() == 0
    per_author = brands.group_by("author_id").agg(pl.col("brand").n_unique(), pl.len())
    assert per_author["brand"].median() >= 4
    rivals = {"Northbean Coffee", "Southkettle Roasters", "Brewmoss"}
    assert any(len(rivals & set(group["brand"])) >= 2 for _, group in brands.group_by("author_id"))


def test_disclosure_words_stand_on_disclosed_posts_only(posts):
    words = "#ad|Ad:|#advert|Paid partnership|Werbung [|]|Anzeige:|#werbung|#anzeige|Bezahlte|#publi"
    marker = rf"^({words})(\s|$)"  # not the innocent #adventure
    found = posts.with_columns(marked=pl.col("text").str.contains(marker))
    assert found.filter(pl.col("post_kind") == "disclosed_ad", pl.col("language").is_in(["en", "de"]))[
        "marked"
    ].all()
    assert not found.filter(pl.col("post_kind") != "disclosed_ad")["marked"].any()
    assert posts.filter("is_paid_label")["post_kind"].unique().to_list() == ["labelled_ad"]


def test_copied_texts_appear_on_several_accounts_within_minutes(posts):
    plain = pl.col("text").str.replace_all(r"[^\p{L}\p{N} ]", "").str.strip_chars()
    copied = posts.filter(pl.col("post_kind") == "copied_ad").with_columns(plain=plain)
    campaigns = copied.group_by("plain").agg(
        accounts=pl.col("author_id").n_unique(),
        minutes=(pl.col("posted_at").max() - pl.col("posted_at").min()).dt.total_minutes(),
    )
    shared = campaigns.filter(pl.col("accounts") >= 4)
    assert shared.height >= 10
    assert shared["minutes"].max() <= 25
    assert shared["accounts"].sum() > 0.8 * copied.height


def test_trusted_voices_are_recommended_by_many_over_many_weeks(world):
    spoken = (
        world.tables["interactions"]
        .filter(pl.col("kind").is_in(["mention", "quote", "repost"]))
        .group_by("target_id")
        .agg(voices=pl.col("actor_id").n_unique(), weeks=pl.col("occurred_at").dt.truncate("1w").n_unique())
        .join(world.truth, left_on="target_id", right_on="account_id")
    )
    voices = spoken.filter(pl.col("role") == "niche_voice")
    bought = spoken.filter(pl.col("shill_kind") == "bought_followers")
    assert voices.height == world.truth.filter(pl.col("role") == "niche_voice").height
    assert voices["voices"].quantile(0.1) > spoken.filter(pl.col("role") == "creator")["voices"].quantile(0.9)
    assert voices["weeks"].median() >= 20
    assert bought["voices"].quantile(0.9) < voices["voices"].quantile(0.1)


def test_trusted_voices_answer_people_one_by_one_and_shills_do_not(posts):
    answers = posts.filter(pl.col("post_kind").is_in(["answer", "generic_answer"]))
    voices = answers.filter(pl.col("role") == "niche_voice")
    shills = answers.filter("is_shill")
    assert voices.height > 20 * shills.height
    assert voices["text"].n_unique() > 0.95 * voices.height
    assert shills["text"].n_unique() < 0.6 * shills.height


def test_follower_counts_mislead(world):
    top = (
        world.tables["accounts"]
        .join(world.truth, on="account_id")
        .sort("followers_count", descending=True)
        .head(40)
    )
    assert top.filter(pl.col("role") == "niche_voice").height <= 2
    assert top.filter("is_shill").height >= 8
    assert top.filter(pl.col("role") == "celebrity").height >= 15


def test_voices_are_recoverable_by_reach_times_specificity(world):
    """The crudest sensible ranker: in-audience share times the logarithm of its lift."""
    n = world.n_accounts
    follows = world.tables["follows"].filter(pl.col("unfollowed_at").is_null())
    follower, followee = _numbers(follows["follower_id"]), _numbers(follows["followee_id"])
    name = next(iter(AUDIENCES))
    members = _numbers(world.tables["audience_members"].filter(audience=name)["account_id"])
    inside = np.zeros(n, dtype=bool)
    inside[members] = True
    reach = np.bincount(followee[inside[follower]], minlength=n) / len(members)
    rest = np.bincount(followee[~inside[follower]], minlength=n) / (n - len(members))
    score = reach * np.log(np.maximum((reach + 0.002) / (rest + 0.002), 1.0))
    score[_of_role(world, "ordinary", "brand")] = 0.0
    top = world.truth["role"].to_numpy()[np.argsort(-score)[:15]]
    assert np.isin(top, ["niche_voice", "victim"]).sum() >= 7  # by chance it would be 3


def test_audience_lists_are_poisoned_and_mostly_from_the_home_communities(world):
    members = world.tables["audience_members"].join(world.truth, on="account_id")
    assert not members.select("audience", "account_id").is_duplicated().any()
    sizes = {name: size for name, (size, _) in AUDIENCES.items()}
    for (name,), group in members.group_by("audience"):
        assert abs(group.height - sizes[name]) <= 3
        poisoned = group["role"].is_in(["fake_follower", "dormant"]).mean()
        assert poisoned == pytest.approx(POISONED_SHARE, abs=0.005)
    northbean = members.filter(audience="northbean-customers")
    assert northbean["community"].is_in(["coffee", "running", "outdoor"]).mean() > 0.8
    assert northbean["weight"].is_between(0, 1).all()


def test_six_languages_with_their_scripts_and_emoji(posts):
    assert set(posts["language"]) == set(LANGUAGES)
    arabic = posts.filter(pl.col("language") == "ar", pl.col("post_kind") == "topic")["text"]
    assert arabic.str.contains(r"\p{Arabic}").mean() > 0.99
    assert posts["text"].str.contains(r"\p{Emoji_Presentation}").any()
    assert posts["text"].str.contains("Unbezahlte Werbung", literal=True).any()
    left_over = re.compile(r"\{[a-z]+\}")
    assert not [text for text in posts["text"] if left_over.search(text)]


def test_feeds_tick_like_clocks_and_news_repost_much(world, posts):
    feeds = posts.filter(pl.col("post_kind") == "feed").sort("author_id", "posted_at")
    steps = feeds.with_columns(step=pl.col("posted_at").diff().over("author_id")).drop_nulls("step")
    assert steps.group_by("author_id").agg(pl.col("step").n_unique())["step"].max() == 1
    news = world.truth.filter(pl.col("role") == "news")["account_id"].to_list()
    reposts = world.tables["interactions"].filter(pl.col("kind") == "repost", pl.col("actor_id").is_in(news))
    assert reposts.height > 20 * len(news)


def test_labels_are_right_and_outcomes_follow_trust(world):
    labels = world.tables["labels"].join(world.truth, on="account_id")
    assert ((labels["label"] == "shill") == labels["is_shill"]).all()
    assert labels["label"].n_unique() == 2
    outcomes = world.tables["outcomes"].join(world.truth, on="account_id")
    assert outcomes["campaign"].n_unique() == 3
    assert outcomes.filter(~pl.col("is_shill"))["conversions"].mean() > 3
    assert (outcomes["leads"] >= outcomes["conversions"]).all()


@pytest.mark.parametrize("fixture", ["world", "small_world"])
def test_hostile_texts_are_always_there(request, fixture):
    world = request.getfixturevalue(fixture)
    accounts = world.tables["accounts"]
    assert HOSTILE_HANDLE in accounts["handle"].to_list()
    assert set(HOSTILE_NAMES) <= set(accounts["display_name"])
    assert set(HOSTILE_BIOS) <= set(accounts["bio"])
    assert set(HOSTILE_POSTS) <= set(world.tables["posts"]["text"])
    every = "".join([*HOSTILE_NAMES, *HOSTILE_BIOS, *HOSTILE_POSTS, HOSTILE_HANDLE])
    for sign in ("\x1b[31m", "\u202e", "<script", "DROP TABLE", "=HYPERLINK("):
        assert sign in every
    assert max(len(bio) for bio in HOSTILE_BIOS) > 5_000

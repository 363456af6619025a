"""The ten tables of the input contract, as data.

Validation, the drafting of a dataset.toml and docs/INPUTS.md all read the tables from here, so that they
cannot disagree. How a value is typed and which rule refuses it stands in `sql/ingest/macros.sql`; the
sentence that explains a rule to a person stands in `RULES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["id", "handle", "text", "count", "flag", "time", "number"]

SQL_TYPES: dict[ColumnType, str] = {
    "id": "VARCHAR",
    "handle": "VARCHAR",
    "text": "VARCHAR",
    "count": "BIGINT",
    "flag": "BOOLEAN",
    "time": "TIMESTAMP",
    "number": "DOUBLE",
}

TYPE_MEANINGS: dict[ColumnType, str] = {
    "id": "text, trimmed; numbers are taken as their plain digits",
    "handle": "text, trimmed, without a leading @; of a profile's address the name at its end",
    "text": "text, trimmed",
    "count": "whole number, 0 or more",
    "flag": "true/false, yes/no, t/f, y/n, on/off, 1/0",
    "time": "ISO 8601, RFC 2822, or as the mapping says; without a zone it is UTC",
    "number": "finite number, 0 or more",
}

RULES: dict[str, str] = {
    "required_value_missing": "a required value is missing",
    "lookup_failed": "the table that the mapping looks in has no such row",
    "id_in_scientific_notation": "a spreadsheet has rounded this id (1.23E+18); export it as text",
    "id_is_nested": "a list or an object stands where an id belongs",
    "id_too_long": "an id is longer than 1,000 characters",
    "count_negative": "a count cannot be negative",
    "count_not_whole": "a count must be a whole number",
    "count_has_separator": "a count has no separators; if they group thousands, give the mapping a `decimal`",
    "count_in_scientific_notation": "a count must be plain digits, not 1e3",
    "count_not_a_number": "a count must be plain digits",
    "count_too_large": "a count is larger than any real one (18 digits at most)",
    "number_negative": "this number cannot be negative",
    "number_not_finite": "NaN and infinity are not values; leave the field empty",
    "number_not_understood": "not a number; write digits with a decimal point, or give `decimal`",
    "number_is_ambiguous": '1.200 is 1200 or 1.2: say so by `decimal` in the mapping, "," or "."',
    "flag_not_understood": "write true or false (also yes/no, t/f, y/n, on/off, 1/0)",
    "time_not_understood": "no known time format; give the mapping a `format`",
    "time_needs_a_unit": 'a bare number; give the mapping a `unit` ("s", "ms", "us" or "ns")',
    "time_before_1990": "earlier than 1990: most likely a wrong unit or an empty value written as 0",
    "time_in_the_future": "more than a day in the future",
    "kind_not_known": "kind must be like, reply, repost, quote or mention; map other words with `values`",
    "label_not_known": "label must be genuine or shill; map other words with `values`",
    "too_many_columns": "the row has more fields than the header",
    "too_few_columns": "the row has fewer fields than the header",
    "broken_quotes": "quotes open and do not close, or text follows a closing quote",
    "invalid_utf8": "the bytes are not valid UTF-8; export as UTF-8 or give the mapping an `encoding`",
    "nul_byte": "the row holds a NUL byte, so it is not text",
    "line_too_long": "the line is longer than 1,000,000 bytes",
    "not_a_json_object": "each line must be one JSON object",
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its name in the contract and in the lake.
        type: How its values are read; see `TYPE_MEANINGS`.
        meaning: One line for a person.
        required: Whether a row without it is rejected.
        choices: The only values allowed, or none where any is.
        choice_rule: The rule that refuses another value.
        is_money: Whether a number is an amount of money, which has no three digits after its point.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    choice_rule: str = ""
    is_money: bool = False

    @property
    def sql_type(self) -> str:
        """The column's DuckDB type in the lake."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    Attributes:
        name: Its name, also the name of its file.
        meaning: What one row is.
        columns: Its columns, in the order of the lake.
        natural_key: Rows that agree on these are one row; the last in file order is kept.
        told_apart_by: If not empty, rows in which all of these are missing are never merged, because nothing
            says that they are the same event.
        happens_at: The time column by which rows later than the as-of day are left out.
        ends_at: A time column that is cleared when it lies after the as-of day: it had not happened yet.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    told_apart_by: tuple[str, ...] = ()
    happens_at: str | None = None
    ends_at: str | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the required columns."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def account_columns(self) -> tuple[str, ...]:
        """The names of the columns that hold the id of an account."""
        return tuple(
            column.name
            for column in self.columns
            if column.type == "id" and not column.name.endswith("post_id")
        )

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The names of the columns in which people write what they like, others' handles too."""
        return tuple(name for name in ("text", "bio") if name in self.column_names)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


INTERACTION_KINDS = ("like", "reply", "repost", "quote", "mention")
LABELS = ("genuine", "shill")

_ACCOUNTS = Table(
    "accounts",
    "one account of the network, with its profile",
    (
        Column("account_id", "id", "the account's id in the network", required=True),
        Column("handle", "handle", "its unique name, as written after the @"),
        Column("display_name", "text", "the name it shows"),
        Column("bio", "text", "its self-description"),
        Column("platform", "text", "the platform it lives on"),
        Column("created_at", "time", "when it was opened"),
        Column("followers_count", "count", "followers that the platform claims"),
        Column("following_count", "count", "followed accounts that the platform claims"),
        Column("posts_count", "count", "posts that the platform claims"),
        Column("has_avatar", "flag", "whether it has a picture of its own"),
        Column("is_verified", "flag", "whether the platform verified it"),
        Column("is_private", "flag", "whether its follows and posts are hidden"),
        Column("language", "text", "its main language, as a code such as de"),
        Column("country", "text", "its country, as a code such as CH"),
        Column("category", "text", "what it is about, in the platform's words"),
    ),
    natural_key=("account_id",),
    happens_at="created_at",
)
_FOLLOWS = Table(
    "follows",
    "one account follows another",
    (
        Column("follower_id", "id", "who follows", required=True),
        Column("followee_id", "id", "who is followed", required=True),
        Column("followed_at", "time", "since when"),
        Column("unfollowed_at", "time", "when it ended, if it did"),
    ),
    natural_key=("follower_id", "followee_id"),
    happens_at="followed_at",
    ends_at="unfollowed_at",
)
_POSTS = Table(
    "posts",
    "one post",
    (
        Column("post_id", "id", "the post's id", required=True),
        Column("author_id", "id", "the account that wrote it", required=True),
        Column("posted_at", "time", "when"),
        Column("text", "text", "what it says"),
        Column("language", "text", "its language, as a code such as de"),
        Column("reply_to_post_id", "id", "the post it answers"),
        Column("is_paid_label", "flag", "whether the platform's own paid-partnership label is on it"),
        Column("likes_count", "count", "likes"),
        Column("replies_count", "count", "replies"),
        Column("reposts_count", "count", "reposts"),
        Column("views_count", "count", "views"),
    ),
    natural_key=("post_id",),
    happens_at="posted_at",
)
_INTERACTIONS = Table(
    "interactions",
    "one account did something to another",
    (
        Column("actor_id", "id", "who acted", required=True),
        Column("target_id", "id", "towards whom", required=True),
        Column(
            "kind",
            "text",
            "like, reply, repost, quote or mention",
            required=True,
            choices=INTERACTION_KINDS,
            choice_rule="kind_not_known",
        ),
        Column(
            "post_id",
            "id",
            "the post that was liked, answered, reposted or quoted; of a mention, the post that holds it",
        ),
        Column("occurred_at", "time", "when"),
    ),
    natural_key=("actor_id", "target_id", "kind", "post_id", "occurred_at"),
    told_apart_by=("post_id", "occurred_at"),
    happens_at="occurred_at",
)
_AUDIENCE_MEMBERS = Table(
    "audience_members",
    "one account belongs to an audience whose trust is asked about",
    (
        Column("audience", "text", "the audience's name", required=True),
        Column("account_id", "id", "the member", required=True),
        Column("weight", "number", "how much the member counts (customer value, certainty); 1 if absent"),
        Column("since", "time", "since when"),
    ),
    natural_key=("audience", "account_id"),
    happens_at="since",
)
_BRANDS = Table(
    "brands",
    "one brand, or one account of a brand",
    (
        Column("brand", "text", "the brand's name", required=True),
        Column("account_id", "id", "an account of the brand"),
        Column("keywords", "text", "words that mean the brand, separated by commas"),
        Column("category", "text", "what it sells"),
        Column("competitor_of", "text", "the brand it competes with"),
    ),
    natural_key=("brand", "account_id"),
)
_SNAPSHOTS = Table(
    "snapshots",
    "one account's public counts at one time",
    (
        Column("account_id", "id", "the account", required=True),
        Column("observed_at", "time", "when the counts were read", required=True),
        Column("followers_count", "count", "followers then"),
        Column("following_count", "count", "followed accounts then"),
        Column("posts_count", "count", "posts then"),
    ),
    natural_key=("account_id", "observed_at"),
    happens_at="observed_at",
)
_RATES = Table(
    "rates",
    "what one account asks for one deliverable",
    (
        Column("account_id", "id", "the account", required=True),
        Column("price", "number", "the price asked", required=True, is_money=True),
        Column("currency", "text", "its currency, as a code such as EUR"),
        Column("deliverable", "text", "what is delivered for it"),
    ),
    natural_key=("account_id", "deliverable", "currency"),
)
_LABELS = Table(
    "labels",
    "a person's judgement of one account",
    (
        Column("account_id", "id", "the account", required=True),
        Column(
            "label", "text", "genuine or shill", required=True, choices=LABELS, choice_rule="label_not_known"
        ),
        Column("source", "text", "who says so"),
    ),
    natural_key=("account_id", "source"),
)
_OUTCOMES = Table(
    "outcomes",
    "what one past campaign with one account brought",
    (
        Column("account_id", "id", "the partner", required=True),
        Column("audience", "text", "the audience it was aimed at", required=True),
        Column("campaign", "text", "the campaign's name"),
        Column("started_at", "time", "when it started"),
        Column("spend", "number", "what it cost", is_money=True),
        Column("conversions", "count", "sales or sign-ups"),
        Column("leads", "count", "leads"),
    ),
    natural_key=("account_id", "audience", "campaign", "started_at"),
    told_apart_by=("campaign", "started_at"),
    happens_at="started_at",
)

TABLES: tuple[Table, ...] = (
    _ACCOUNTS,
    _FOLLOWS,
    _POSTS,
    _INTERACTIONS,
    _AUDIENCE_MEMBERS,
    _BRANDS,
    _SNAPSHOTS,
    _RATES,
    _LABELS,
    _OUTCOMES,
)
TABLE_BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

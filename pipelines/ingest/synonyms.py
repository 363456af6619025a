"""Names under which the contract's tables, columns and words appear in the wild, as data for `vouch init`.

Names are compared without letter case and without anything that is not a letter or a digit. The first name of
a list is the most telling. Nothing but the drafting of a dataset.toml guesses by these.
"""

from __future__ import annotations

TABLE_NAMES: dict[str, tuple[str, ...]] = {
    "audience_members": ("audiencemembers", "audience", "members", "customers", "subscribers"),
    "accounts": ("accounts", "users", "profiles", "people", "actors", "nodes", "names"),
    "follows": ("follows", "followers", "following", "followings", "friends", "edges", "links"),
    "posts": ("posts", "tweets", "statuses", "toots", "messages", "videos", "media"),
    "interactions": ("interactions", "engagements", "activity", "activities"),
    "snapshots": ("snapshots", "history", "counts"),
    "brands": ("brands", "companies"),
    "rates": ("rates", "prices", "ratecard"),
    "labels": ("labels", "truth", "judgements"),
    "outcomes": ("outcomes", "campaigns", "results"),
}

# A file named after one kind of interaction holds nothing but that kind.
KIND_FILES: dict[str, tuple[str, ...]] = {
    "repost": ("reposts", "retweets", "boosts", "reblogs", "shares"),
    "reply": ("replies", "comments"),
    "like": ("likes", "favourites", "favorites", "reactions"),
    "mention": ("mentions",),
    "quote": ("quotes", "quotetweets"),
}

KIND_WORDS: dict[str, tuple[str, ...]] = {
    "repost": ("repost", "rt", "retweet", "retweeted", "boost", "reblog", "share"),
    "reply": ("reply", "re", "repliedto", "comment"),
    "like": ("like", "fav", "favourite", "favorite", "heart", "upvote"),
    "mention": ("mention", "mt", "mentioned", "at"),
    "quote": ("quote", "qt", "quoted", "quotetweet"),
}

LABEL_WORDS: dict[str, tuple[str, ...]] = {
    "genuine": ("genuine", "real", "human", "0", "false"),
    "shill": ("shill", "fake", "bot", "spam", "1", "true"),
}

_ACCOUNT = ("accountid", "userid", "uid", "pubkey", "did", "user", "account", "id")
_TIME = ("createdat", "timestamp", "time", "date", "datetime", "ts", "when")

COLUMN_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {
        "account_id": _ACCOUNT,
        "handle": ("handle", "username", "screenname", "login", "acct", "nick"),
        "display_name": ("displayname", "name", "fullname", "title"),
        "bio": ("bio", "description", "about", "summary", "note"),
        "platform": ("platform", "network", "service"),
        "created_at": ("createdat", "joined", "joinedat", "registeredat", "accountcreated"),
        "followers_count": ("followerscount", "followers", "nfollowers", "followercount"),
        "following_count": ("followingcount", "following", "friendscount", "followscount", "nfollowing"),
        "posts_count": ("postscount", "posts", "statusescount", "tweetcount", "mediacount", "nposts"),
        "has_avatar": ("hasavatar", "hasprofileimage", "haspicture"),
        "is_verified": ("isverified", "verified"),
        "is_private": ("isprivate", "private", "protected", "locked"),
        "language": ("language", "lang"),
        "country": ("country", "countrycode"),
        "category": ("category", "topic"),
    },
    "follows": {
        "follower_id": ("followerid", "follower", "source", "from", "fromid", "src", "srcpubkey", "sourceid"),
        "followee_id": (
            "followeeid",
            "followee",
            "target",
            "to",
            "toid",
            "dst",
            "dstpubkey",
            "targetid",
            "followingid",
            "followedid",
            "friendid",
        ),
        "followed_at": ("followedat", "since", *_TIME),
        "unfollowed_at": ("unfollowedat", "until", "endedat"),
    },
    "posts": {
        "post_id": ("postid", "tweetid", "statusid", "messageid", "id", "uri"),
        "author_id": ("authorid", "author", *_ACCOUNT[:-1], "from"),
        "posted_at": ("postedat", "publishedat", *_TIME),
        "text": ("text", "content", "body", "fulltext", "message", "caption"),
        "language": ("language", "lang"),
        "reply_to_post_id": ("replytopostid", "inreplytoid", "inreplytostatusid", "replyto"),
        "is_paid_label": ("ispaidlabel", "ispaidpartnership", "paidpartnership", "sponsored"),
        "likes_count": ("likescount", "likes", "favoritecount", "favouritescount", "likecount"),
        "replies_count": ("repliescount", "replies", "replycount", "comments", "commentscount"),
        "reposts_count": ("repostscount", "reposts", "retweetcount", "reblogscount", "shares"),
        "views_count": ("viewscount", "views", "impressions", "viewcount", "impressioncount"),
    },
    "interactions": {
        "actor_id": (
            "actorid",
            "actor",
            "source",
            "from",
            "fromid",
            "src",
            "sourceid",
            "post",
            "postid",
            *_ACCOUNT,
        ),
        "target_id": (
            "targetid",
            "target",
            "to",
            "toid",
            "dst",
            "mentioned",
            "mentionedid",
            "user",
            "userid",
        ),
        "kind": ("kind", "type", "interaction", "action", "layer"),
        "post_id": ("postid", "post", "tweetid", "statusid"),
        "occurred_at": ("occurredat", *_TIME),
    },
    "audience_members": {
        "audience": ("audience", "segment", "list", "group"),
        "account_id": ("accountid", "memberid", "member", *_ACCOUNT[1:]),
        "weight": ("weight", "value", "score"),
        "since": ("since", "addedat", *_TIME),
    },
    "brands": {
        "brand": ("brand", "brandname", "company", "name"),
        "account_id": _ACCOUNT,
        "keywords": ("keywords", "terms", "words"),
        "category": ("category", "industry"),
        "competitor_of": ("competitorof", "rivalof"),
    },
    "snapshots": {
        "account_id": _ACCOUNT,
        "observed_at": ("observedat", "crawledat", "fetchedat", *_TIME),
        "followers_count": ("followerscount", "followers"),
        "following_count": ("followingcount", "following", "friendscount"),
        "posts_count": ("postscount", "posts", "statusescount"),
    },
    "rates": {
        "account_id": _ACCOUNT,
        "price": ("price", "rate", "fee", "cost", "amount"),
        "currency": ("currency",),
        "deliverable": ("deliverable", "format", "type"),
    },
    "labels": {
        "account_id": _ACCOUNT,
        "label": ("label", "class", "verdict", "isbot", "isfake"),
        "source": ("source", "annotator", "by"),
    },
    "outcomes": {
        "account_id": ("accountid", "partnerid", "creatorid", *_ACCOUNT[1:]),
        "audience": ("audience", "segment"),
        "campaign": ("campaign", "campaignname"),
        "started_at": ("startedat", "start", *_TIME),
        "spend": ("spend", "cost", "budget"),
        "conversions": ("conversions", "sales", "orders"),
        "leads": ("leads", "signups"),
    },
}

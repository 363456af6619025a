-- Makes the macros by which a person is taken out of a table: is a value theirs, a text without mentions of them, a
-- list without them. From: the variables forgotten_names (ids and handles in lower case, without @), forgotten_posts,
-- forgotten_nodes, forgotten_shown_names, forgotten_mention (a pattern whose second group is the mention).

CREATE TEMP MACRO names_them(written) AS
    coalesce(list_contains(getvariable('forgotten_names')::VARCHAR[], lower(ltrim(written, '@'))), FALSE);

-- A post may bear the number of a person who did not write it: ids of posts are compared with their posts alone.
CREATE TEMP MACRO is_their_post(written) AS
    coalesce(list_contains(getvariable('forgotten_posts')::VARCHAR[], written), FALSE);

CREATE TEMP MACRO is_their_node(node) AS
    coalesce(list_contains(getvariable('forgotten_nodes')::UINTEGER[], node), FALSE);

-- Twice, because two mentions may share the character between them.
CREATE TEMP MACRO without_mentions(written) AS regexp_replace(
    regexp_replace(written, getvariable('forgotten_mention'), '\1[removed]\3', 'g'),
    getvariable('forgotten_mention'), '\1[removed]\3', 'g'
);

-- What somebody shows of themselves; who shows the same name as the person is somebody else, and keeps it.
CREATE TEMP MACRO shown_without_mentions(written) AS CASE
    WHEN coalesce(list_contains(getvariable('forgotten_shown_names')::VARCHAR[], written), FALSE) THEN written
    ELSE without_mentions(written)
END;

CREATE TEMP MACRO nobody_of_them(written) AS CASE WHEN names_them(written) THEN NULL ELSE written END;

-- An id of a post may hold the id of an account, as addresses do; alone, it is the number of a post.
CREATE TEMP MACRO post_without_mentions(written) AS CASE
    WHEN names_them(written) THEN written
    ELSE without_mentions(written)
END;

CREATE TEMP MACRO no_post_of_them(written) AS CASE
    WHEN is_their_post(written) THEN NULL
    ELSE post_without_mentions(written)
END;

-- A value of which nobody knows what it was.
CREATE TEMP MACRO nothing_of_them(written) AS CASE
    WHEN names_them(written) OR is_their_post(written) THEN NULL
    ELSE without_mentions(written)
END;

CREATE TEMP MACRO list_without_mentions(written) AS list_transform(written, lambda one: without_mentions(one));

CREATE TEMP MACRO list_without_names(written) AS list_filter(written, lambda one: NOT names_them(one));

CREATE TEMP MACRO list_without_posts(written) AS list_transform(
    list_filter(written, lambda one: NOT is_their_post(one)), lambda one: post_without_mentions(one)
);

CREATE TEMP MACRO list_of_nothing_of_them(written) AS list_transform(
    list_filter(written, lambda one: NOT (names_them(one) OR is_their_post(one))), lambda one: without_mentions(one)
);

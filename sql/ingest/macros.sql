-- Makes: the functions that read one text value as one type of the input contract, and name the rule that it
-- breaks. From: no table. Grain: one value in, one value out. `*_value(t)` tries to read the text t, and
-- `*_rule(t, x)` judges the text and what was read; the caller keeps x only where no rule is broken, and computes
-- each once.
-- Reads the variable `latest_time` (a TIMESTAMP: the latest time that is believed).

-- Most texts have nothing at their ends to take away, and to see that is five times as fast as to trim; it is
-- looked for mark by mark, which is twice as fast as by a pattern.
CREATE OR REPLACE MACRO tidy(t) AS CASE
    WHEN
        unicode(t) > 32
        AND unicode(t) NOT IN (160, 65279)
        AND NOT (
            suffix(t, ' ') OR suffix(t, chr(9)) OR suffix(t, chr(10)) OR suffix(t, chr(11)) OR suffix(t, chr(12))
            OR suffix(t, chr(13)) OR suffix(t, chr(160)) OR suffix(t, chr(65279))
        )
    THEN t
    ELSE nullif(trim(t, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(160) || chr(65279)), '')
END;

-- ids ---------------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO id_rule(t, x) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN strlen(t) > 1000 AND length(t) > 1000 THEN 'id_too_long'
    WHEN contains(t, '+') AND regexp_matches(t, '^[0-9](\.[0-9]+)?[eE]\+[0-9]+$') THEN 'id_in_scientific_notation'
    WHEN unicode(t) IN (91, 123) AND json_valid(t) THEN 'id_is_nested'
END;

CREATE OR REPLACE MACRO id_value(t) AS t;

-- text --------------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO text_rule(t, x) AS CAST(NULL AS VARCHAR);

CREATE OR REPLACE MACRO text_value(t) AS t;

CREATE OR REPLACE MACRO handle_rule(t, x) AS CAST(NULL AS VARCHAR);

-- The address of a profile, a site and one name, is that name: people paste both.
CREATE OR REPLACE MACRO handle_value(t) AS CASE
    WHEN contains(t, '/') AND regexp_full_match(
        t, '(?i)(https?://)?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:[0-9]+)?/@?[^/?#@\s]+/?([?#].*)?'
    )
    THEN regexp_extract(t, '(?i)^(https?://)?[^/]+/@?([^/?#@\s]+)', 2)
    ELSE tidy(ltrim(t, '@'))
END;

-- What all ways of writing one handle have in common.
CREATE OR REPLACE MACRO handle_key(t) AS lower(handle_value(t));

CREATE OR REPLACE MACRO choice_rule(t, x, rule) AS CASE WHEN t IS NOT NULL AND x IS NULL THEN rule END;

CREATE OR REPLACE MACRO choice_value(t, choices) AS
    CASE WHEN list_contains(choices, lower(t)) THEN lower(t) END;

-- numbers as people write them --------------------------------------------------------------------------------
-- Where the mapping says which mark stands before a fraction: without signs of money and without what groups
-- thousands. A text that is no such number stays as it is, and is refused.
CREATE OR REPLACE MACRO without_money(t) AS regexp_extract(t, '^(?:\p{Sc}|[A-Z]{3})?\s*(.*?)\s*(?:\p{Sc}|[A-Z]{3})?$', 1);

CREATE OR REPLACE MACRO number_with_comma(t) AS CASE
    WHEN regexp_full_match(without_money(t), '[+-]?([0-9]{1,3}([. ''’\x{a0}\x{202f}][0-9]{3})+|[0-9]+)(,[0-9]+)?')
    THEN replace(regexp_replace(without_money(t), '[. ''’\x{a0}\x{202f}]', '', 'g'), ',', '.')
    ELSE t
END;

CREATE OR REPLACE MACRO number_with_point(t) AS CASE
    WHEN regexp_full_match(without_money(t), '[+-]?([0-9]{1,3}([, ''’\x{a0}\x{202f}][0-9]{3})+|[0-9]+)(\.[0-9]+)?')
    THEN regexp_replace(without_money(t), '[, ''’\x{a0}\x{202f}]', '', 'g')
    ELSE t
END;

-- Twelve thousand in one country, twelve in another.
CREATE OR REPLACE MACRO is_ambiguous(t) AS regexp_matches(t, '^\+?[1-9][0-9]{0,2}\.[0-9]{3}$');

-- counts: plain digits; 12.0 is how pandas writes 12 in a column with gaps ------------------------------------
CREATE OR REPLACE MACRO count_rule(t, x) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN is_ambiguous(t) THEN 'count_has_separator'
    WHEN regexp_matches(t, '^\+?[0-9]{1,18}(\.0+)?$') THEN NULL
    WHEN regexp_matches(t, '^\+?[0-9]+(\.0+)?$') THEN 'count_too_large'
    WHEN regexp_matches(t, '^-[0-9]+(\.[0-9]+)?$') THEN 'count_negative'
    WHEN regexp_matches(t, '^\+?[0-9]*\.[0-9]+$') THEN 'count_not_whole'
    WHEN regexp_matches(t, '^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$') THEN 'count_in_scientific_notation'
    WHEN regexp_matches(t, '^[+-]?[0-9]+([,'' _’.][0-9]+)+$') THEN 'count_has_separator'
    ELSE 'count_not_a_number'
END;

CREATE OR REPLACE MACRO count_value(t) AS TRY_CAST(split_part(t, '.', 1) AS BIGINT);

-- Of what a file holds as a whole number.
CREATE OR REPLACE MACRO whole_number_rule(x) AS CASE
    WHEN x < 0 THEN 'count_negative'
    WHEN x > 999999999999999999 THEN 'count_too_large'
END;

-- numbers -----------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO number_value(t) AS TRY_CAST(t AS DOUBLE);

CREATE OR REPLACE MACRO number_rule(t, x) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN x IS NULL THEN 'number_not_understood'
    WHEN NOT isfinite(x) THEN 'number_not_finite'
    WHEN x < 0 THEN 'number_negative'
END;

-- Of money nobody writes three digits after the point, but where a currency has them.
CREATE OR REPLACE MACRO amount_rule(t, x) AS
    CASE WHEN is_ambiguous(t) THEN 'number_is_ambiguous' ELSE number_rule(t, x) END;

-- flags -------------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO flag_value(t) AS CASE
    WHEN lower(t) IN ('true', 't', 'yes', 'y', 'on', '1', '1.0') THEN TRUE
    WHEN lower(t) IN ('false', 'f', 'no', 'n', 'off', '0', '0.0') THEN FALSE
END;

CREATE OR REPLACE MACRO flag_rule(t, x) AS
    CASE WHEN t IS NOT NULL AND x IS NULL THEN 'flag_not_understood' END;

-- times: UTC, naive -------------------------------------------------------------------------------------------
-- Texts without a zone, as a TIMESTAMP is written, need none of the slower ways.
CREATE OR REPLACE MACRO time_from_text(t) AS CASE
    WHEN regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?')
    THEN TRY_CAST(t AS TIMESTAMP)
    WHEN regexp_matches(t, '^[0-9]{4}-')
    THEN CAST(TRY_CAST(regexp_replace(t, '(\.[0-9]{6})[0-9]+', '\1') AS TIMESTAMPTZ) AS TIMESTAMP)
    WHEN regexp_matches(t, '^[A-Za-z0-9]')
    THEN CAST(try_strptime(regexp_replace(t, ' (GMT|UTC|Z)$', ' +0000'), [
        '%a, %d %b %Y %H:%M:%S %z', '%a, %d %b %Y %H:%M %z', '%d %b %Y %H:%M:%S %z',
        '%a %b %d %H:%M:%S %z %Y'
    ]) AS TIMESTAMP)
END;

-- A double holds microseconds exactly up to the year 2255; casting to DECIMAL is a hundred times slower.
CREATE OR REPLACE MACRO time_from_number(t, microseconds_per_unit) AS CASE
    WHEN regexp_matches(t, '^-?[0-9]{1,20}(\.[0-9]+)?$')
        AND abs(TRY_CAST(t AS DOUBLE) * microseconds_per_unit) < 2.5e17
    THEN make_timestamp(CAST(round(TRY_CAST(t AS DOUBLE) * microseconds_per_unit) AS BIGINT))
END;

CREATE OR REPLACE MACRO time_from_format(t, format) AS CAST(try_strptime(t, format) AS TIMESTAMP);

CREATE OR REPLACE MACRO time_rule(t, x) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN x IS NULL AND regexp_matches(t, '^[0-9]+(\.[0-9]+)?$') THEN 'time_needs_a_unit'
    WHEN x IS NULL OR NOT isfinite(x) THEN 'time_not_understood'
    WHEN x < TIMESTAMP '1990-01-01' THEN 'time_before_1990'
    WHEN x > getvariable('latest_time') THEN 'time_in_the_future'
END;

-- numbers that files hold as numbers, written plainly: 12.0 is 12 ---------------------------------------------
CREATE OR REPLACE MACRO plain_number(x) AS CASE
    WHEN isfinite(x) AND x = trunc(x) AND abs(x) < 9007199254740992 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
    ELSE CAST(x AS VARCHAR)
END;

CREATE OR REPLACE MACRO json_text(j, pointer) AS CASE json_type(j, pointer)
    WHEN 'DOUBLE' THEN regexp_replace(json_extract_string(j, pointer), '\.0+$', '')
    ELSE json_extract_string(j, pointer)
END;

-- Makes: the functions that read one text value as one type of the input contract, and name the rule that it
-- breaks. From: no table. Grain: one value in, one value out. `*_value` is NULL wherever `*_rule` is not NULL.
-- Reads the variable `latest_time` (a TIMESTAMP: the latest time that is believed).

CREATE OR REPLACE MACRO tidy(t) AS
    nullif(trim(t, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(160) || chr(65279)), '');

-- ids ---------------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO id_rule(t) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN length(t) > 1000 THEN 'id_too_long'
    WHEN regexp_matches(t, '^[0-9](\.[0-9]+)?[eE]\+[0-9]+$') THEN 'id_in_scientific_notation'
    WHEN (starts_with(t, '{') OR starts_with(t, '[')) AND json_valid(t) THEN 'id_is_nested'
END;

CREATE OR REPLACE MACRO id_value(t) AS CASE WHEN id_rule(t) IS NULL THEN t END;

-- text --------------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO text_rule(t) AS CAST(NULL AS VARCHAR);

CREATE OR REPLACE MACRO text_value(t) AS t;

CREATE OR REPLACE MACRO handle_rule(t) AS CAST(NULL AS VARCHAR);

CREATE OR REPLACE MACRO handle_value(t) AS tidy(ltrim(t, '@'));

CREATE OR REPLACE MACRO choice_rule(t, choices, rule) AS
    CASE WHEN t IS NOT NULL AND NOT list_contains(choices, lower(t)) THEN rule END;

CREATE OR REPLACE MACRO choice_value(t, choices) AS
    CASE WHEN list_contains(choices, lower(t)) THEN lower(t) END;

-- counts: plain digits; 12.0 is how pandas writes 12 in a column with gaps ------------------------------------
CREATE OR REPLACE MACRO count_rule(t) AS CASE
    WHEN t IS NULL OR regexp_matches(t, '^\+?[0-9]{1,18}(\.0+)?$') THEN NULL
    WHEN regexp_matches(t, '^\+?[0-9]+(\.0+)?$') THEN 'count_too_large'
    WHEN regexp_matches(t, '^-[0-9]+(\.[0-9]+)?$') THEN 'count_negative'
    WHEN regexp_matches(t, '^\+?[0-9]*\.[0-9]+$') THEN 'count_not_whole'
    WHEN regexp_matches(t, '^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$') THEN 'count_in_scientific_notation'
    WHEN regexp_matches(t, '^[+-]?[0-9]+([,'' _’]|\.)[0-9]') THEN 'count_has_separator'
    ELSE 'count_not_a_number'
END;

CREATE OR REPLACE MACRO count_value(t) AS
    CASE WHEN count_rule(t) IS NULL THEN TRY_CAST(split_part(t, '.', 1) AS BIGINT) END;

-- numbers -----------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO number_rule(t) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN NOT regexp_matches(t, '^[+-]?([0-9]|\.[0-9]|(?i:nan|inf))')
        OR TRY_CAST(t AS DOUBLE) IS NULL THEN 'number_not_understood'
    WHEN NOT isfinite(TRY_CAST(t AS DOUBLE)) THEN 'number_not_finite'
    WHEN TRY_CAST(t AS DOUBLE) < 0 THEN 'number_negative'
END;

CREATE OR REPLACE MACRO number_value(t) AS CASE WHEN number_rule(t) IS NULL THEN TRY_CAST(t AS DOUBLE) END;

-- flags -------------------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO flag_value(t) AS CASE
    WHEN lower(t) IN ('true', 't', 'yes', 'y', 'on', '1', '1.0') THEN TRUE
    WHEN lower(t) IN ('false', 'f', 'no', 'n', 'off', '0', '0.0') THEN FALSE
END;

CREATE OR REPLACE MACRO flag_rule(t) AS
    CASE WHEN t IS NOT NULL AND flag_value(t) IS NULL THEN 'flag_not_understood' END;

-- times: UTC, naive -------------------------------------------------------------------------------------------
CREATE OR REPLACE MACRO time_from_text(t) AS CASE
    WHEN regexp_matches(t, '^[0-9]{4}-')
    THEN CAST(TRY_CAST(regexp_replace(t, '(\.[0-9]{6})[0-9]+', '\1') AS TIMESTAMPTZ) AS TIMESTAMP)
    WHEN regexp_matches(t, '^[A-Za-z0-9]')
    THEN CAST(try_strptime(regexp_replace(t, ' (GMT|UTC|Z)$', ' +0000'), [
        '%a, %d %b %Y %H:%M:%S %z', '%a, %d %b %Y %H:%M %z', '%d %b %Y %H:%M:%S %z',
        '%a %b %d %H:%M:%S %z %Y'
    ]) AS TIMESTAMP)
END;

CREATE OR REPLACE MACRO time_from_number(t, microseconds_per_unit) AS
    CASE WHEN regexp_matches(t, '^-?[0-9]{1,20}(\.[0-9]+)?$')
        AND abs(TRY_CAST(t AS DOUBLE) * microseconds_per_unit) < 2.5e17
    THEN make_timestamp(CAST(round(CAST(t AS DECIMAL(38, 6)) * microseconds_per_unit) AS BIGINT)) END;

CREATE OR REPLACE MACRO time_from_format(t, format) AS CAST(try_strptime(t, format) AS TIMESTAMP);

CREATE OR REPLACE MACRO time_rule(t, moment) AS CASE
    WHEN t IS NULL THEN NULL
    WHEN moment IS NULL AND regexp_matches(t, '^[0-9]+(\.[0-9]+)?$') THEN 'time_needs_a_unit'
    WHEN moment IS NULL OR NOT isfinite(moment) THEN 'time_not_understood'
    WHEN moment < TIMESTAMP '1990-01-01' THEN 'time_before_1990'
    WHEN moment > getvariable('latest_time') THEN 'time_in_the_future'
END;

CREATE OR REPLACE MACRO time_value(t, moment) AS CASE WHEN time_rule(t, moment) IS NULL THEN moment END;

-- numbers that files hold as numbers, written plainly: 12.0 is 12 ---------------------------------------------
CREATE OR REPLACE MACRO plain_number(x) AS CASE
    WHEN isfinite(x) AND x = trunc(x) AND abs(x) < 9007199254740992 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
    ELSE CAST(x AS VARCHAR)
END;

CREATE OR REPLACE MACRO json_text(j, pointer) AS CASE json_type(j, pointer)
    WHEN 'DOUBLE' THEN regexp_replace(json_extract_string(j, pointer), '\.0+$', '')
    ELSE json_extract_string(j, pointer)
END;

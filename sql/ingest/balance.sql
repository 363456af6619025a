-- Makes: the empty balance table. Grain: one row per supplied table; rows_in = rows_kept + rows_merged +
-- rows_rejected + rows_after_as_of. `values_refused` counts values, not rows. From: no table.
CREATE TABLE balance (
    table_name VARCHAR,
    files BIGINT,
    rows_in BIGINT,
    rows_kept BIGINT,
    rows_merged BIGINT,
    rows_rejected BIGINT,
    rows_after_as_of BIGINT,
    values_refused BIGINT,
    columns_present VARCHAR[]
)

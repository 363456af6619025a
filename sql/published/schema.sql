-- The tables of the published file: the interface that people script against, so changes are additive.
-- Makes every table, empty, in a fresh database; reads nothing. Grains and meanings stand in comments.sql.
-- No PRIMARY KEYs: their indexes cost more than they give in a file that is written once. The grains are
-- checked after loading by sql/checks/published_*.sql instead, and look-ups are fast because rows are sorted.

CREATE SCHEMA graph;
CREATE SCHEMA quality;

CREATE TABLE about (
    schema_version INTEGER NOT NULL,
    vouch_version VARCHAR NOT NULL,
    duckdb_version VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL
);

CREATE TABLE runs (
    run_id VARCHAR,
    network VARCHAR,
    as_of DATE,
    audience VARCHAR,
    started_at TIMESTAMP,
    finished_at TIMESTAMP,
    configuration VARCHAR,
    weights_version VARCHAR,
    data_dir VARCHAR,
    input_fingerprint VARCHAR,
    observed_until TIMESTAMP,
    audience_size BIGINT,
    audience_size_cleaned DOUBLE,
    candidates BIGINT,
    durations VARCHAR,
    is_generated BOOLEAN,
    is_current BOOLEAN,
    audience_size_stated DOUBLE
);

CREATE TABLE partner_rankings (
    run_id VARCHAR,
    network VARCHAR,
    audience VARCHAR,
    as_of DATE,
    rank INTEGER,
    rank_low INTEGER,
    rank_high INTEGER,
    account_id VARCHAR,
    handle VARCHAR,
    display_name VARCHAR,
    platform VARCHAR,
    language VARCHAR,
    status VARCHAR,
    status_reason VARCHAR,
    score DOUBLE,
    followers_count BIGINT,
    size_tier VARCHAR,
    audience_size BIGINT,
    audience_followers BIGINT,
    audience_followers_cleaned DOUBLE,
    reach_share DOUBLE,
    reach_share_low DOUBLE,
    reach_share_high DOUBLE,
    reach_share_cleaned DOUBLE,
    baseline_share DOUBLE,
    lift DOUBLE,
    lift_low DOUBLE,
    lift_high DOUBLE,
    log_odds_z DOUBLE,
    endorsement DOUBLE,
    conversation DOUBLE,
    word_of_mouth_voices BIGINT,
    word_of_mouth_voices_cleaned DOUBLE,
    word_of_mouth_weeks BIGINT,
    trust DOUBLE,
    trust_low DOUBLE,
    trust_high DOUBLE,
    endorsement_part DOUBLE,
    affinity_part DOUBLE,
    word_of_mouth_part DOUBLE,
    authenticity_part DOUBLE,
    shill_probability DOUBLE,
    shill_probability_low DOUBLE,
    shill_probability_high DOUBLE,
    signals_measured INTEGER,
    community INTEGER,
    is_pick BOOLEAN,
    price DOUBLE,
    currency VARCHAR,
    attention_basis VARCHAR,
    baseline VARCHAR,
    conversation_low DOUBLE,
    conversation_high DOUBLE,
    conversation_part DOUBLE,
    directed_share DOUBLE,
    replies_received BIGINT,
    replies_answered BIGINT,
    answer_rate DOUBLE,
    answer_rate_low DOUBLE,
    answer_rate_high DOUBLE,
    answer_delay_hours DOUBLE,
    distinct_answer_share DOUBLE,
    dyads BIGINT,
    returning_dyads BIGINT,
    shared_community_share DOUBLE,
    clockwork_share DOUBLE,
    tone DOUBLE,
    tone_low DOUBLE,
    tone_high DOUBLE,
    tone_coverage DOUBLE,
    tone_messages BIGINT,
    word_of_mouth_communities INTEGER,
    word_of_mouth_prompted_voices BIGINT,
    communities_covered INTEGER,
    bridge_score DOUBLE,
    is_bridge BOOLEAN,
    momentum VARCHAR,
    momentum_change DOUBLE,
    momentum_runs INTEGER,
    rank_in_tier INTEGER,
    what_would_change VARCHAR,
    word_of_mouth_occasions DOUBLE,
    speakers BIGINT,
    review VARCHAR,
    reviewed_at TIMESTAMP,
    sharing_rate DOUBLE,
    shill_probability_measured DOUBLE,
    other_price DOUBLE,
    other_currency VARCHAR,
    covered_communities INTEGER[],
    audience_listeners BIGINT,
    audience_listeners_cleaned DOUBLE
);

CREATE TABLE evidence (
    run_id VARCHAR,
    audience VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    signal VARCHAR,
    side VARCHAR,
    direction VARCHAR,
    value DOUBLE,
    typical_value DOUBLE,
    threshold DOUBLE,
    weight DOUBLE,
    sentence VARCHAR,
    example_ids VARCHAR[]
);

CREATE TABLE account_signals (
    account_id VARCHAR,
    handle VARCHAR,
    signal VARCHAR,
    value DOUBLE,
    low DOUBLE,
    high DOUBLE,
    n DOUBLE,
    state VARCHAR,
    flagged BOOLEAN
);

CREATE TABLE brand_history (
    account_id VARCHAR,
    handle VARCHAR,
    brand VARCHAR,
    category VARCHAR,
    posts BIGINT,
    paid_posts BIGINT,
    disclosed_posts BIGINT,
    first_at TIMESTAMP,
    last_at TIMESTAMP,
    first_paid_at TIMESTAMP,
    organic_before_paid BIGINT,
    organic_after_paid BIGINT
);

CREATE TABLE follower_types (
    account_id VARCHAR,
    handle VARCHAR,
    profile_type VARCHAR,
    share DOUBLE,
    share_low DOUBLE,
    share_high DOUBLE,
    n BIGINT
);

CREATE TABLE signal_groups (
    group_id VARCHAR,
    kind VARCHAR,
    members BIGINT,
    density DOUBLE,
    contrast DOUBLE,
    score DOUBLE,
    threshold DOUBLE,
    first_at TIMESTAMP,
    last_at TIMESTAMP,
    about VARCHAR,
    observed DOUBLE,
    expected DOUBLE,
    topic_match DOUBLE,
    first_hour_share DOUBLE,
    typical_delay_s DOUBLE
);

CREATE TABLE signal_group_members (
    group_id VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    role VARCHAR,
    share DOUBLE
);

CREATE TABLE reviews (
    account_id VARCHAR,
    handle VARCHAR,
    label VARCHAR,
    reviewer VARCHAR,
    because VARCHAR,
    reviewed_at TIMESTAMP,
    is_current BOOLEAN,
    source VARCHAR
);

CREATE TABLE calibration (
    method VARCHAR,
    why_not VARCHAR,
    labels BIGINT,
    shills BIGINT,
    slope DOUBLE,
    brier_before DOUBLE,
    brier_after DOUBLE,
    calibration_error_before DOUBLE,
    calibration_error_after DOUBLE
);

CREATE TABLE impersonation (
    account_id VARCHAR,
    handle VARCHAR,
    resembles_account_id VARCHAR,
    resembles_handle VARCHAR,
    kind VARCHAR,
    how VARCHAR,
    created_at TIMESTAMP,
    resembles_created_at TIMESTAMP,
    followers BIGINT,
    resembles_followers BIGINT,
    sentence VARCHAR
);

CREATE TABLE portfolio (
    run_id VARCHAR,
    audience VARCHAR,
    plan VARCHAR,
    pick INTEGER,
    account_id VARCHAR,
    handle VARCHAR,
    adds DOUBLE,
    adds_share DOUBLE,
    cumulative_reach DOUBLE,
    cumulative_share DOUBLE,
    bound_share DOUBLE,
    price DOUBLE,
    cumulative_price DOUBLE,
    currency VARCHAR,
    budget DOUBLE,
    backup_account_id VARCHAR,
    backup_handle VARCHAR,
    new_members BIGINT,
    cumulative_members BIGINT,
    cumulative_members_share DOUBLE,
    is_vetted BOOLEAN
);

CREATE TABLE audience_overlap (
    run_id VARCHAR,
    audience VARCHAR,
    account_id_a VARCHAR,
    handle_a VARCHAR,
    account_id_b VARCHAR,
    handle_b VARCHAR,
    shared_followers BIGINT,
    share_of_smaller DOUBLE,
    jaccard DOUBLE,
    exclusive_share_a DOUBLE,
    exclusive_share_b DOUBLE
);

CREATE TABLE rank_changes (
    run_id VARCHAR,
    previous_run_id VARCHAR,
    audience VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    change VARCHAR,
    rank_before INTEGER,
    rank_after INTEGER,
    score_before DOUBLE,
    score_after DOUBLE,
    cause VARCHAR,
    cause_change DOUBLE,
    is_within_range BOOLEAN,
    risk_signal VARCHAR
);

CREATE TABLE communities (
    run_id VARCHAR,
    audience VARCHAR,
    community INTEGER,
    members BIGINT,
    members_cleaned DOUBLE,
    name VARCHAR,
    terms VARCHAR[],
    stability DOUBLE,
    top_voices VARCHAR[],
    is_small BOOLEAN,
    internal_share DOUBLE
);

CREATE TABLE community_voices (
    run_id VARCHAR,
    audience VARCHAR,
    community INTEGER,
    account_id VARCHAR,
    handle VARCHAR,
    followers_in_community BIGINT,
    share DOUBLE,
    lift DOUBLE,
    position INTEGER,
    rank_overall INTEGER,
    is_hidden_by_the_list BOOLEAN
);

CREATE TABLE audience_members (
    run_id VARCHAR,
    audience VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    stated_weight DOUBLE,
    weight DOUBLE,
    attention_factor DOUBLE,
    profile_factor DOUBLE,
    lockstep_factor DOUBLE,
    reason VARCHAR,
    community INTEGER
);

CREATE TABLE own_accounts (
    run_id VARCHAR,
    audience VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    conversation DOUBLE,
    conversation_low DOUBLE,
    conversation_high DOUBLE,
    output_posts BIGINT,
    directed_share DOUBLE,
    replies_received BIGINT,
    replies_answered BIGINT,
    answer_rate DOUBLE,
    answer_rate_low DOUBLE,
    answer_rate_high DOUBLE,
    answer_delay_hours DOUBLE,
    answers BIGINT,
    distinct_answer_share DOUBLE,
    dyads BIGINT,
    returning_dyads BIGINT,
    shared_community_share DOUBLE,
    clockwork_share DOUBLE,
    state VARCHAR,
    tone DOUBLE,
    tone_low DOUBLE,
    tone_high DOUBLE,
    tone_messages BIGINT,
    tone_coverage DOUBLE,
    example_post_ids VARCHAR[],
    speakers BIGINT
);

CREATE TABLE advocates (
    run_id VARCHAR,
    audience VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    brand VARCHAR,
    is_member BOOLEAN,
    is_candidate BOOLEAN,
    first_at TIMESTAMP,
    last_at TIMESTAMP,
    posts BIGINT,
    weeks BIGINT,
    first_paid_at TIMESTAMP,
    is_before_paid BOOLEAN,
    example_post_ids VARCHAR[]
);

CREATE TABLE brand_talk (
    run_id VARCHAR,
    audience VARCHAR,
    brand VARCHAR,
    brand_posts BIGINT,
    pushed_events BIGINT,
    pushed_voices BIGINT,
    member_posts BIGINT,
    member_voices BIGINT,
    member_to_member_events BIGINT,
    member_to_member_voices BIGINT,
    member_talk_share DOUBLE,
    weeks BIGINT,
    communities BIGINT,
    sentence VARCHAR
);

CREATE TABLE momentum (
    run_id VARCHAR,
    audience VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    quantity VARCHAR,
    runs INTEGER,
    first_as_of DATE,
    last_as_of DATE,
    change_per_30_days DOUBLE,
    change_low DOUBLE,
    change_high DOUBLE,
    z DOUBLE,
    direction VARCHAR,
    decayed_mean DOUBLE
);

CREATE TABLE growth (
    account_id VARCHAR,
    handle VARCHAR,
    source VARCHAR,
    class VARCHAR,
    burst_day DATE,
    arrivals DOUBLE,
    typical_per_day DOUBLE,
    explained_by VARCHAR,
    unusual_share DOUBLE,
    removed_share DOUBLE,
    sentence VARCHAR,
    last_day DATE,
    share_of_followers DOUBLE,
    explained_share DOUBLE,
    probability DOUBLE
);

CREATE TABLE bios (
    account_id VARCHAR,
    handle VARCHAR,
    bio VARCHAR
);

CREATE TABLE follower_history (
    account_id VARCHAR,
    handle VARCHAR,
    day DATE,
    followers BIGINT,
    source VARCHAR
);

CREATE TABLE example_posts (
    post_id VARCHAR,
    author_id VARCHAR,
    author_handle VARCHAR,
    platform VARCHAR,
    posted_at TIMESTAMP,
    text VARCHAR,
    is_paid_label BOOLEAN
);

CREATE TABLE graph.accounts (
    node UINTEGER,
    account_id VARCHAR,
    handle VARCHAR,
    display_name VARCHAR,
    platform VARCHAR,
    language VARCHAR,
    is_verified BOOLEAN,
    followers_count BIGINT,
    following_count BIGINT,
    posts_count BIGINT,
    is_listed BOOLEAN,
    profile_type VARCHAR,
    is_in_audience BOOLEAN,
    is_candidate BOOLEAN
);

CREATE TABLE graph.names (
    name VARCHAR,
    account_id VARCHAR,
    handle VARCHAR,
    node UINTEGER
);

CREATE TABLE graph.degrees (
    node UINTEGER,
    followers BIGINT,
    following BIGINT
);

CREATE TABLE graph.adjacency (
    source UINTEGER,
    target UINTEGER,
    is_following BOOLEAN,
    is_follower BOOLEAN
);

CREATE TABLE graph.interactions (
    actor UINTEGER,
    target UINTEGER,
    kind VARCHAR,
    events BIGINT,
    first_at TIMESTAMP,
    last_at TIMESTAMP
);

CREATE TABLE quality.rejects (
    network VARCHAR,
    as_of DATE,
    table_name VARCHAR,
    file VARCHAR,
    line BIGINT,
    column_name VARCHAR,
    value VARCHAR,
    rule VARCHAR
);

CREATE TABLE quality.coverage (
    network VARCHAR,
    as_of DATE,
    subject VARCHAR,
    measure VARCHAR,
    value DOUBLE,
    n BIGINT,
    sentence VARCHAR
);

CREATE TABLE quality.balance (
    network VARCHAR,
    as_of DATE,
    table_name VARCHAR,
    files BIGINT,
    rows_in BIGINT,
    rows_kept BIGINT,
    rows_merged BIGINT,
    rows_rejected BIGINT,
    rows_after_as_of BIGINT,
    values_refused BIGINT,
    columns_present VARCHAR[],
    rows_forgotten BIGINT
);

CREATE TABLE quality.checks (
    run_id VARCHAR,
    asset VARCHAR,
    check_name VARCHAR,
    passed BOOLEAN,
    severity VARCHAR,
    detail VARCHAR
);

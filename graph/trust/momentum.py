"""Where a figure is heading over runs, as far as that is beyond chance.

Trust is built slowly and one bad week must be able to pass: runs count by their age, with a half-life. Here
belong the level, the trend and the judgement whether the trend is more than noise. Which runs may be
compared, and which figures are looked at, is decided by whoever calls. Momentum is no part of any score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import chdtri, gammaincc, ndtri, stdtr, stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from graph.arrays.sparse_rows import FloatArray

RISING, STEADY, FALLING, NOT_ENOUGH_DATA = DIRECTIONS = ("rising", "steady", "falling", "not_enough_data")
PERIOD_DAYS = 30.0
"""Changes are told per this many days."""

FEWEST_COMPANIONS = 20
"""Below this many candidates, what they have in common cannot be told from what one of them does."""

ROUNDING = 1e-9
"""Share of a figure below which a difference is no difference."""

HALF_A_MEMBER = 0.5
"""Added to every count, so that somebody without any may gain some; the figure of Jeffreys' prior."""

FAR_OUT = 4.0
"""Standard deviations beyond which a candidate no longer pulls what all have in common."""

LARGEST_Z = 38.0
"""What double precision can tell of a tail; beyond it, z is held."""


@dataclass(frozen=True)
class MomentumSettings:
    """What a person may set about momentum.

    Attributes:
        half_life_days: After this many days a run counts half.
        fewest_runs: Fewest runs in which a figure must be known; a line through two points has no error.
        shortest_span_days: Fewest days between the first and the last of them.
        confidence: Level of the interval of one candidate's change.
        false_discovery_rate: Share of the candidates called rising or falling that may be so by chance.
    """

    half_life_days: float = 90.0
    fewest_runs: int = 3
    shortest_span_days: float = 14.0
    confidence: float = 0.90
    false_discovery_rate: float = 0.05

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing, all faults at once."""
        wrong = []
        if not (np.isfinite(self.half_life_days) and self.half_life_days > 0):
            wrong.append("half_life_days must be finite and > 0")
        if self.fewest_runs < 3:
            wrong.append("fewest_runs must be >= 3")
        if not self.shortest_span_days > 0:
            wrong.append("shortest_span_days must be > 0")
        if not (0 < self.confidence < 1 and 0 < self.false_discovery_rate < 1):
            wrong.append("confidence and false_discovery_rate must lie in (0, 1)")
        if wrong:
            raise ValueError("The momentum settings cannot be used: " + "; ".join(wrong) + ". Mend them.")


@dataclass(frozen=True)
class Momentum:
    """The course of one figure for k candidates. Arrays [k]; NaN where there is not enough data.

    Attributes:
        runs: int64, runs in which the figure is known.
        first_day: float64, day of the first of them.
        last_day: float64, day of the last.
        decayed_mean: float64, the level, recent runs counting more; known from one run on.
        change: float64, change per 30 days beyond what the candidates have in common.
        change_low: float64, lower bound.
        change_high: float64, upper bound.
        z: float64, how unusual the change would be by chance, as a normal deviate.
        direction: str, one of `DIRECTIONS`.
    """

    runs: NDArray[np.int64]
    first_day: FloatArray
    last_day: FloatArray
    decayed_mean: FloatArray
    change: FloatArray
    change_low: FloatArray
    change_high: FloatArray
    z: FloatArray
    direction: NDArray[np.str_]


def decay_weights(days: ArrayLike, half_life_days: float) -> FloatArray:
    """How much each run counts: 1 for the newest, half of it for every half-life of age.

    Args:
        days: float64[R], day numbers.
        half_life_days: The half-life.

    Returns:
        float64[R], in (0, 1].
    """
    days = np.asarray(days, dtype=np.float64)
    return np.exp2((days - days.max(initial=-np.inf)) / half_life_days)


def momentum(
    days: ArrayLike, values: ArrayLike, errors: ArrayLike, settings: MomentumSettings | None = None
) -> Momentum:
    """Level and trend of one figure for every candidate.

    The level is the mean under the decay weights w. The trend is the slope b = Σ w (t − t̄) y / Σ w (t −
    t̄)² of the line fitted under the same weights. It is linear in the values, b = Σ c y, so its variance
    has two parts that are added: φ Σ c² s² of what each run itself does not know, and Σ c² v of the scatter
    of the runs around the line, v = Σ w e² / Σ w (1 − h) with the residuals e and the leverages h. φ ≥ 1 is
    how many times the runs scatter what they do not know themselves, the median over all candidates. Adding
    both parts counts twice what is in both, and the runs look at much the same audience: it errs towards
    "steady". The scatter is known from few runs, so the whole is judged by Student's t with the degrees of
    freedom of Welch and Satterthwaite, where the scatter has those of the effective number of runs (Kish)
    less two, at least one.

    Before that, what the candidates have in common is taken out (`common_drift`): data that reach further
    back let every count grow, and that is nobody's momentum.

    Many candidates are looked at, and some of them will move by chance: `direction` is rising or falling only
    where the false discovery rate over all candidates of this figure stays below its bound. The interval is
    that of one candidate by itself.

    Args:
        days: float64[R], day number of each run, each once.
        values: float64[k, R]; NaN where a run does not know the figure. That is no zero: the run is left out.
        errors: float64[k, R], standard deviation of what each run does not know; NaN counts as 0.
        settings: Half-life and bars.

    Returns:
        The course of the figure.

    Raises:
        ValueError: If shapes disagree, a day stands twice or an error is negative; all faults at once.

    References:
        Benjamini and Hochberg (1995), "Controlling the false discovery rate", JRSS B 57; Satterthwaite
        (1946), "An approximate distribution of estimates of variance components", Biometrics Bulletin 2.
    """
    chosen = settings or MomentumSettings()
    days, values, errors = (np.asarray(array, dtype=np.float64) for array in (days, values, errors))
    _check(days, values, errors)
    course, weights, known = _level(days, values, chosen)
    level = course["decayed_mean"]
    drift = common_drift(values, weights)
    slope, error, freedom = _slope(
        days, np.where(known, values, 0.0) * drift, np.nan_to_num(errors) * drift, weights
    )
    half = stdtrit(freedom, 0.5 + chosen.confidence / 2) * error
    # Rounding may leave a line without any error a slope of 1e-17.
    error = np.hypot(error, ROUNDING * np.abs(level) / chosen.shortest_span_days)
    distance = np.divide(np.abs(slope), error, out=np.zeros(slope.shape), where=error > 0)
    return _course(course, slope, (half, half), 2 * stdtr(freedom, -distance), chosen)


def count_momentum(
    days: ArrayLike, counts: ArrayLike, exposure: ArrayLike, settings: MomentumSettings | None = None
) -> Momentum:
    """Level and trend of a share whose count accumulates: followers in the audience, voices.

    Such counts are no independent looks: who followed at one run follows at the next. Chance is only in what
    was gained and lost in between, as in McNemar's test, so the runs' own sampling errors say nothing about
    a change. Expected is the growth of all: E[x + 1/2] grows by g_r e_r / e of the run before, where g_r, the
    same for all, is fitted over the candidates. What a candidate gains beyond that, u, has the variance φ_r m
    with the expectation m (quasi-Poisson): φ_r is the mean of u² / m over the candidates, at least what they
    gained and lost per member, which is Poisson's. In both fits those further out than `FAR_OUT` standard
    deviations are held there (Huber), so that the few who really rise do not hide themselves.

    The trend is the slope of the weighted line, as in `momentum`, of the shares with the growth of all taken
    out. It is a sum over the innovations, b = Σ d_r u_r, where d_r is the sum of the line's coefficients
    from run r on; its variance is Σ d_r² φ_r m, its third cumulant Σ d_r³ a_r φ_r m with the jump a_r = φ_r ÷
    (gained and lost per member), at least one member. Counts are small, so the tail is that of a gamma
    distribution with these cumulants, less half a jump. A gap in a candidate's runs adds up what lies in it.
    The interval is Wilson's: all changes c with (b − c)² ≤ z² (variance + jump · |c|), because who gains more
    has more to chance; it leaves out 0 where the test by itself does.

    Args:
        days: float64[R], day number of each run, each once.
        counts: float64[k, R] >= 0, raw or by weight (a member weighs at most about 1); NaN is unknown.
        exposure: float64[k, R] or [R], out of how many; at 0 or NaN the share is unknown.
        settings: Half-life and bars.

    Returns:
        The course of counts ÷ exposure.

    Raises:
        ValueError: If shapes disagree, a day stands twice or a count is negative; all faults at once.

    References:
        McNemar (1947), Psychometrika 12; Cantoni and Ronchetti (2001), "Robust inference for generalized
        linear models", JASA 96; Fay and Feuer (1997), Statistics in Medicine 16 (gamma tails of weighted
        Poisson sums).
    """
    chosen = settings or MomentumSettings()
    days, counts = np.asarray(days, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    exposure = np.broadcast_to(np.asarray(exposure, dtype=np.float64), counts.shape)
    _check(days, counts, counts, "counts")
    order = np.argsort(days, kind="stable")
    days, counts, exposure = days[order], counts[:, order], exposure[:, order]
    known = np.isfinite(counts) & (exposure > 0)
    share = np.divide(counts, exposure, out=np.full(counts.shape, np.nan), where=known)
    course, weights, _ = _level(days, share, chosen)
    x = np.where(known, counts + HALF_A_MEMBER, 0.0)
    out_of = np.where(known, exposure, 1.0)
    growth, dispersion, jump = _common_growth(x, out_of, known)
    drift = growth[-1:] / growth  # by what a run is to be multiplied to stand beside the latest

    shares = _slope_shares(days, weights)[0]
    slope = np.sum(shares * x / out_of * drift, axis=1)
    from_here = np.cumsum(shares[:, ::-1], axis=1)[:, ::-1]
    variance, third = np.zeros(slope.size), np.zeros(slope.size)
    last = np.full(slope.size, -1)
    rows = np.arange(slope.size)
    for run in range(days.size):
        pairs = rows[known[:, run] & (last >= 0)]
        then = last[pairs]
        expected = x[pairs, then] * out_of[pairs, run] / out_of[pairs, then] * growth[run] / growth[then]
        spread = expected * (dispersion[run] - dispersion[then])
        size = jump[np.minimum(then + 1, run)] if run else 1.0
        per_member = np.abs(from_here[pairs, run]) * drift[run] / out_of[pairs, run]
        variance[pairs] += per_member**2 * spread
        third[pairs] += per_member**3 * size * spread
        last[known[:, run]] = run
    one = np.divide(third, variance, out=np.zeros(slope.size), where=variance > 0)
    times = -ndtri((1 - chosen.confidence) / 2)
    middle = times**2 * one / 2
    half = times * np.sqrt(variance + one * np.abs(slope) + (times * one / 2) ** 2)
    below, above = np.where(slope > 0, (half - middle, half + middle), (half + middle, half - middle))
    tail = _gamma_tails(slope, variance, one)
    return _course(course, slope, (below, above), tail, chosen)


def _common_growth(
    x: FloatArray, exposure: FloatArray, known: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What all candidates share: growth beyond the exposure and dispersion, cumulated over runs, and jumps.

    Returns:
        growth, dispersion, jump; float64[R] each: products of g_r, sums of φ_r, and a_r (1 at first).
    """
    n_runs = x.shape[1]
    growth, dispersion, jump = np.ones(n_runs), np.zeros(n_runs), np.ones(n_runs)
    for run in range(1, n_runs):
        both = known[:, run] & known[:, run - 1]
        now, then = x[both, run], x[both, run - 1]
        basis = then * exposure[both, run] / exposure[both, run - 1]
        g, phi, gross = 1.0, 0.0, 0.0
        if now.size:
            gross = float(np.abs(now - then).sum() / basis.sum())
            phi = gross
        if now.size >= FEWEST_COMPANIONS:
            g, phi, gross = _robust_growth(now, then, basis)
        growth[run] = growth[run - 1] * g
        dispersion[run] = dispersion[run - 1] + phi / g
        jump[run] = max(1.0, phi / gross) if gross > 0 else 1.0
    return growth, dispersion, jump


def _robust_growth(now: FloatArray, then: FloatArray, basis: FloatArray) -> tuple[float, float, float]:
    """Common growth g, variance per member of the basis, and gained and lost per member of the basis."""
    held = np.ones(now.size)
    g, phi, gross = 1.0, 0.0, 0.0
    for _ in range(20):
        g = max(float(held @ now / (held @ basis)), ROUNDING)
        off = np.abs(now - g * basis) / np.sqrt(basis)
        gross = float(held @ np.abs(now - then) / (held @ basis))
        bound = FAR_OUT * np.sqrt(phi) if phi > 0 else np.inf
        phi = max(float(np.mean(np.minimum(off, bound) ** 2)), gross)
        bound = FAR_OUT * np.sqrt(phi)
        held = np.divide(bound, off, out=np.ones(off.size), where=off > bound)
    return g, phi, gross


def _gamma_tails(slope: FloatArray, variance: FloatArray, jump: FloatArray) -> FloatArray:
    """Two-sided tail of a sum whose third cumulant is jump x variance; 1 where nothing varies.

    Either side is taken to be the long one: members lost are counted like members gained.
    """
    lively = variance > 0
    root = 2 * np.sqrt(np.divide(variance, jump**2, out=np.ones(slope.size), where=lively))
    beyond = np.maximum(np.abs(slope) - jump / 2, 0.0)
    reached = root * np.divide(beyond, np.sqrt(variance), out=np.zeros(slope.size), where=lively)
    return np.minimum(2 * gammaincc(root**2, root**2 + reached), 1.0)


def _level(
    days: FloatArray, values: FloatArray, chosen: MomentumSettings
) -> tuple[dict[str, Any], FloatArray, NDArray[np.bool_]]:
    """What is known of the level: the fields of `Momentum` up to it and `enough`, and the decay weights."""
    known = np.isfinite(values)
    weights = known * decay_weights(days, chosen.half_life_days)
    runs = known.sum(axis=1)
    first = np.min(np.where(known, days, np.inf), axis=1, initial=np.inf)
    last = np.max(np.where(known, days, -np.inf), axis=1, initial=-np.inf)
    level = {
        "runs": runs,
        "first_day": np.where(runs > 0, first, np.nan),
        "last_day": np.where(runs > 0, last, np.nan),
        # unknown values weigh nothing; NaN times nothing would still be NaN
        "decayed_mean": _ratio(np.sum(weights * np.where(known, values, 0.0), axis=1), weights.sum(axis=1)),
    }
    return level, weights, known


def _course(
    level: dict[str, Any],
    slope: FloatArray,
    reach: tuple[FloatArray, FloatArray],
    tail: FloatArray,
    chosen: MomentumSettings,
) -> Momentum:
    """The judgement of slopes with how far their intervals reach down and up and their two-sided tails."""
    enough = (level["runs"] >= chosen.fewest_runs) & (
        level["last_day"] - level["first_day"] >= chosen.shortest_span_days
    )
    slope, tail = np.where(enough, slope, np.nan), np.where(enough, tail, np.nan)
    return Momentum(
        **level,
        change=slope * PERIOD_DAYS,
        change_low=(slope - reach[0]) * PERIOD_DAYS,
        change_high=(slope + reach[1]) * PERIOD_DAYS,
        z=np.sign(slope) * np.minimum(-ndtri(tail / 2), LARGEST_Z),
        direction=_directions(slope, tail, chosen.false_discovery_rate),
    )


def common_drift(values: FloatArray, weights: FloatArray) -> FloatArray:
    """By what each run's values are to be multiplied so that a typical candidate stays where it is.

    For each run, the weighted median over candidates of (latest value ÷ value then), where both are known and
    above 0; a candidate weighs by its latest value, because small counts jump. A median does not follow the
    few who really rise. With fewer than `FEWEST_COMPANIONS` candidates in common with the latest run the
    factor is 1.

    Args:
        values: float64[k, R].
        weights: float64[k, R], how much each run counts; the latest run is the one that weighs most.

    Returns:
        float64[R], > 0.
    """
    n_runs = values.shape[1]
    factors = np.ones(n_runs)
    if not values.size:
        return factors
    latest = int(np.argmax(weights.max(axis=0)))
    now = values[:, latest]
    for run in range(n_runs):
        then = values[:, run]
        common = np.isfinite(now) & np.isfinite(then) & (now > 0) & (then > 0)
        if run != latest and np.count_nonzero(common) >= FEWEST_COMPANIONS:
            factors[run] = _weighted_median(now[common] / then[common], now[common])
    return factors


def _slope(
    days: FloatArray, values: FloatArray, errors: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Slope per day of the weighted line, its standard error and its degrees of freedom; [k] each."""
    total = weights.sum(axis=1, keepdims=True)
    shares, centred, spread = _slope_shares(days, weights)
    slope = np.sum(shares * values, axis=1)
    fitted = _ratio(np.sum(weights * values, axis=1, keepdims=True), total) + slope[:, None] * centred
    leverage = weights * (_ratio(np.ones_like(total), total) + _ratio(centred**2, spread))
    left = np.sum(weights * (1 - leverage), axis=1)
    scatter = _ratio(np.sum(weights * (values - fitted) ** 2, axis=1), np.where(left > 1e-12, left, 0.0))
    explained = _ratio(np.sum(weights * (1 - leverage) * errors**2, axis=1), left)
    effective = _ratio(total[:, 0] ** 2, np.sum(weights**2, axis=1))
    of_scatter = np.maximum(effective - 2.0, 1.0)
    of_runs = np.sum(shares**2 * errors**2, axis=1) * _excess(scatter, explained, of_scatter)
    between = np.sum(shares**2, axis=1) * scatter
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        share = between / (of_runs + between)
        freedom = np.where(share > 0, of_scatter / share**2, np.inf)
    return slope, np.sqrt(of_runs + between), freedom


def _slope_shares(days: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What each run's value adds to the slope [k, R], the centred days [k, R] and their spread [k, 1]."""
    total = weights.sum(axis=1, keepdims=True)
    centred = days - _ratio(np.sum(weights * days, axis=1, keepdims=True), total)
    spread = np.sum(weights * centred**2, axis=1, keepdims=True)
    return _ratio(weights * centred, spread), centred, spread


def _excess(scatter: FloatArray, explained: FloatArray, freedom: FloatArray) -> float:
    """How many times the runs scatter what they do not know themselves, over all candidates; at least 1.

    A candidate with three runs cannot tell its own scatter: by luck they may lie on a line. All candidates
    together can.
    """
    known = (explained > 0) & np.isfinite(scatter)
    if np.count_nonzero(known) < FEWEST_COMPANIONS:
        return 1.0
    usual = chdtri(freedom[known], 0.5) / freedom[known]  # a ratio of 1 on average has a lower median
    return max(1.0, float(np.median(scatter[known] / explained[known] / usual)))


def _directions(slope: FloatArray, tail: FloatArray, rate: float) -> NDArray[np.str_]:
    """Rising or falling where beyond chance, over all candidates that were measured."""
    direction = np.full(slope.shape, NOT_ENOUGH_DATA)
    measured = ~np.isnan(tail)
    if measured.any():
        from scipy.stats import false_discovery_control  # noqa: PLC0415 - takes a second to import

        beyond = false_discovery_control(tail[measured]) <= rate
        towards = np.where(slope[measured] > 0, RISING, FALLING)
        direction[measured] = np.where(beyond, towards, STEADY)
    return direction


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
    """The value below and above which half of the weight lies."""
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulative, cumulative[-1] / 2)])


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Elementwise ratio; NaN where the denominator is 0."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0)


def _check(days: FloatArray, values: FloatArray, errors: FloatArray, name: str = "errors") -> None:
    """Raise when the runs do not belong together."""
    wrong = []
    if days.ndim != 1 or values.ndim != 2 or values.shape[1] != days.size or errors.shape != values.shape:
        wrong.append(f"values and errors must be [k, {days.size}], one column per day")
    if np.unique(days).size != days.size or not np.isfinite(days).all():
        wrong.append("each day must be a number and stand once")
    if np.any(errors < 0):
        wrong.append(f"{name} must be >= 0")
    if wrong:
        raise ValueError("These runs cannot be compared: " + "; ".join(wrong) + ". Mend these inputs.")

"""How many clusters a category has: three opinions, and the one that holds when it is asked again.

- *knee*: where more clusters stop paying, found on the inertia as Kneedle does (Satopää, Albrecht, Irwin, Raghavan,
  "Finding a 'kneedle' in a haystack", ICDCS workshops 2011);
- *silhouette*: where products are nearest to their own cluster and farthest from the next (Rousseeuw, 1987);
- *g_means*: splitting while a cluster does not look normal along its split (Hamerly and Elkan, "Learning the k in
  k-means", NIPS 2003).

Of the three the most stable counts: the one whose clusters agree best over several seeds (adjusted Rand index; Hubert
and Arabie, 1985). All of it is done on a sample in few dimensions, so that a large category costs no more than a
middling one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score

Features = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

MAX_CLUSTERS = 24
MIN_CLUSTER_SIZE = 4  # on average; below that a cluster says less than the distances do
GRID = (*range(1, 13), 14, 16, 20, 24)
SAMPLE = 1_000
DIMENSIONS = 24  # principal ones, so that the many runs of k-means stay quick
SEEDS = 3
SENSITIVITY = 1.0  # Kneedle's S
NOT_NORMAL = 1.8692  # Anderson and Darling's corrected statistic at the level .0001, as in G-means
FEWEST_TO_SPLIT = 4 * MIN_CLUSTER_SIZE
LARGE = 5_000  # products from which mini-batches are enough
STARTS = 4

KNEE, SILHOUETTE, G_MEANS, FIXED, FEW = "knee", "silhouette", "g_means", "fixed", "few"


@dataclass(frozen=True)
class Curves:
    """What was seen for each number of clusters; ``silhouette`` and ``stability`` of one cluster are 0 and 1."""

    ks: tuple[int, ...] = ()
    inertia: tuple[float, ...] = ()
    silhouette: tuple[float, ...] = ()
    stability: tuple[float, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A number of clusters, who wanted it (``by``), what each one wanted, and the curves."""

    k: int
    by: str
    wanted: Mapping[str, int]
    curves: Curves

    def as_json(self) -> dict[str, Any]:
        """For a JSON column or a report."""
        return {
            "k": self.k,
            "by": self.by,
            "wanted": dict(self.wanted),
            **{name: list(values) for name, values in asdict(self.curves).items()},
        }


def choose_k(features: Features, *, seed: int = 0, fixed: int | None = None) -> Choice:
    """Choose the number of clusters of features (m, d), m at least 1.

    ``fixed`` is a curator's word: it counts as far as there are so many different products. With too few of them to see
    anything there is one cluster.
    """
    sample = _sample(features, seed)
    distinct = len(np.unique(sample, axis=0))
    if fixed is not None:
        everyone = distinct if len(sample) == len(features) else len(np.unique(features, axis=0))
        return Choice(max(1, min(fixed, everyone)), FIXED, {}, _curves(sample, distinct, seed))
    curves = _curves(sample, distinct, seed)
    if len(curves.ks) < 3:
        return Choice(1, FEW, {}, curves)
    wanted = {
        KNEE: knee(curves.ks, curves.inertia),
        SILHOUETTE: curves.ks[int(np.argmax(curves.silhouette))],
        G_MEANS: g_means(sample, most=curves.ks[-1], seed=seed),
    }
    # Whether one cluster is stable cannot be asked; it counts where nobody sees more.
    steady = {name: _stability_at(curves, k) if k > 1 else -1.0 for name, k in wanted.items()}
    by = max(wanted, key=lambda name: (round(steady[name], 3), name == KNEE, -wanted[name]))
    return Choice(wanted[by], by, wanted, curves)


def cluster(features: Features, k: int, *, seed: int = 0) -> tuple[Labels, Features, float]:
    """k-means with several k-means++ starts: labels (m,), centres (k, d) and the inertia; in batches when m is large.

    Numbers are given by size, the largest cluster is 0.
    """
    if len(features) > LARGE:
        fitted = MiniBatchKMeans(k, n_init=STARTS, batch_size=2048, random_state=seed).fit(features)
    else:
        fitted = KMeans(k, n_init=STARTS, random_state=seed).fit(features)
    sizes = np.bincount(fitted.labels_, minlength=k)
    order = np.argsort(-sizes, kind="stable")
    number = np.empty(k, np.int64)
    number[order] = np.arange(k)
    return (
        number[fitted.labels_],
        fitted.cluster_centers_[order].astype(np.float32),
        float(fitted.inertia_),
    )


def knee(ks: tuple[int, ...], inertia: tuple[float, ...]) -> int:
    """The first knee of a falling curve, or its first k where it has none.

    Kneedle: the curve is brought into the unit square and turned over; a local maximum of its distance to the diagonal
    is a knee when the distance then falls by more than ``SENSITIVITY`` mean steps before it rises again.
    """
    x = np.array(ks, np.float64)
    y = np.array(inertia, np.float64)
    if len(x) < 3 or np.ptp(y) <= 0:
        return ks[0]
    x = (x - x[0]) / np.ptp(x)
    above = (y.max() - y) / np.ptp(y) - x
    threshold, place = -np.inf, 0
    for i in range(1, len(above)):
        if i < len(above) - 1 and above[i] >= above[i - 1] and above[i] > above[i + 1]:
            place, threshold = i, above[i] - SENSITIVITY * float(np.mean(np.diff(x)))
        elif above[i] < threshold:
            break
    return ks[place]


def g_means(features: Features, *, most: int = MAX_CLUSTERS, seed: int = 0) -> int:
    """How many clusters remain when every one that is not normal along its split has been split; at most ``most``."""
    waiting, settled = [np.arange(len(features))], 0
    while waiting and settled + len(waiting) < most:
        rows = waiting.pop(0)
        halves = _halves(features[rows], seed)
        if halves is None:
            settled += 1
        else:
            waiting += [rows[halves == 0], rows[halves == 1]]
    return settled + len(waiting)


def _halves(rows: Features, seed: int) -> Labels | None:
    """The two parts of a cluster that is not normal, or None."""
    if len(rows) < FEWEST_TO_SPLIT or not np.ptp(rows, axis=0).any():
        return None
    parts = KMeans(2, n_init=1, random_state=seed).fit(rows)
    split = parts.cluster_centers_[1] - parts.cluster_centers_[0]
    along = rows @ split
    smallest = np.bincount(parts.labels_, minlength=2).min()
    if smallest < MIN_CLUSTER_SIZE or anderson_darling(along) <= NOT_NORMAL:
        return None
    return np.asarray(parts.labels_, np.int64)


def anderson_darling(values: npt.NDArray[np.floating[Any]]) -> float:
    """How far values (n,) are from a normal distribution of their own mean and spread, corrected for n."""
    n = len(values)
    spread = values.std(ddof=1)
    if spread == 0:
        return 0.0
    ordered = np.sort((values - values.mean()) / spread).astype(np.float64)
    below = norm.logcdf(ordered)
    beyond = norm.logsf(ordered[::-1])
    statistic = -n - float(((2 * np.arange(1, n + 1) - 1) * (below + beyond)).mean())
    return statistic * (1 + 4 / n - 25 / n**2)


def other_ways(features: Features, k: int, *, seed: int = 0) -> dict[str, Labels]:
    """The same products clustered otherwise, for comparison: hierarchically (Ward) into k, and by density (HDBSCAN,
    which finds its own number and calls what is between -1)."""
    return {
        "ward": AgglomerativeClustering(k).fit_predict(features).astype(np.int64),
        "hdbscan": HDBSCAN(min_cluster_size=max(2, MIN_CLUSTER_SIZE), copy=True)
        .fit_predict(features)
        .astype(np.int64),
    }


def _sample(features: Features, seed: int) -> Features:
    """At most ``SAMPLE`` rows in at most ``DIMENSIONS`` dimensions."""
    rows = features
    if len(rows) > SAMPLE:
        chosen = np.random.default_rng(seed).choice(len(rows), SAMPLE, replace=False)
        rows = rows[np.sort(chosen)]
    dimensions = min(DIMENSIONS, len(rows) - 1, rows.shape[1])
    if dimensions < 1 or rows.shape[1] <= DIMENSIONS:
        return rows
    return np.asarray(PCA(dimensions, random_state=seed).fit_transform(rows), np.float32)


def _curves(sample: Features, distinct: int, seed: int) -> Curves:
    largest = min(MAX_CLUSTERS, len(sample) // MIN_CLUSTER_SIZE, distinct)
    ks = tuple(k for k in GRID if k <= largest)
    inertia, silhouette, stability = [], [], []
    for k in ks:
        runs = [
            KMeans(k, n_init=1, random_state=seed + run).fit(sample) for run in range(SEEDS if k > 1 else 1)
        ]
        kept = min(runs, key=lambda run: float(run.inertia_))
        inertia.append(round(float(kept.inertia_), 4))
        if k == 1:
            silhouette.append(0.0)
            stability.append(1.0)
            continue
        silhouette.append(round(float(silhouette_score(sample, kept.labels_)), 4))
        pairs = [adjusted_rand_score(a.labels_, b.labels_) for a, b in combinations(runs, 2)]
        stability.append(round(float(np.mean(pairs)), 4))
    return Curves(ks, tuple(inertia), tuple(silhouette), tuple(stability))


def _stability_at(curves: Curves, k: int) -> float:
    """The stability for k, read between its neighbours where k was not tried."""
    return float(np.interp(k, curves.ks, curves.stability))

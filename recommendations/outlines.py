"""What a category's part of a network was made from, product by product: enough to tell what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

import numpy as np
import numpy.typing as npt

from recommendations.clusters import Ids

# Of the products that the clusters were found with: when so many have come or gone they are found anew. After half as
# many .88 of the first six are those of an exact build (evaluate_clusters, "extension", on eight categories of
# ../shared/data/products); that so many more are bearable was set by judgement.
MOST_STRANGERS = 0.2
FEWEST_TO_EXTEND = (
    50  # a smaller category is built anew as quickly, and its lists lean on the shelves beside it
)


@dataclass(frozen=True)
class Changes:
    """Products by id; what was changed is both stale and new."""

    kept: Ids
    new: Ids
    stale: Ids

    def __bool__(self) -> bool:
        return bool(len(self.new) or len(self.stale))


@dataclass(frozen=True)
class Outline:
    """The m products of a part of a network, in rising order of their ids.

    ``joined`` says which have come since the clusters were found, ``clustered`` with how many they were found.
    """

    product_ids: Ids  # (m,)
    fingerprints: Ids  # (m,)
    joined: npt.NDArray[np.bool_]  # (m,)
    clustered: int

    @classmethod
    def built(cls, product_ids: Ids, fingerprints: Mapping[int, int]) -> Self:
        """Of products that were clustered just now; one without a fingerprint counts as changed next time."""
        found = np.array([fingerprints.get(pk, 0) for pk in product_ids.tolist()], np.int64)
        return cls(product_ids, found, np.zeros(len(product_ids), bool), len(product_ids))

    def __len__(self) -> int:
        return len(self.product_ids)

    def changes(self, now: Mapping[int, int]) -> Changes:
        """What has changed when the fingerprints by product id are ``now`` these."""
        ids = np.array(sorted(now), np.int64)
        fingerprints = np.array([now[pk] for pk in ids.tolist()], np.int64)
        before = dict(zip(self.product_ids.tolist(), self.fingerprints.tolist(), strict=True))
        same = np.array(
            [before.get(pk) == mark for pk, mark in zip(ids.tolist(), fingerprints.tolist(), strict=True)],
            bool,
        )
        return Changes(ids[same], ids[~same], np.setdiff1d(self.product_ids, ids[same]))

    def may_extend(self, changes: Changes) -> bool:
        """Whether the clusters still know enough of the products when these changes are taken in."""
        kept = np.isin(self.product_ids, changes.kept)
        still = int((kept & ~self.joined).sum())
        strangers = int((kept & self.joined).sum()) + len(changes.new) + self.clustered - still
        return self.clustered >= FEWEST_TO_EXTEND and strangers <= MOST_STRANGERS * self.clustered

    def extended(self, product_ids: Ids, now: Mapping[int, int]) -> "Outline":
        """The outline when the products are these, of which the clusters have known some."""
        before = dict(zip(self.product_ids.tolist(), self.joined.tolist(), strict=True))
        marks = dict(zip(self.product_ids.tolist(), self.fingerprints.tolist(), strict=True))
        fingerprints = np.array([now.get(pk, 0) for pk in product_ids.tolist()], np.int64)
        joined = [
            before.get(pk, True) or marks[pk] != mark
            for pk, mark in zip(product_ids.tolist(), fingerprints.tolist(), strict=True)
        ]
        return Outline(product_ids, fingerprints, np.array(joined, bool), self.clustered)

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """As plain arrays, ready for safetensors."""
        return {
            "product_ids": self.product_ids,
            "fingerprints": self.fingerprints,
            "joined": self.joined,
            "clustered": np.array([self.clustered], np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Self:
        """Rebuild from ``to_arrays``."""
        return cls(
            arrays["product_ids"].astype(np.int64),
            arrays["fingerprints"].astype(np.int64),
            arrays["joined"].astype(bool),
            int(arrays["clustered"][0]),
        )


def fingerprint(*rows: object) -> int:
    """A whole number that is the same for the same values in any process, and never 0."""
    digest = blake2b(repr(rows).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) or 1

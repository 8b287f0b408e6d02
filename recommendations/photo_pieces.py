"""Which of the boxes that were proposed for a photo become its pieces. Plain values in and out; no database here."""

from collections.abc import Sequence
from dataclasses import dataclass

Box = Sequence[int]  # x, y, width, height

MOST_PIECES = 6
# Two boxes that share so much of both (intersection over union) are one piece when they are of one shelf, and so much
# more when they are not: a belt lies on a dress, but two garments of nearly the same outline are one of them misread.
SAME_PLACE = 0.5
SAME_OUTLINE = 0.7
INSIDE = 0.8  # of a box's area: then it is a part of what is around it, if both say the same
# One piece that fills so much of the photo is what the photo shows: the whole photo says it already.
FILLS_THE_PHOTO = 0.5
ALSO_THE_PHOTO = 0.15

CLOTHES = frozenset({"tops", "bottoms"})
ONE_PIECE = "dresses"


@dataclass(frozen=True)
class Candidate:
    """A proposed box and what was seen in it.

    ``shelf`` and ``article_type`` are the best guesses (empty where there is none), ``certainty`` (0..1) is the
    guess's probability, ``score`` (0..1) how sure the proposal itself was, ``shows_goods`` whether it is something of
    the shop's kind at all.
    """

    box: Box
    article_type: str
    shelf: str
    certainty: float
    score: float
    shows_goods: bool = True

    @property
    def area(self) -> int:
        return self.box[2] * self.box[3]

    @property
    def worth(self) -> float:
        """How much one would rather show this box than another: certain ones, sure ones, and not too small ones."""
        return float(self.certainty * self.score * self.area**0.25)


def pieces_of(candidates: Sequence[Candidate], whole: Candidate) -> list[int]:
    """The places in ``candidates`` of those that are shown as pieces, the one that a shopper most likely means first.

    ``whole`` is the photo as a whole; it is always a choice and therefore never repeated by a piece. At most
    ``MOST_PIECES``; empty when the photo shows one thing.
    """
    by_worth = sorted(
        (i for i, candidate in enumerate(candidates) if candidate.shows_goods),
        key=lambda i: (-candidates[i].worth, i),
    )
    kept: list[int] = []
    for i in by_worth:
        if not any(_says_the_same(candidates[i], candidates[j]) for j in kept) and not _reads_otherwise(
            candidates[i], [candidates[j] for j in kept]
        ):
            kept.append(i)
    kept = kept[:MOST_PIECES]
    if len(kept) == 1 and _is_the_photo(candidates[kept[0]], whole):
        return []
    return sorted(kept, key=lambda i: (-candidates[i].area * candidates[i].certainty, i))


def shared_area(a: Box, b: Box) -> int:
    """Pixels that two boxes share."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    tall = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, wide) * max(0, tall)


def _says_the_same(candidate: Candidate, other: Candidate) -> bool:
    both = shared_area(candidate.box, other.box)
    overlap = both / max(1, candidate.area + other.area - both)
    if overlap >= SAME_OUTLINE:
        return True
    inside = both / max(1, min(candidate.area, other.area))
    return candidate.shelf == other.shelf and (overlap >= SAME_PLACE or inside >= INSIDE)


def _reads_otherwise(candidate: Candidate, kept: Sequence[Candidate]) -> bool:
    """Whether the candidate is the other reading of a place: a dress where a top and a bottom are shown, or either of
    them where a dress is."""
    for other in kept:
        pair = {candidate.shelf, other.shelf}
        if ONE_PIECE in pair and pair & CLOTHES:
            part, one_piece = (candidate, other) if candidate.shelf in CLOTHES else (other, candidate)
            if shared_area(part.box, one_piece.box) / max(1, part.area) >= INSIDE:
                return True
    return False


def _is_the_photo(piece: Candidate, whole: Candidate) -> bool:
    share = piece.area / max(1, whole.area)
    says_it_too = piece.article_type == whole.article_type and whole.certainty >= piece.certainty
    return share >= FILLS_THE_PHOTO or (share >= ALSO_THE_PHOTO and says_it_too)

"""What the shop knows about outfits from the start: learnt parameters that come with it, as JSON."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from recommendations.outfits.harmony import Harmony
from recommendations.outfits.judging import LIGHTS, Learnt
from recommendations.outfits.kinds_together import KindsTogether

SHIPPED = Path(__file__).parents[1] / "learnt" / "outfits.json"


class LearntError(Exception):
    """A file of learnt parameters that cannot be used; the text says what to do."""


@dataclass(frozen=True, eq=False)
class OutfitKnowledge:
    """``learnt`` from street outfits, whose photos' names are ``learnt_from``; ``kinds`` from lists of outfits."""

    learnt: Learnt
    learnt_from: frozenset[str]
    kinds: KindsTogether

    def save(self, file: Path) -> None:
        """Write it to ``file``, making its folder where there is none."""
        file.parent.mkdir(parents=True, exist_ok=True)
        stored = {
            "harmony": {light: self.learnt.harmony[light].to_json() for light in LIGHTS},
            "tags": self.learnt.tags.to_json(),
            "learnt_from": sorted(self.learnt_from),
            "kinds": self.kinds.to_json(),
        }
        file.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path = SHIPPED) -> "OutfitKnowledge":
        """Read what ``save`` wrote.

        Raises:
            LearntError: when the file is missing or damaged.
        """
        try:
            stored = json.loads(file.read_bytes())
            return cls(
                Learnt(
                    {light: Harmony.from_json(stored["harmony"][light]) for light in LIGHTS},
                    KindsTogether.from_json(stored["tags"]),
                ),
                frozenset(stored["learnt_from"]),
                KindsTogether.from_json(stored["kinds"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LearntError(
                f"{file} cannot be used ({error}). Restore it, or make it anew with fit_complements."
            ) from error


@functools.lru_cache(maxsize=1)
def shipped_knowledge() -> OutfitKnowledge:
    """What comes with the shop, read once in each process."""
    return OutfitKnowledge.load()

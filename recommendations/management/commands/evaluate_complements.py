"""``manage.py evaluate_complements``: how well the shop knows what people wear together."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from catalog.images import ImageRejected
from recommendations.outfits.judging import LIGHTS, judge, judge_lists, parts_of
from recommendations.outfits.learnt import SHIPPED, LearntError, OutfitKnowledge
from recommendations.outfits.outfit_lists import OutfitsError, read_outfit_lists
from recommendations.outfits.street_outfits import StreetOutfit, read_street_outfits
from vision.detection_data import StreetError, photo_pairs, read_label_names

MANY = 100  # outfits from which five parts are large enough to ask questions in


class Command(ReportingCommand):
    help = "Ask which piece, and which kind of piece, is missing in outfits that people wear."
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--photos", type=Path, metavar="DIR", help="NAME.jpg")
        parser.add_argument("--masks", type=Path, metavar="DIR", help="NAME.png: label numbers")
        parser.add_argument("--labels", type=Path, metavar="FILE", help="number, tab, name")
        parser.add_argument(
            "--outfits", type=Path, metavar="FILE", help="CSV with source, outfit, category: lists of kinds"
        )
        parser.add_argument("--source", help="only the outfits of this source in --outfits")
        parser.add_argument("--model", type=Path, default=SHIPPED, metavar="FILE")
        parser.add_argument("--seed", type=int, default=0)

    def run(self, **options: Any) -> dict[str, Any]:
        street = [options[name] for name in ("photos", "masks", "labels")]
        if (any(street) and not all(street)) or not (any(street) or options["outfits"]):
            raise UsageError("Name --photos, --masks and --labels together, or --outfits, or all four.")
        report: dict[str, Any] = {}
        try:
            if options["outfits"]:
                lists = read_outfit_lists(options["outfits"])
                if options["source"] and options["source"] not in lists:
                    raise UsageError(
                        f"--source {options['source']} is not in the file; it has {', '.join(sorted(lists))}."
                    )
                chosen = [options["source"]] if options["source"] else sorted(lists)
                report["lists"] = judge_lists([outfit for name in chosen for outfit in lists[name]])
            if all(street):
                names = read_label_names(options["labels"])
                pairs = photo_pairs(options["photos"], options["masks"])
                outfits = read_street_outfits(pairs, names, _progress, with_words=True)
                report |= _judge_street(outfits, options["model"], options["seed"])
        except (StreetError, OutfitsError, LearntError, ImageRejected) as error:
            raise UsageError(str(error)) from error
        return report

    def summary(self, report: dict[str, Any]) -> str:
        lines = []
        if "outfits" in report:
            tags = report["tag_hit_at_3"]
            lines.append(f"{report['outfits']} outfits, judged by {report['judged_by']}")
            for light in LIGHTS:
                figures = report[light]
                blanks = ", ".join(f"{way} {value}" for way, value in figures["fill_in_the_blank"].items())
                curves = ", ".join(f"{way} {value}" for way, value in figures["pair_auc"].items())
                lines.append(f"  {light.replace('_', ' ')}: fill in the blank {blanks}; pair AUC {curves}")
            lines.append(f"  tag among three: popularity {tags['popularity']}, ours {tags['ours']}")
        if "lists" in report:
            found = ", ".join(f"{way} {value}" for way, value in report["lists"]["hit_at_5"].items())
            lines.append(
                f"{report['lists']['outfits']} lists: kind among five of {report['lists']['kinds']}: {found}"
            )
        return "\n".join(lines)


def _judge_street(outfits: Sequence[StreetOutfit], model: Path, seed: int) -> dict[str, Any]:
    """Judge the model on photos that it has not learnt from; where there are none, judge its way of learning on parts
    that were kept from it."""
    if len(outfits) < 4:
        raise UsageError(
            f"{len(outfits)} photos show two garments or more; four are needed to have something to choose from."
        )
    knowledge = OutfitKnowledge.load(model)
    unseen = [outfit for outfit in outfits if outfit.name not in knowledge.learnt_from]
    if len(unseen) >= 4:
        judged, parts = unseen, [(knowledge.learnt, np.arange(len(unseen)))]
    else:
        judged = list(outfits)
        parts = parts_of(judged, 5 if len(judged) >= MANY else 2, seed)
    figures = judge(judged, parts, seed)
    return {
        "outfits": len(judged),
        "left_out": len(outfits) - len(judged),
        "judged_by": "the model" if judged is unseen else f"{len(parts)} parts kept from learning",
        "fill_in_the_blank": figures[LIGHTS[0]]["fill_in_the_blank"]["ours"],
        "pair_auc": figures[LIGHTS[0]]["pair_auc"]["ours"],
        **figures,
    }


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)

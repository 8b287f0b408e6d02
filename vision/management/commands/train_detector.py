"""``manage.py train_detector``: photos with a label per pixel in, a detector of several products out."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from vision.datasets import DatasetError, read_dataset
from vision.detection_data import (
    StreetError,
    cut_from_drawings,
    cut_from_shop,
    draw_grounds,
    hold_out,
    read_street,
)
from vision.model_files import ModelError, read_manifest, take_detector

CUT_PER_CLASS = 150


class Command(ReportingCommand):
    help = (
        "Train the network that finds several products in one photo, and put it into a model folder that "
        "train_classifier has written. Interrupted, the same command goes on where it stopped."
    )
    requires_system_checks: list[str] = []  # it works on files alone

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--street", type=Path, metavar="DIR", help="holds photos/, masks/ and labels.txt")
        source.add_argument(
            "--take-from",
            type=Path,
            metavar="DIR",
            help="train nothing: take the detector of another model folder",
        )
        parser.add_argument(
            "--products", type=Path, metavar="PATH", help="a catalogue on white, to cut garments from"
        )
        parser.add_argument(
            "--drawn", type=int, default=300, metavar="N", help="garments drawn by code, beside them"
        )
        parser.add_argument(
            "--pasted", type=int, default=500, metavar="N", help="pictures composed per epoch"
        )
        parser.add_argument(
            "--hold-out", type=float, default=0.2, metavar="F", help="share of the street photos"
        )
        parser.add_argument("--epochs", type=int, default=30, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="the model's folder")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["epochs"] < 1:
            raise UsageError(f"--epochs must be at least 1, not {options['epochs']}.")
        if not 0 <= options["hold_out"] < 1:
            raise UsageError(f"--hold-out must be a share from 0 to below 1, not {options['hold_out']}.")
        seed, folder = options["seed"], options["output"]
        try:
            if options["take_from"]:
                return {"version": take_detector(options["take_from"], folder)}
            read_manifest(folder)
            street = read_street(options["street"])
            pieces = cut_from_drawings(options["drawn"], seed)
            if options["products"]:
                pieces += cut_from_shop(read_dataset(options["products"]), CUT_PER_CLASS, seed)
        except (ModelError, StreetError, DatasetError) as error:
            raise UsageError(str(error)) from error
        aside = hold_out(street, options["hold_out"], seed)
        learnt = [example for example, out in zip(street, aside, strict=True) if not out]
        held = [example.name for example, out in zip(street, aside, strict=True) if out]

        # Here, because TensorFlow takes seconds to import and --help needs none of it.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        from vision.garment_maps import DetectorRecipe, train_garment_map

        recipe = DetectorRecipe(options["epochs"], seed, options["pasted"])
        return train_garment_map(learnt, held, pieces, draw_grounds(seed), recipe, folder, _progress)

    def summary(self, report: dict[str, Any]) -> str:
        if "epochs" not in report:
            return f"Version {report['version']} has the detector now."
        return (
            f"Version {report['version']}: {report['epochs']} epochs on {report['train_images']} street photos and "
            f"{report['cut_outs']} cut-outs; {report['held_out']} photos held out. Loss {report['losses'][0]} → "
            f"{report['losses'][-1]}."
        )


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)

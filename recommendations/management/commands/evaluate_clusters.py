"""``manage.py evaluate_clusters``: how many clusters each category has and why, and how good the answers are."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.text import slugify
from tqdm import tqdm

from catalog.command_line import ReportingCommand, UsageError
from catalog.importing import ImportRecord, Source, SourceError
from catalog.models import Category
from recommendations.channels import Facts, Guess
from recommendations.curves import curves_svg
from recommendations.evaluating_clusters import (
    Shelf,
    judge_categories,
    judge_extension,
    judge_mapper,
    judge_related,
    lessons_of,
    only,
)
from recommendations.gathering import Pictures, cover_pictures
from recommendations.learning_weights import learn_weights
from vision.datasets import DatasetError, read_dataset, sample, split_groups
from vision.evaluation.choosing import held_out
from vision.evaluation.seeing import Seen, see
from vision.inference import Classifier, Label
from vision.labels import colour_family
from vision.model_files import ModelError
from vision.visual_words import VisualVocabulary


class Command(ReportingCommand):
    help = (
        "Cluster a gallery of labelled pictures, category by category, and measure the number of clusters, what is "
        "related, and the mapper. Without --gallery: the shop's own analysed products. Nothing is stored."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--gallery", type=Path, metavar="PATH")
        parser.add_argument("--model", type=Path, default=settings.SHIPPED_MODEL_DIR, metavar="DIR")
        parser.add_argument(
            "--held-out",
            type=Path,
            metavar="DIR",
            help="ask only for products that this model's training set aside",
        )
        parser.add_argument("--limit", type=int, metavar="N", help="at most N pictures of the gallery")
        parser.add_argument(
            "--learn",
            action="store_true",
            help="learn the channels' weights on one half of the names, report the other",
        )
        parser.add_argument(
            "--output", type=Path, metavar="DIR", help="where the curves go; default VAR_DIR/clusters"
        )
        parser.add_argument("--seed", type=int, default=5, metavar="N", help="of the halves of --learn")

    def run(self, **options: Any) -> dict[str, Any]:
        started = time.monotonic()
        try:
            shelves, groups, rejected = _from_files(options) if options["gallery"] else (_from_shop(), {}, [])
        except (DatasetError, SourceError, ModelError) as error:
            raise UsageError(str(error)) from error
        if not shelves:
            raise UsageError("No analysed products are there. Import a catalogue or name one with --gallery.")
        weights = None
        if options["learn"]:
            if not groups:
                raise UsageError("--learn needs a --gallery with names, to halve it by.")
            ids = sorted(groups)
            teaches = np.zeros(max(ids) + 1, bool)
            teaches[ids] = ~split_groups([groups[pk] for pk in ids], 0.5, options["seed"])
            weights = learn_weights(lessons_of(shelves, groups, teaches))
            shelves = [only(shelf, shelf.judged & ~teaches[shelf.ids]) for shelf in shelves]
        words = time.monotonic()
        vocabulary = VisualVocabulary().fit([each for shelf in shelves for each in shelf.descriptors])
        words = time.monotonic() - words
        built = [
            shelf.build() if weights is None else shelf.build(weights=weights)
            for shelf in _progress(shelves, "categories")
        ]
        folder = options["output"] or Path(settings.VAR_DIR) / "clusters"
        folder.mkdir(parents=True, exist_ok=True)
        for shelf, clusters in zip(shelves, built, strict=True):
            (folder / f"{shelf.slug}.svg").write_text(
                curves_svg(clusters.choice, shelf.slug), encoding="utf-8"
            )
        self.stderr.write(f"The curves are in {folder}.")
        return {
            "products": sum(len(shelf) for shelf in shelves),
            "categories": judge_categories(shelves, built),
            "visual_words": {"k": len(vocabulary.words_), "seconds": round(words, 3)},
            "related": judge_related(shelves, built, _progress),
            "mapper": judge_mapper(shelves, built, _progress),
            "extension": judge_extension(shelves, built, _progress),
            "weights": None if weights is None else {k: round(v, 3) for k, v in vars(weights).items()},
            "curves": str(folder),
            "rejected": rejected,
            "seconds": round(time.monotonic() - started, 2),
        }

    def summary(self, report: dict[str, Any]) -> str:
        lines = [f"{report['products']} products in {len(report['categories'])} categories"]
        lines += [
            f"  {slug:24} {figures['k']:3} clusters by {figures['by']:10} silhouette {figures['silhouette'] or 0:.3f}"
            for slug, figures in report["categories"].items()
        ]
        lines += [
            f"related, {name:10} same type {figures['same_type']:.3f} ± {figures['standard_error']:.3f}, "
            f"{figures['models']:.2f} models, {figures['varied']:.2f} varied of the first six"
            for name, figures in report["related"].items()
            if name != "products"
        ]
        if report["mapper"]["products"]:
            lines.append(
                "mapper: overlap {overlap:.3f}, error {error:.3f}, inside its bound {inside:.3f}".format(
                    **report["mapper"]
                )
            )
        if report["extension"]["products"]:
            lines.append(
                "extension: overlap {newcomers:.3f} of newcomers, {others:.3f} of others ({stale:.3f} untold), "
                "{touched:.3f} of them touched".format(**report["extension"])
            )
        return "\n".join(lines)

    def exit_code(self, report: dict[str, Any]) -> int:
        return 1 if report["rejected"] else 0


def _from_files(options: dict[str, Any]) -> tuple[list[Shelf], dict[int, str], list[str]]:
    """The shelves of a gallery of files, the name stem of every picture by its number, and what could not be read."""
    dataset = read_dataset(options["gallery"])
    asked = {p.name for p in held_out(dataset, options["held_out"]).pictures} if options["held_out"] else None
    if options["limit"]:
        dataset = sample(dataset, options["limit"], options["seed"])
    seen = see(dataset, Classifier.load(options["model"]), _progress, {})
    shelf_of_picture = _categories(options["gallery"], dataset.name)
    rows: dict[str, list[int]] = {}
    for row, picture in enumerate(seen.pictures):
        path = shelf_of_picture.get(picture.name) or (picture.words.get("type", "all"),)
        rows.setdefault(slugify(" ".join(path)) or "all", []).append(row)
    shelves = [_shelf(slug, members, seen, asked) for slug, members in sorted(rows.items())]
    groups = {row: picture.group for row, picture in enumerate(seen.pictures) if picture.group}
    return shelves, groups, list(seen.rejected)


def _categories(path: Path, title: str) -> dict[str, tuple[str, ...]]:
    records = (row for row in Source(path) if isinstance(row, ImportRecord))
    return {f"{title}/{record.pictures[0]}": record.category for record in records}


def _shelf(slug: str, rows: list[int], seen: Seen, asked: set[str] | None) -> Shelf:
    part = seen.part(rows)
    words = [picture.words for picture in part.pictures]
    models = [picture.group or "" for picture in part.pictures]
    tones = [colour_family(each.get("colour", "")) or "" for each in words]
    plain = Facts.unknown(len(rows))
    stated = Facts(
        types=[_stated(each.get("type")) for each in words],
        genders=[_stated(each.get("gender")) for each in words],
        occasions=[_stated(each.get("usage")) for each in words],
        themes=[_guess(labels, "pattern") for labels in part.labels],
        brands=plain.brands,
        prices=plain.prices,
        models=models,
        tones=tones,
        available=plain.available,
    )
    return Shelf(
        slug=slug,
        ids=np.array(rows, np.int64),
        descriptors=part.descriptors,
        embeddings=part.embeddings,
        colours=part.colours,
        stated=stated,
        seen=Facts(
            types=[_guess(labels, "type") for labels in part.labels],
            genders=[_guess(labels, "gender") for labels in part.labels],
            occasions=plain.occasions,
            themes=stated.themes,
            brands=plain.brands,
            prices=plain.prices,
            models=models,
            tones=tones,
            available=plain.available,
        ),
        types=[each.get("type", "") for each in words],
        judged=np.array([asked is None or picture.name in asked for picture in part.pictures], bool),
    )


def _stated(word: str | None) -> Guess:
    return {word: 1.0} if word else {}


def _guess(labels: Iterable[Label], kind: str) -> Guess:
    return {label.label: label.probability for label in labels if label.kind == kind}


def _from_shop() -> list[Shelf]:
    shelves = []
    for pk, slug in Category.objects.order_by("slug").values_list("pk", "slug"):
        pictures: Pictures = cover_pictures(category_id=pk)
        if not len(pictures):
            continue
        facts = pictures.facts
        shelves.append(
            Shelf(
                slug=slug,
                ids=pictures.product_ids,
                descriptors=pictures.descriptors,
                embeddings=pictures.embeddings,
                colours=pictures.colours,
                stated=facts,
                seen=Facts.unknown(len(pictures)),
                types=[max(guess, key=lambda name: guess[name], default="") for guess in facts.types],
                judged=np.ones(len(pictures), bool),
            )
        )
    return shelves


def _progress(things: Iterable[Any], title: str) -> Iterable[Any]:
    return tqdm(things, desc=title, unit="", mininterval=1)

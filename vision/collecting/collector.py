"""Go through pages and take their product pictures: the work of ``collect_images``."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from catalog.images import ImageRejected, decode_image
from catalog.picture_sizes import LONGEST_SIDE
from vision.collecting.candidates import Candidate, Seen, candidate_from
from vision.collecting.fetching import Fetcher
from vision.collecting.folder import Folder
from vision.collecting.manners import Manners
from vision.collecting.network import Refused, check_address, normalised
from vision.collecting.sights import Sight

PICTURES = "image/webp,image/jpeg,image/png;q=0.9"
LONGEST_SHAPE = 3.0  # longer side through shorter: more is a banner or a strip of sprites


class Pages(Protocol):
    """What shows pages: ``browser.Browser``, or what stands in for it in a test."""

    @property
    def address(self) -> str:
        """Where the open page is."""

    def open(self, address: str) -> None:
        """Open a page, or raise ``Refused``."""

    def scroll(self) -> Iterator[list[Seen]]:
        """Its images, as they come."""


@dataclass
class Report:
    """What a run has done. ``known`` counts pictures that an earlier run was done with, ``skipped`` what is too small
    or too long to show a product, ``refused`` pairs addresses with sentences."""

    saved: int = 0
    duplicates: int = 0
    known: int = 0
    skipped: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Collector:
    """Collects pictures of one label into a folder.

    ``limit`` is for the label, with what earlier runs have saved; ``shortest_side`` is in pixels. ``report`` is up to
    date at every moment; ``saved`` is told about each picture.
    """

    pages: Pages
    fetcher: Fetcher
    manners: Manners
    folder: Folder
    label: str
    limit: int | None = None
    shortest_side: int = 120
    saved: Callable[[int], object] = lambda n: None
    report: Report = field(default_factory=Report)
    _met: set[str] = field(default_factory=set)

    def collect(self, addresses: Sequence[str]) -> Report:
        """Go through the pages, in order, until the limit is reached."""
        for address in addresses:
            if self._is_enough():
                break
            try:
                self._take_page(normalised(address))
            except Refused as refused:
                self.report.refused.append((address, str(refused)))
        return self.report

    def _take_page(self, address: str) -> None:
        check_address(address)
        self.manners.ask_leave(address)
        self.pages.open(address)
        at = address
        for images in self.pages.scroll():
            # A redirect, or a script, may have led to where robots are not welcome.
            if (now := normalised(self.pages.address)) != at:
                self.manners.check(now)
                at = now
            for seen in images:
                candidate = candidate_from(seen, now, self.shortest_side)
                if candidate and candidate.address not in self._met:
                    self._met.add(candidate.address)
                    self._take_picture(candidate, now)
                if self._is_enough():
                    return

    def _take_picture(self, candidate: Candidate, page: str) -> None:
        if self.folder.knows(candidate.address):
            self.report.known += 1
            return
        try:
            answer = self.fetcher.fetch(candidate.address, PICTURES, before=self.manners.ask_leave)
            if answer.status != 200:
                raise Refused(f"The server answers {answer.status} instead of a picture.")
            rgb = decode_image(answer.body, target=LONGEST_SIDE)
        except (Refused, ImageRejected) as error:
            self.report.refused.append((candidate.address, str(error)))
            if isinstance(error, ImageRejected) or error.lasting:
                self.folder.give_up(candidate.address, self.label, "refused", str(error))
            return
        short, long = sorted(rgb.shape[:2])
        if short < self.shortest_side or long > LONGEST_SHAPE * short:
            self.report.skipped += 1
            self.folder.give_up(
                candidate.address, self.label, "skipped", f"{rgb.shape[1]} x {rgb.shape[0]} pixels"
            )
            return
        sight = Sight.of(rgb)
        if self.folder.holds(sight):
            self.report.duplicates += 1
            self.folder.give_up(
                candidate.address, self.label, "duplicate", "the same picture is here already"
            )
            return
        self.folder.keep(candidate, self.label, rgb, sight, page)
        self.report.saved += 1
        self.saved(1)

    def _is_enough(self) -> bool:
        return self.limit is not None and self.folder.count(self.label) >= self.limit

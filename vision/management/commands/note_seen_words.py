"""``manage.py note_seen_words``: let the search find products by what was seen on their pictures."""

from typing import Any

from tqdm import tqdm

from catalog.command_line import ReportingCommand
from catalog.models import Product
from vision.seen_words import note_all_seen_words


class Command(ReportingCommand):
    help = "Write the words for what the active model saw on products' covers, where they are missing or old."

    def run(self, **options: Any) -> dict[str, Any]:
        with tqdm(total=Product.objects.count(), desc="products", unit="") as progress:
            return {"changed": note_all_seen_words(progress.update)}

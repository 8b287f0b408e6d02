"""``manage.py invent_reviews``: let demo shoppers speak of the drawn catalogue."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from catalog.command_line import ReportingCommand, UsageError
from catalog.drawing.demo import demo_products
from catalog.models import Product
from shop.reviews.invented import invent_opinions
from shop.reviews.models import Review


class Command(ReportingCommand):
    help = "Give the drawn products of a demo shop reviews and questions. Refuses where real shoppers have spoken."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--seed", type=int, default=7)

    def run(self, *, seed: int, **options: Any) -> dict[str, Any]:
        if Review.objects.exists():
            raise UsageError("This shop has reviews already; invented ones would be mixed with them.")
        drawn = {product.external_id: product for product in demo_products()}
        found = Product.objects.visible().with_sizes().filter(external_id__in=drawn).order_by("external_id")
        # A real catalogue may use the same numbers; it does not use our names for them.
        ours = [product for product in found if product.name == drawn[product.external_id].name]
        return {"reviews": invent_opinions(ours, drawn, timezone.now(), seed)}

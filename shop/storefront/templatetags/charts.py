"""Bar charts for pages of the admin, also of apps that know nothing of ``shop.charts``."""

from collections.abc import Sequence

from django import template

from shop.charts import Chart

register = template.Library()


@register.inclusion_tag("admin/_chart.html")
def bar_chart(
    title: str, points: Sequence[tuple[str, float]], *, unit: str = "", column: str = "Day", places: int = 2
) -> dict[str, Chart]:
    """Draw ``points`` as an SVG with a table beside it."""
    return {"chart": Chart(title, points, unit, column, places)}

"""Reviews as programs read and write them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.serializers import ImageSerializer
from shop.reviews.models import Review
from shop.reviews.rating import STARS
from shop.reviews.reading import ShownReview

PICTURE_WIDTH = 480  # pixels; what ``url`` names. ``srcset`` has all


class ReviewSerializer(serializers.Serializer):
    """A published review."""

    id = serializers.IntegerField()
    author = serializers.CharField()
    stars = serializers.IntegerField(min_value=1, max_value=STARS)
    title = serializers.CharField()
    words = serializers.CharField()
    fit = serializers.ChoiceField(choices=Review.Fit.choices, allow_blank=True)
    size = serializers.CharField(help_text="The size that was bought; may be empty.")
    colour = serializers.CharField(help_text="The colour that was bought.")
    helpful = serializers.IntegerField(help_text="How many found it helpful.")
    published_at = serializers.DateTimeField(source="at")
    images = serializers.SerializerMethodField()

    @extend_schema_field(ImageSerializer(many=True))
    def get_images(self, review: ShownReview) -> list[dict[str, Any]]:
        absolute = self.context["request"].build_absolute_uri
        return [
            {
                "url": absolute(photo.url_for(PICTURE_WIDTH)),
                "width": (width := photo.width_for(PICTURE_WIDTH)),
                "height": round(photo.height * width / photo.width),
                "alt": "",
                "srcset": ", ".join(f"{absolute(photo.url_for(w))} {w}w" for w in photo.widths),
            }
            for photo in review.photos
        ]


class RatingSerializer(serializers.Serializer):
    """What all buyers of the style say in figures."""

    count = serializers.IntegerField(source="n")
    average = serializers.FloatField(help_text="0 where nobody has spoken.")
    stars = serializers.ListField(
        child=serializers.IntegerField(), help_text="Reviews with 1, 2, 3, 4 and 5 stars."
    )
    fit = serializers.CharField(help_text="small, true or large, where most buyers agree; else empty.")


class ReviewPageSerializer(serializers.Serializer):
    """Some reviews of a style, in all its colours."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True, help_text="Always null: the order is followed one way.")
    rating = RatingSerializer()
    results = ReviewSerializer(many=True)


class NewReviewSerializer(serializers.ModelSerializer):
    """A review as its buyer sends it. Sent again, it replaces the one before."""

    class Meta:
        model = Review
        fields = ("stars", "title", "words", "fit", "size", "author")
        extra_kwargs = {"size": {"help_text": "One of the sizes bought; may be left out."}}


class KeptReviewSerializer(serializers.ModelSerializer):
    """One's own review as it was kept."""

    class Meta:
        model = Review
        fields = ("id", "stars", "title", "words", "fit", "size", "author", "status", "created_at")
        read_only_fields = fields

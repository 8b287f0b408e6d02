"""The words by which the shop is searched."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from catalog.spelling import LONGEST, PREFIX, shortened


class Word(models.Model):
    """A word that visible products have, kept by ``catalog.vocabulary``: what a misspelt word is held against."""

    text = models.CharField(max_length=LONGEST, unique=True)
    n_products = models.PositiveIntegerField(default=0)
    shortened = ArrayField(
        models.CharField(max_length=PREFIX), help_text="Letters left out: see catalog.spelling."
    )

    class Meta:
        ordering = ["text"]
        indexes = [GinIndex(fields=["shortened"], name="word_shortened")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, text: str, n_products: int) -> "Word":
        """A word with its shortened forms, not saved yet."""
        return cls(text=text, n_products=n_products, shortened=sorted(shortened(text)))


class Synonym(models.Model):
    """Other words for the same: who searches for ``word`` finds what says one of ``also``, too."""

    word = models.CharField(max_length=60, unique=True, help_text="What shoppers write, such as “jumper”.")
    also = models.CharField(
        "also finds",
        max_length=300,
        help_text="What the shop calls it, with commas between several: “sweater, pullover”.",
    )

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return f"{self.word} = {self.also}"


class Search(models.Model):
    """That somebody searched for ``words``; who, it does not tell. ``catalog.popular_searches`` keeps it for a while.

    ``shopper`` is the same where the same shopper searches for the same words again, so that nobody is counted
    twice. For other words it is another: what one shopper searched for cannot be put together.
    """

    words = models.CharField(max_length=60)
    shopper = models.BinaryField(max_length=16)
    n_found = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "searches"
        constraints = [models.UniqueConstraint(fields=["words", "shopper"], name="search_once_per_shopper")]

    def __str__(self) -> str:
        return self.words


class PopularSearch(models.Model):
    """Words that several shoppers searched for, counted from ``Search`` every hour."""

    words = models.CharField(max_length=60, unique=True)
    n_shoppers = models.PositiveIntegerField()
    n_found = models.PositiveIntegerField(help_text="Products, when it was searched for last.")
    is_suggested = models.BooleanField(
        default=False,
        help_text="It finds something and has only words that products have: others may see it.",
    )

    class Meta:
        ordering = ["-n_shoppers", "words"]
        verbose_name = "search"
        verbose_name_plural = "what shoppers search for"

    def __str__(self) -> str:
        return self.words

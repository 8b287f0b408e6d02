"""What visitors write to the shop, and what the owner writes for them."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class ContactMessage(models.Model):
    """A message from the contact page; stored first, mailed by a worker."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField()
    subject = models.CharField(max_length=160)
    message = models.TextField(max_length=5000)
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    answered = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.subject} ({self.name})"


class PageText(models.Model):
    """The owner's own words for a short page, in one language, instead of the page that the shop brings along."""

    class Name(models.TextChoices):
        DELIVERY = "delivery"
        RETURNS = "returns"
        PRIVACY = "privacy"
        IMPRINT = "imprint"

    name = models.CharField("page", max_length=20, choices=Name)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    lead = models.CharField(max_length=200, blank=True, help_text="One sentence below the title.")
    body = models.TextField(
        help_text="Markdown: an empty line begins a paragraph, # a heading, - a list; [words](address) is a link."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "language"],
                name="page_text_once_per_language",
                violation_error_message="There is a text for this page in this language already: change that one.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def get_absolute_url(self) -> str:
        return reverse(self.name)

"""Who is looking: shoppers and staff, and where their orders go."""

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction

from accounts.countries import country_name


class UserManager(BaseUserManager):
    """Creates users who sign in with their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create a shopper.

        Raises:
            ValueError: without an e-mail address.
        """
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Create someone who may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """A shopper or a member of staff; the e-mail address is the login."""

    username = None
    email = models.EmailField("e-mail address", unique=True)
    personalised = models.BooleanField(
        "personal pages",
        default=True,
        help_text="Off: nothing this shopper does is recorded, and pages show what is popular.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Address(models.Model):
    """Where a shopper's orders go."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField("full name", max_length=120)
    street = models.CharField("street and number", max_length=200)
    extra = models.CharField("flat, floor, company", max_length=200, blank=True)
    postcode = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2, help_text="Two-letter ISO 3166 code")
    phone = models.CharField(max_length=40, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_default", "-created_at"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="one_default_address_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.street}, {self.postcode} {self.city}"

    def save_as_chosen(self) -> None:
        """Save, and keep one default: this one if it says so, or if it is the first."""
        with transaction.atomic():
            others = Address.objects.filter(user_id=self.user_id).exclude(pk=self.pk)
            if self.is_default:
                others.update(is_default=False)
            elif not others.filter(is_default=True).exists():
                self.is_default = True
            self.save()

    @property
    def country_name(self) -> str:
        return country_name(self.country)

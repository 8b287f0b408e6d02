"""Writes that may be sent twice."""

from django.db import models


class IdempotencyKey(models.Model):
    """The stored answer to a write that may be sent twice. Kept in the transaction of the write itself."""

    key = models.CharField(max_length=100)
    caller = models.CharField(max_length=80, help_text="User or session that sent it.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "caller"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller}"

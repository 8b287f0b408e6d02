"""Probes for the operator's machines."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus import exports

from shop.operations.readiness import CHECKS


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Everything that a shopper needs answers: 200, or 503 with a sentence for each part that does not.

    Without a worker or a model the pages still work, so those two are reported as ``degraded`` with status 200:
    taking the web server out of the balancer would help nobody.
    """
    problems = {name: check() for name, check in CHECKS.items()}
    down = any(problems[name] for name in ("database", "redis"))
    degraded = any(problems.values())
    return JsonResponse(
        {
            "status": "down" if down else "degraded" if degraded else "ok",
            "checks": {name: problem or "ok" for name, problem in problems.items()},
        },
        status=503 if down else 200,
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. Keep it inside your network: see docs/operations.md."""
    return exports.ExportToDjangoView(request)

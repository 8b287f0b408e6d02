"""The mail to whoever asked, once there is an answer."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.reviews.models import Answer, Question


def untold() -> QuerySet[Answer]:
    """Answers that can be read and whose asker has not heard of them. What one answers oneself is no news."""
    shown = Answer.objects.filter(
        status=Answer.Status.PUBLISHED, mailed_at=None, question__status=Question.Status.PUBLISHED
    )
    return shown.exclude(user__isnull=False, user=F("question__user"))


def mail_answer(answer_id: int) -> bool:
    """Tell the asker of an answer, once however often this is called. False: there was nobody to tell, or nothing.

    The answer stays locked while the mail is handed over, and is marked only when that went well.
    """
    with transaction.atomic():
        answer = untold().select_for_update(of=("self",), skip_locked=True).filter(pk=answer_id).first()
        if answer is None:
            return False
        question = answer.question
        address = question.user.email if question.user else question.email
        if address:
            _mail(question, answer, address).send()
        answer.mailed_at = timezone.now()
        answer.save(update_fields=["mailed_at"])
    return bool(address)


def waiting_answers(older_than: timedelta = timedelta(minutes=1)) -> list[int]:
    """Answers whose asker should have heard by now: the broker or the mail server was away."""
    late = untold().filter(published_at__lt=timezone.now() - older_than)
    return list(late.order_by("published_at").values_list("pk", flat=True)[:200])


def _mail(question: Question, answer: Answer, address: str) -> EmailMessage:
    context = {
        "question": question,
        "answer": answer,
        "shop_name": settings.SHOP_NAME,
        "link": f"{settings.SHOP_URL}{reverse('questions', args=[question.product.slug])}",
    }
    subject = _("An answer to your question about %(product)s") % {"product": question.product.name}
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("reviews/mail/answered.txt", context),
        to=[address],
    )

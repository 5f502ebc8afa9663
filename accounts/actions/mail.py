"""Mails to owners about changes; a worker sends them."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Mail, Membership, Organisation
from brandguard.kernel.queueing import enqueue_on_commit
from brandguard.kernel.sweeps import MAX_A_SWEEP


def mail_owners(organisation: Organisation, template: str, **context: Any) -> None:
    """Stores mails in the transaction of the change. The template's first line is the subject. A mail has
    all languages, because it is unknown which one an owner reads.
    """
    subject, text = in_every_language(template, {"organisation": organisation, **context})
    now = timezone.now()
    for address in owners_of(organisation):
        Mail.objects.create(to=address, subject=subject, text=text, next_attempt_at=now)
    enqueue_on_commit("accounts.tasks.send_mails")


def owners_of(organisation: Organisation) -> list[str]:
    owners = organisation.memberships.filter(role=Membership.Role.OWNER, user__is_active=True)
    addresses = owners.exclude(user__email="").values_list("user__email", flat=True)
    return sorted(set(addresses))


def in_every_language(template: str, context: dict[str, Any]) -> tuple[str, str]:
    subjects, texts = [], []
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            rendered = render_to_string(f"accounts/mail/{template}.txt", context).strip()
        subject, _, text = rendered.partition("\n")
        subjects.append(" ".join(subject.split()))
        texts.append(text.strip())
    return " / ".join(subjects)[:500], "\n\n---\n\n".join(texts) + "\n"


def send_mails() -> int:
    """Sends due mails and returns their number. A mail that the server refuses waits for its next attempt.
    If the server does not answer, the others wait for the next sweep.
    """
    sent = 0
    for mail in Mail.objects.due(timezone.now()).order_by("next_attempt_at")[:MAX_A_SWEEP]:
        if not mail.begin(timezone.now()):
            continue
        message = EmailMessage(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to])
        try:
            message.send()
        except OSError as error:  # smtplib's errors are OSErrors
            mail.note(sent_at=None, error=f"{type(error).__name__}: {error}")
            if isinstance(error, TimeoutError):
                break
        else:
            mail.note(sent_at=timezone.now())
            sent += 1
    return sent

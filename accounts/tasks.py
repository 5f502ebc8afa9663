"""Tasks of a few lines over actions; brandguard/celery.py has queues, limits and the schedule."""

from typing import Any

from celery import shared_task

from accounts.actions import mail


@shared_task
def send_mails(**_: Any) -> int:
    return mail.send_mails()

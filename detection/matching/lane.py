"""Which of the three ways of looking a match was found by."""

from django.db import models
from django.utils.translation import gettext_noop


class Lane(models.TextChoices):
    PICTURE = "picture", gettext_noop("picture")
    OBJECT = "object", gettext_noop("solid")
    MARK = "mark", gettext_noop("mark")

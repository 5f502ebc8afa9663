"""Helpers for tests of pages."""

import re

HTMX = {"HX-Request": "true"}
# Inline scripts and styles, which the page's content policy forbids.
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE
)

"""What tests of pages share."""

import re

HTMX = {"HX-Request": "true"}
# Scripts and styles within a page, which the policy of its contents forbids.
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE
)

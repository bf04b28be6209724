"""The secrets in the links that we mail."""

import re

# What secrets.token_urlsafe(32) makes.
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

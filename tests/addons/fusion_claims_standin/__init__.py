"""Stand-in for the funding claims addon, for tests only."""

from . import models

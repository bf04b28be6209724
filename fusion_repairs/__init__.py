"""Preventive maintenance that books itself: units, contracts, visits."""

from . import controllers
from . import models
from . import wizards

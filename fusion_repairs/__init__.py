"""Preventive maintenance that books itself: units, contracts, visits."""

from .tools import log_masking
from . import controllers
from . import models
from . import wizards

log_masking.install()


def uninstall_hook(env):
    """Call off queued emails to clients: their links would lead nowhere."""
    env["mail.mail"]._fc_find_queued()._fc_call_off()

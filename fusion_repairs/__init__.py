"""Preventive maintenance that books itself: units, contracts, visits."""

from .tools import log_masking
from . import controllers
from . import models
from . import wizards

log_masking.install()


def uninstall_hook(env):
    """Call off queued emails to clients: their links would lead nowhere.

    Products let go of their categories, which are deleted before the products' field.
    """
    env["mail.mail"]._fc_find_queued()._fc_call_off()
    env.flush_all()
    env.cr.execute("UPDATE product_template SET x_fc_repair_category_id = NULL")
    env.invalidate_all()

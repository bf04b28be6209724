from odoo import fields, models


class FusionAdpDeviceCode(models.Model):
    """A device that the Assistive Devices Program funds."""

    _name = "fusion.adp.device.code"
    _description = "ADP Device Code"
    _rec_name = "device_type"

    device_type = fields.Char(required=True)

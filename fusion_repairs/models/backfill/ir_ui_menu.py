from odoo import models


class IrUiMenu(models.Model):
    """Menus that mean something only beside another addon."""

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        if not self.env["fusion.repair.claims.bridge"]._is_available():
            menu = self.env.ref(
                "fusion_repairs.fusion_repair_device_type_menu",
                raise_if_not_found=False,
            )
            hidden.extend(menu.ids if menu else [])
        return hidden

import json
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from odoo import models
from odoo.tools import consteq
from odoo.tools.misc import hmac

from ...tools.form_text import FIELD_LENGTHS, clean

FORM_SCOPE = "fusion_repairs.form"
TYPED_SCOPE = "fusion_repairs.typed"
# How long an address with what was typed can be opened, and how long it may be.
TYPED_SECONDS = 24 * 3600
TYPED_LENGTH = 6000


class FusionRepairMaintenanceContract(models.Model):
    """What ties the forms of a page to its link: no session and no cookie.

    The secret of the link is the proof, as on the page that stops messages. Whoever
    does not know it has no address to send a form to, and a form of another link, or
    of the cycle before, is none of this one.
    """

    _inherit = "fusion.repair.maintenance.contract"

    def _get_form_key(self):
        """Return what every form of this link's pages carries."""
        self.ensure_one()
        return hmac(self.env(su=True), FORM_SCOPE, self.sudo().booking_token)

    def _is_form_key(self, key):
        """Tell whether a form was made for this link."""
        return consteq(key.encode(), self._get_form_key().encode())

    # What was typed --------------------------------------------------------------

    def _seal_typed(self, fields):
        """Return what was typed as part of the address of the page that asks again.

        Nobody reads it in a log or a history: it takes this link and this server.

        :param fields: text by name
        :return: "" if nothing was typed, or too much for an address
        """
        fields = {n: text for n, text in fields.items() if text and n in FIELD_LENGTHS}
        if not fields:
            return ""
        sealed = self._get_typed_cipher().encrypt(json.dumps(fields).encode())
        return sealed.decode() if len(sealed) <= TYPED_LENGTH else ""

    def _read_typed(self, sealed):
        """Return what was typed, by name of the field; {} for what we never sealed."""
        if not sealed or len(sealed) > TYPED_LENGTH:
            return {}
        try:
            told = self._get_typed_cipher().decrypt(sealed.encode(), TYPED_SECONDS)
        except (InvalidToken, ValueError):
            return {}
        fields = json.loads(told)
        return {
            name: clean(fields[name])[:length]
            for name, length in FIELD_LENGTHS.items()
            if fields.get(name)
        }

    def _get_typed_cipher(self):
        key = hmac(self.env(su=True), TYPED_SCOPE, self.sudo().booking_token)
        return Fernet(urlsafe_b64encode(bytes.fromhex(key)))

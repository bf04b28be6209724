from ..common import RepairsCase


class OfficeCase(RepairsCase):
    """The office's dialogs, opened as a dispatcher would."""

    def as_dispatcher(self, records):
        """Return the records as the dispatcher sees them."""
        return records.with_user(self.dispatcher)

    def get_wizard(self, action, user=None):
        """Return the dialog that an action opens."""
        records = self.env[action["res_model"]].with_user(user or self.dispatcher)
        return records.browse(action["res_id"])

    def open_booking(self, contracts):
        """Return the booking dialog for contracts."""
        return self.get_wizard(self.as_dispatcher(contracts).action_book_maintenance())

    def make_client(self, name, **vals):
        """Return another client, near the first."""
        return self.env["res.partner"].create(
            {
                "name": name,
                "email": f"{name.split()[0].lower()}@example.com",
                "city": "Toronto",
                "partner_latitude": 43.66,
                "partner_longitude": -79.38,
                **vals,
            }
        )

    def make_contract_of(self, name, **vals):
        """Return an active contract of another client."""
        return self.make_contract(partner_id=self.make_client(name).id, **vals)

    def get_notes(self, record):
        """Return all that the chatter of a record says."""
        return " ".join(str(body) for body in record.message_ids.mapped("body"))

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "tracking_disable": True,
}


class FusionRepairMaintenanceContract(models.Model):
    """What the records of a booking are made of."""

    _inherit = "fusion.repair.maintenance.contract"

    def _get_service_product(self):
        """Return the service that a visit is sold as."""
        return self.product_id.product_tmpl_id._get_maintenance_service()

    def _get_unit_name(self):
        """Return how the unit is called towards the client."""
        self.ensure_one()
        return self.product_id.name

    def _get_greeting_name(self):
        """Return how the client is greeted: by first name, a company by its name."""
        client = self.partner_id
        first_name = self.env["fusion.repair.public.words"]._say_first_name(client)
        return first_name or client.name

    def _say_due_date(self):
        """Return the due date in words, in the language of the context."""
        words = self.env["fusion.repair.public.words"]
        return words._say_day(self.next_due_date, year=True)

    def _prepare_task_vals(self, slot, note=None, companions=None, attendee=None):
        """Return the values of the technician's task for a slot."""
        latitude, longitude = self._get_place()
        units = self | (self.browse() if companions is None else companions)
        hours = self._get_visit_hours(companions)
        said = [unit._say_unit() for unit in units]
        said += [self._say_attendee(attendee), note]
        return {
            "task_type": "maintenance",
            "company_id": self.company_id.id,
            "technician_id": slot.technician_id,
            "partner_id": self.partner_id.id,
            "address_id": self.address_id.id,
            "latitude": latitude,
            "longitude": longitude,
            "date_start": slot.start,
            "duration": hours,
            "travel_before": slot.travel_before,
            "description": "\n".join(filter(None, said)),
            **self._prepare_overlap_vals(slot, hours),
        }

    def _say_attendee(self, attendee):
        """Return whom the technician will meet instead of the client, if told."""
        attendee = attendee or {}
        known = (attendee.get("attendee_name"), attendee.get("attendee_phone"))
        person = ", ".join(filter(None, known))
        return person and self.env._("Will be there: %(person)s", person=person)

    def _say_unit(self):
        """Return the unit as the technician looks for it."""
        serial = self.x_fc_device_serial
        if not serial:
            return self.product_id.display_name
        return self.env._(
            "%(unit)s, serial %(serial)s",
            unit=self.product_id.display_name,
            serial=serial,
        )

    def _prepare_repair_vals(self, task, source, note=None):
        """Return the values of the repair order of a booking.

        The unit stays with the client: it moves nowhere in our stock. A unit that is
        tracked cannot be named on a repair without its lot.
        """
        unit = self.product_id
        known = unit.type == "consu" and (unit.tracking == "none" or self.lot_id)
        customers = self.env.ref("stock.stock_location_customers").id
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "picking_type_id": self._get_repair_picking_type().id,
            "product_id": unit.id if known else False,
            "lot_id": self.lot_id.id,
            "product_location_src_id": customers,
            "product_location_dest_id": customers,
            "schedule_date": task.date_start,
            "internal_notes": note and plaintext2html(note),
            "x_fc_intake_source": source,
            "x_fc_maintenance_contract_id": self.id,
        }

    def _get_repair_picking_type(self):
        domain = [
            ("code", "=", "repair_operation"),
            ("company_id", "=", self.company_id.id),
        ]
        picking_type = self.env["stock.picking.type"].search(domain, limit=1)
        if not picking_type:
            raise UserError(
                self.env._(
                    "%(company)s has no warehouse with a repair operation yet.",
                    company=self.company_id.name,
                )
            )
        return picking_type

    def _prepare_order_vals(self, companions=None):
        """Return the values of the draft order: a line a unit, the fees as agreed."""
        units = self | (self.browse() if companions is None else companions)
        client = self.partner_id
        pricelist = client.with_company(self.company_id).property_product_pricelist
        same_currency = pricelist.currency_id == self.currency_id
        return {
            "company_id": self.company_id.id,
            "partner_id": client.id,
            "partner_shipping_id": self.address_id.id,
            "user_id": self.user_id.id,
            "pricelist_id": same_currency and pricelist.id,
            "origin": self.name,
            "require_signature": False,
            "require_payment": False,
            "order_line": [
                Command.create(unit._prepare_order_line_vals()) for unit in units
            ],
        }

    def _prepare_order_line_vals(self):
        """Return the values of the order line of this unit's visit."""
        return {
            "product_id": self._get_service_product().id,
            "name": self._say_service(),
            "product_uom_qty": 1.0,
            "price_unit": self.x_fc_maintenance_fee,
            # Odoo takes another price here as one typed by hand, which it keeps: also
            # on a copy of the order, which is no visit's, and for a fee of nothing.
            "technical_price_unit": -1.0,
            # The fee is agreed as it is: no rule of a pricelist takes a share off it.
            "discount": 0.0,
        }

    def _say_service(self):
        """Return the order line's text in the client's language."""
        translated = self.with_context(lang=self.partner_id.lang)
        return translated.env._(
            "Maintenance visit: %(unit)s", unit=translated.product_id.name
        )

    def _prepare_visit_vals(self, task, repair, order, note=None):
        """Return the values of the visit, its checklist laid out."""
        translated = self.with_context(lang=task.technician_id.lang)
        category = translated.x_fc_policy_category_id
        lines = category._get_checklist_items()._prepare_line_vals()
        return {
            "contract_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "technician_task_id": task.id,
            "repair_order_id": repair.id,
            "sale_order_id": order.id,
            "cycle_due_date": self.next_due_date,
            "client_note": note,
            "x_fc_fee": self.x_fc_maintenance_fee,
            "checklist_line_ids": [Command.create(vals) for vals in lines],
            "checklist_revision_ids": [
                Command.set(category._get_checklist_revisions().ids)
            ],
        }

from datetime import datetime

from odoo import api, fields, models

from ...recurrence.device_types import PART, find_device_rule

CODE_MODEL = "fusion.adp.device.code"
CODE_FIELD = "device_type"
LINE_FIELD = "x_fc_adp_device_type"
DELIVERY_FIELD = "x_fc_adp_delivery_date"
START_FIELD = "x_fc_service_start_date"
SALE_TYPE_FIELD = "x_fc_sale_type"
ORDER_FIELDS = (DELIVERY_FIELD, START_FIELD, SALE_TYPE_FIELD)


class FusionRepairClaimsBridge(models.AbstractModel):
    """What funding claims know of past sales, where the claims addon is installed.

    Nothing here depends on it: without its models every answer is empty.
    """

    _name = "fusion.repair.claims.bridge"
    _description = "Facts From Funding Claims"

    @api.model
    def _is_available(self):
        """Tell whether the claims addon is installed."""
        return (
            CODE_MODEL in self.env
            and CODE_FIELD in self.env[CODE_MODEL]._fields
            and LINE_FIELD in self.env["sale.order.line"]._fields
        )

    @api.model
    def _get_claims_facts(self, lines):
        """Return what claims say of sale lines, in a handful of queries for all.

        ``is_part``: the device type is a part or seating, which nobody maintains.
        ``category_id``: the kind of unit; None for parts, for device types that no row
        knows, and for lines without one.

        :return: {line id: {device_type, category_id, is_part, delivery_date,
            service_start_date, sale_type}}; empty without the claims addon
        """
        if not lines or not self._is_available():
            return {}
        # Who may scan the sales need not have rights on claims: only these fields.
        lines = lines.sudo()
        lines.fetch(["order_id", "company_id", LINE_FIELD])
        orders = lines.order_id
        orders.fetch([name for name in ORDER_FIELDS if name in orders._fields])
        by_order = {order.id: self._get_order_facts(order) for order in orders}
        labels = self._get_labels(lines, LINE_FIELD)
        keys = {
            line.id: (line.company_id.id, self._to_text(line[LINE_FIELD], labels))
            for line in lines
        }
        meanings = self._get_meanings(set(keys.values()))
        return {
            line.id: {**meanings[keys[line.id]], **by_order[line.order_id.id]}
            for line in lines
        }

    @api.model
    def _get_meanings(self, keys):
        """Return {(company id, device type): what it means to the company}."""
        rules = self.env["fusion.repair.device.type"]._get_rules()
        meanings = {}
        for company_id, device_type in keys:
            rule = find_device_rule(device_type or "", rules, company_id)
            meanings[company_id, device_type] = {
                "device_type": device_type,
                "category_id": rule.category_id if rule else None,
                "is_part": bool(rule) and rule.meaning == PART,
            }
        return meanings

    @api.model
    def _get_order_facts(self, order):
        return {
            "delivery_date": self._read_day(order, DELIVERY_FIELD),
            "service_start_date": self._read_day(order, START_FIELD),
            "sale_type": self._read_text(order, SALE_TYPE_FIELD),
        }

    @api.model
    def _get_sale_types(self):
        """Return the kinds of sale as (value, label), to narrow a search with."""
        orders = self.env["sale.order"]
        field = orders._fields.get(SALE_TYPE_FIELD)
        if not field or not self._is_available():
            return []
        if field.type == "selection":
            # The labels only, whatever the groups that may read the field.
            labels = orders.sudo().fields_get([SALE_TYPE_FIELD], ["selection"])
            return list(labels[SALE_TYPE_FIELD]["selection"])
        return [(value, value) for value in self._get_distinct(orders, field)]

    @api.model
    def _get_device_types(self):
        """Return the device types that claims know or sale lines carry, sorted."""
        if not self._is_available():
            return []
        codes, lines = self.env[CODE_MODEL], self.env["sale.order.line"]
        return sorted(
            self._get_distinct(codes, codes._fields[CODE_FIELD])
            | self._get_distinct(lines, lines._fields[LINE_FIELD])
        )

    @api.model
    def _get_distinct(self, model, field):
        """Return the texts that occur in a stored field of any company or state."""
        if not field.store:
            return set()
        # Names of device types tell nothing about anybody.
        model = model.sudo().with_context(active_test=False)
        groups = model._read_group([(field.name, "!=", False)], [field.name])
        labels = self._get_labels(model, field.name)
        texts = {self._to_text(value, labels) for (value,) in groups}
        return texts - {None}

    # Values of fields whose types are the claims addon's to choose --------------

    @api.model
    def _read_text(self, record, name):
        return self._to_text(record[name], {}) if name in record._fields else None

    @api.model
    def _get_labels(self, model, name):
        """Return what the values of a field are called, as far as that differs."""
        field = model._fields[name]
        if name == SALE_TYPE_FIELD or field.type != "selection":
            return {}
        return dict(field._description_selection(model.env))

    @api.model
    def _to_text(self, value, labels):
        if isinstance(value, models.BaseModel):
            value = value[:1].display_name
        text = str(labels.get(value, value) or "").strip()
        return text or None

    @api.model
    def _read_day(self, record, name):
        value = record[name] if name in record._fields else None
        if isinstance(value, datetime):
            return fields.Datetime.context_timestamp(record, value).date()
        return value or None

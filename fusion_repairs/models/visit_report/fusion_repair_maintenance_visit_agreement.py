import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.money import format_amount

LONGEST_STATEMENT = 20_000


class FusionRepairMaintenanceVisit(models.Model):
    """What a visit comes to with its parts: told, signed and agreed before the bill.

    What the client signs is shown above the signature, and kept with it.
    """

    _inherit = "fusion.repair.maintenance.visit"

    parts_agreed_by = fields.Char(
        string="Who Agreed to the Price of the Parts",
        copy=False,
        help="Without the client's signature: who agreed, and how they were asked.",
    )
    agreed_by = fields.Char(readonly=True, copy=False)
    agreed_at = fields.Datetime(readonly=True, copy=False)
    agreed_text = fields.Text(
        string="What Was Agreed", readonly=True, copy=False, help="As it was shown."
    )
    agreed_total = fields.Monetary(
        readonly=True, copy=False, help="With tax and parts."
    )

    signed_at = fields.Datetime(readonly=True, copy=False)
    signed_text = fields.Text(
        string="What Was Signed",
        readonly=True,
        copy=False,
        help="What stood above the client's signature, word for word.",
    )
    signed_hash = fields.Char(
        string="SHA-256 of What Was Signed", readonly=True, copy=False
    )
    signed_facts = fields.Char(
        readonly=True, copy=False, help="Tells whether the report has changed since."
    )

    # What it comes to ----------------------------------------------------------------

    def _get_charges(self):
        """Return what the visit to this unit costs with the parts that are charged.

        :return: dict of fee (with tax), parts as (part, with tax) pairs, taxes as
            (name, amount) pairs, untaxed, total, currency
        """
        self.ensure_one()
        visit = self.sudo()  # a technician reads no orders, and says what they come to
        contract = visit.contract_id._for_booking()
        parts = visit.part_ids.filtered(lambda part: part._is_charged())
        lines = [contract._prepare_fee_line(visit.x_fc_fee)]
        lines += [part._prepare_price_line() for part in parts]
        price = contract._sum_fee_lines(lines)
        gross = [line["tax_details"]["total_included_currency"] for line in lines]
        gross = [price["currency"].round(amount) for amount in gross]
        return {
            **price,
            "fee": gross[0],
            "parts": list(zip(parts, gross[1:], strict=True)),
        }

    def _has_charged_parts(self):
        """Tell whether parts would be billed on top of the fee."""
        return any(amount for _part, amount in self._get_charges()["parts"])

    def _get_charges_rows(self):
        """Return the price in words: pairs of what and how much, the total last."""
        charges = self._get_charges()

        def say(amount):
            if charges["currency"].is_zero(amount):
                return self.env._("No charge")
            return format_amount(self.env, amount, charges["currency"])

        free = self.sudo().part_ids.filtered(
            lambda part: part.quantity and not part._is_charged()
        )
        return [
            (self.env._("Visit, flat fee, with tax"), say(charges["fee"])),
            *(
                (self.env._("%(part)s, with tax", part=part._get_text()), say(amount))
                for part, amount in charges["parts"]
            ),
            *((part._get_text(), self.env._("No charge")) for part in free),
            *(
                (self.env._("Of which %(tax)s", tax=name), say(amount))
                for name, amount in charges["taxes"]
                if amount
            ),
            (
                self.env._("Total with tax"),
                format_amount(self.env, charges["total"], charges["currency"]),
            ),
        ]

    # What was agreed -----------------------------------------------------------------

    def _get_agreement(self):
        """Return who agreed to what is charged, when, or None if nobody did."""
        self.ensure_one()
        if self.signature_state == "signed" and self.signature:
            return self.signed_by, self.signed_at or fields.Datetime.now()
        if (self.parts_agreed_by or "").strip():
            return self.parts_agreed_by, fields.Datetime.now()
        return None

    def _withdraw_agreement(self):
        """Forget what was agreed on a report that is sent anew; the log keeps it."""
        self.write(
            {
                "agreed_by": False,
                "agreed_at": False,
                "agreed_text": False,
                "agreed_total": False,
                "parts_agreed_by": False,
            }
        )

    # What is signed ------------------------------------------------------------------

    def _get_statement(self):
        """Return what the client signs, in the language of the reader.

        :return: dict of words (sentences) and price (pairs of what and how much)
        """
        self.ensure_one()
        visit = self.sudo()
        labels = {
            "pass": self.env._("Result: everything is in good order."),
            "pass_with_findings": self.env._(
                "Result: it may be used. Something needs repair."
            ),
            "unsafe": self.env._("Result: UNSAFE. It must not be used."),
        }
        verdict = visit._get_verdict()
        left = len({*verdict.missing, *(problem.key for problem in verdict.invalid)})
        words = [labels[verdict.outcome]] if verdict.outcome in labels else []
        if left:
            words.append(self.env._("Checks not answered yet: %(count)s", count=left))
        return {
            "words": words + self._get_statement_defects(),
            "price": self._get_charges_rows(),
        }

    def _get_statement_defects(self):
        """Return what was found, what was repaired and what stays open."""
        visit = self.sudo()
        failed = visit.checklist_line_ids.filtered(lambda line: line.result == "fail")
        words = []
        for line in failed:
            found = filter(None, (line._format_reading(), line.note))
            name = ": ".join((line._get_name_in(self.env.lang), *found))
            words.append(self.env._("Found: %(defect)s", defect=name))
        results = visit._get_results()
        for one in visit._get_known():
            name = self._get_known_text(one)
            if one.is_closed(results):
                words.append(
                    self.env._(
                        "Repaired: %(defect)s. %(done)s", defect=name, done=one.row.note
                    )
                )
            else:
                words.append(self.env._("Still open: %(defect)s", defect=name))
        return words

    def _get_statement_text(self):
        said = self._get_statement()
        price = (f"{what}: {amount}" for what, amount in said["price"])
        return "\n".join((*said["words"], *price))

    def _get_signed_facts(self):
        """Return what a signature stands for, as the phone puts it together too.

        :return: dict of answers, known, parts, total, of plain values only
        """
        self.ensure_one()
        visit = self.sudo()
        return {
            "answers": sorted(
                [
                    line.id,
                    line.result or "",
                    line._get_reading_as_typed() or "",
                    line.note or "",
                    line.defect_class or "",
                ]
                for line in visit.checklist_line_ids
            ),
            "known": sorted(
                [one.key, one.row.answer or "", one.row.note or ""]
                for one in visit._get_known()
            ),
            "parts": sorted(
                [part.product_id.id, float(part.quantity), bool(part.charged)]
                for part in visit.part_ids.filtered("quantity")
            ),
            "total": round(float(self._get_charges()["total"]), 2),
        }

    def _hash_facts(self, facts):
        """Return a hash that is the same for the same facts, whoever put them together.

        :raise ValueError: for anything else than what ``_get_signed_facts`` returns
        """
        facts = {
            "answers": sorted(facts["answers"]),
            "known": sorted(facts["known"]),
            "parts": sorted([p, float(q), bool(c)] for p, q, c in facts["parts"]),
            "total": round(float(facts["total"]), 2),
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    # The signature -------------------------------------------------------------------

    def _prepare_signed_vals(self, drawn, shown=None):
        """Return what is kept with a signature of the client, or with none.

        :param drawn: the signature in base64, or nothing
        :param shown: dict of text and facts, as a phone showed them above the pad;
            what the report says now by default
        :raise UserError: if the report says something else by now
        """
        if not drawn:
            return dict.fromkeys(
                ("signed_at", "signed_text", "signed_hash", "signed_facts"), False
            )
        facts = self._hash_facts(self._get_signed_facts())
        if shown:
            text = str(shown["text"])[:LONGEST_STATEMENT]
            if self._hash_facts(shown["facts"]) != facts:
                raise UserError(self._get_stale_signature_text())
        else:
            client = self.with_context(lang=self.sudo().partner_id.lang)
            text = client._get_statement_text()
        return {
            "signed_at": fields.Datetime.now(),
            "signed_text": text,
            "signed_hash": hashlib.sha256(text.encode()).hexdigest(),
            "signed_facts": facts,
        }

    def _is_signature_stale(self):
        """Tell whether the report says something else than what the client signed."""
        self.ensure_one()
        visit = self.sudo()
        if not visit.signature or visit.reported_at:
            return False
        return visit.signed_facts != self._hash_facts(self._get_signed_facts())

    def _get_stale_signature_text(self):
        return self.env._(
            "The report has changed since the client signed it. Please show it to the "
            "client, and ask for the signature again."
        )

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...recurrence import UNDER_CONTRACT

_lt = LazyTranslate(__name__)
REASON = "serial_question"


class FusionRepairMaintenanceContract(models.Model):
    """A typed serial that another client's unit has: the office says which it is.

    What somebody types is no proof of a sale. Until it is answered both clients stay
    in care, and nobody's visit or reminder is touched.
    """

    _inherit = "fusion.repair.maintenance.contract"

    asked_serial = fields.Char(string="Serial in Question", readonly=True, copy=False)
    asked_contract_id = fields.Many2one(
        "fusion.repair.maintenance.contract",
        string="Contract With This Serial",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Another client's contract that has the serial number typed for this one.",
    )
    serial_answer = fields.Selection(
        [
            ("open", "To Be Answered"),
            ("same", "Same Unit"),
            ("different", "Different Unit"),
        ],
        string="Is It the Same Unit?",
        readonly=True,
        copy=False,
    )

    # By hand -------------------------------------------------------------------

    @api.onchange("x_fc_device_serial")
    def _onchange_serial_of_another(self):
        """Say at once whose a serial is that somebody types on a contract."""
        company = self.company_id or self.env.company
        other = self._find_in_care(company, self.x_fc_device_serial) - self._origin
        if not other:
            return None
        return {
            "warning": {
                "title": self.env._("Is it the same unit?"),
                "message": self.env._(
                    "%(client)s has serial %(serial)s under contract %(contract)s. If "
                    "the unit changed hands, end that contract first; nothing ends by "
                    "itself.",
                    client=other.partner_id.display_name,
                    serial=other.x_fc_device_serial,
                    contract=other.name,
                ),
            }
        }

    # Asking --------------------------------------------------------------------

    def _ask_about_serial(self, serial, other):
        """Ask the office whether this unit is the one that another client has.

        :param serial: normalised, as it was typed for this unit
        :param other: the contract of the other client
        """
        self.ensure_one()
        self.write(
            {
                "asked_serial": serial,
                "asked_contract_id": other.id,
                "serial_answer": "open",
            }
        )
        self._notify_office(
            _lt("Is serial %(serial)s the same unit?", serial=serial),
            _lt(
                "It was typed for %(new)s (%(document)s), but %(former)s has it under "
                "contract %(contract)s. Both stay in care until you answer on this "
                "contract.",
                new=self.partner_id.display_name,
                document=self.sale_order_id.name or self.name,
                former=other.partner_id.display_name,
                contract=other.name,
            ),
            reason=REASON,
        )

    def _has_serial_question(self):
        self.ensure_one()
        return self.serial_answer == "open"

    def _get_questions_about(self, others):
        """Return the contracts with an open question about some others."""
        return self.sudo().search(
            [
                ("asked_contract_id", "in", others.ids),
                ("serial_answer", "=", "open"),
                ("state", "in", UNDER_CONTRACT),
            ]
        )

    # Answering -------------------------------------------------------------------

    def action_same_unit(self):
        """Answer that the unit changed hands: the former client's care of it ends."""
        self.ensure_one()
        self._check_office()
        self._check_serial_question()
        contract = self.sudo()  # the other client's may be beyond the reader's rights
        former, serial = contract.asked_contract_id, contract.asked_serial
        (contract | former)._lock()
        contract.serial_answer = "same"
        # Whoever else is asked about it is asked about its new owner from now on.
        contract._get_questions_about(former).asked_contract_id = contract
        former.filtered(lambda c: c.x_fc_device_serial == serial)._hand_over(
            contract.partner_id, contract.sale_order_id or contract
        )
        if contract._find_in_care(contract.company_id, serial):
            raise UserError(
                self.env._(
                    "A technician is with the other client right now: please answer "
                    "after the visit."
                )
            )
        contract._take_asked_serial()

    def action_different_unit(self):
        """Answer that the serial was mistyped: both clients keep their contracts."""
        self.ensure_one()
        self._check_office()
        self._check_serial_question()
        contract = self.sudo()
        contract.serial_answer = "different"
        contract._settle_requests(
            "serial_answered",
            self.env._(
                "A different unit: please correct the serial number of this one."
            ),
        )

    def _check_serial_question(self):
        if not self._has_serial_question():
            raise UserError(self.env._("There is no question about this serial."))

    def _take_asked_serial(self):
        """Give the unit the serial that was in question: nobody else has it now."""
        self.x_fc_device_serial = self.asked_serial
        self._settle_requests(
            "serial_answered",
            self.env._("This unit has serial %(serial)s.", serial=self.asked_serial),
        )

    def _answer_by_end(self):
        """Settle the questions about units whose other contract has ended by itself."""
        for contract in self._get_questions_about(self):
            serial = contract.asked_serial
            if contract._find_in_care(contract.company_id, serial):
                continue
            contract.serial_answer = "different"
            contract._take_asked_serial()

    # Taking back -----------------------------------------------------------------

    def _withdraw_serial_question(self):
        """Forget questions about serials that are not typed here any more."""
        asked = self.filtered("serial_answer")
        asked._settle_requests(
            "serial_answered", self.env._("The serial number was corrected.")
        )
        asked.write(
            {
                "asked_serial": False,
                "asked_contract_id": False,
                "serial_answer": False,
            }
        )

    def _give_back(self, reason):
        """Take back hand-overs that rest on a typed serial which does not hold.

        A delivered lot is proof, and stays where it is.

        :param reason: why it is taken back, in words
        """
        taken = self.filtered(lambda c: c.serial_answer == "same" and not c.lot_id)
        for contract in taken:
            former = contract.asked_contract_id
            gone = former.state == "cancelled" and former.end_cause == "sold_on"
            if not gone or former._find_in_care(
                former.company_id, former.x_fc_device_serial
            ):
                continue
            former._revive(reason)
            former._ask_to_book_again(reason)
        taken._withdraw_serial_question()

    def _ask_to_book_again(self, reason):
        """Have the office call a client whose visit was called off by mistake."""
        now = fields.Datetime.now()
        lost = self.visit_ids.filtered(
            lambda v: v.state == "cancelled" and v.visit_date > now
        )
        if lost:
            self._notify_office(
                _lt("Visit cancelled: agree on a new one"),
                reason,
                reason="visit_cancelled",
            )

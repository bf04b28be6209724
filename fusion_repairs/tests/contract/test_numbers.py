from odoo.tests import tagged

from ..common import RepairsCase


@tagged("post_install", "-at_install", "fusion")
class TestNumbers(RepairsCase):
    """References come from the sequence of the record's own company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Dealer"})
        cls.make_sequence("fusion.technician.task", "OT/")
        cls.make_sequence("fusion.repair.maintenance.contract", "OC/")

    @classmethod
    def make_sequence(cls, code, prefix):
        """Give the other company a sequence of its own."""
        cls.env["ir.sequence"].create(
            {
                "name": prefix,
                "code": code,
                "prefix": prefix,
                "company_id": cls.other.id,
            }
        )

    def test_each_company_counts_by_itself(self):
        ours, theirs, again = self.env["fusion.technician.task"].create(
            [{}, {"company_id": self.other.id}, {"name": "/"}]
        )
        self.assertEqual(theirs.name, "OT/1")
        self.assertTrue(ours.name.startswith("TASK/"))
        self.assertGreater(again.name, ours.name)
        contract = self.make_contract(company_id=self.other.id, user_id=False)
        self.assertEqual(contract.name, "OC/1")
        self.assertTrue(self.make_contract().name.startswith("MC/"))

    def test_number_that_is_given_stays(self):
        self.assertEqual(self.make_contract(name="OLD-7").name, "OLD-7")

    def test_the_word_for_a_new_record_is_no_number(self):
        for lang in ("en_US", "fr_CA"):
            self.env["res.lang"]._activate_lang(lang)
            contracts = self.env["fusion.repair.maintenance.contract"].with_context(
                lang=lang
            )
            word = contracts.default_get(["name"])["name"]
            contract = contracts.create(
                {
                    "name": word,
                    "partner_id": self.client.id,
                    "product_id": self.product.id,
                    "next_due_date": self.today,
                }
            )
            self.assertTrue(contract.name.startswith("MC/"), contract.name)

    def test_copy_and_reader_get_numbers_of_their_own(self):
        contract = self.make_contract()
        self.assertNotEqual(contract.copy().name, contract.name)
        task = self.env["fusion.technician.task"].with_user(self.dispatcher).create({})
        self.assertTrue(task.name.startswith("TASK/"))

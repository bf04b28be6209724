"""Every word of the module is there in Canadian French."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.fusion_tasks.tests.test_translations import find_gaps

# Words that both languages write alike, and text made elsewhere.
SAME_IN_BOTH = {
    "&amp;nbsp;",
    "Client",
    "Code",
    "Configuration",
    "Contact",
    "Date",
    "Image",
    "Initial",
    "Lot",
    "Maximum",
    "Menu",
    "Message",
    "Messages",
    "Minimum",
    "Note",
    "PDF",
    "Pages",
    "Parent",
    "Photo",
    "Photos",
    "Qualification",
    "Rail",
    "Section",
    "Signature",
    "Signatures",
    "Source",
    "Standard",
    "Structure",
    "Surface",
    "Total",
    "Version",
    "minutes",
    "service",
    "Corrections",
    "Plan",
    "{{ object._get_changed_subject() }}",
    "{{ object._get_reminder_subject() }}",
    "{{ object._get_report_subject() }}",
}


@tagged("post_install", "-at_install", "fusion")
class TestTranslations(TransactionCase):
    """A term that is added without its French stands out here."""

    def test_every_term_is_french(self):
        self.assertEqual(find_gaps(self.env, "fusion_repairs", SAME_IN_BOTH), [])

    def test_a_checklist_is_read_in_french(self):
        check = self.env.ref("fusion_repairs.checklist_stairlift_10")
        said = check.with_context(lang="fr_CA").name
        self.assertEqual(said, "L’interrupteur à clé et l’arrêt d’urgence fonctionnent")

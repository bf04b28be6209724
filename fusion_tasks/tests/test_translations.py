"""Every word of the module is there in Canadian French."""

import re

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[sdf]|%[sdf]|\{\{.*?\}\}|\{\w+\}|</?[a-z]\w*")

# A mail's body that is made elsewhere, in a view whose words are terms themselves.
BODY = re.compile(r'<t t-call="[\w.]+"/>')

# Names, addresses and words that both languages write alike.
SAME_IN_BOTH = {
    "%(client)s, %(type)s, %(day)s, %(span)s, %(city)s. %(status)s.",
    "Client",
    "Configuration",
    "Contact",
    "Google Maps",
    "Horizon",
    "Installation",
    "Latitude",
    "Longitude",
    "Messages",
    "Minutes",
    "Nominatim (OpenStreetMap)",
    "Notes",
    "Photon (OpenStreetMap)",
    "Possible",
    "Service",
    "Type",
    "Version",
    "http://osrm:5000",
    "https://nominatim.example.com",
    "https://tiles.example.com/{z}/{x}/{y}.png",
    "https://www.google.com/maps/dir/?api=1&destination={place}",
    "minutes",
}


def find_gaps(env, module, same):
    """Return the terms of a module that French lacks or says with other blanks."""
    env["res.lang"]._activate_lang("fr_CA")
    env["ir.module.module"]._load_module_terms([module], ["fr_CA"])
    env.flush_all()
    gaps = set()
    for row in TranslationModuleReader(env.cr, [module], lang="fr_CA"):
        _module, _kind, name, where, source, said = row[:6]
        if source in same or BODY.fullmatch(source):
            continue
        if not is_ours(env, module, name, str(where)):
            continue
        if not said or get_blanks(said) != get_blanks(source):
            gaps.add(source)
    return sorted(gaps)


def is_ours(env, module, name, where):
    """Return whether a term is the module's own: no test, no demo, no field of Odoo's.

    Which fields Odoo gives to a model, and so to the export, depends on what else is
    installed; those bring their own words.
    """
    if "/tests/" in name or where.startswith(f"{module}.demo_"):
        return False
    if not name.startswith("ir.model.fields,"):
        return True
    record = env.ref(where)
    field = env[record.model]._fields.get(record.name)
    return field is not None and module in field._modules


def get_blanks(text):
    """Return the placeholders and tags of a text, in any order."""
    return sorted(PLACEHOLDER.findall(text))


@tagged("post_install", "-at_install", "fusion")
class TestTranslations(TransactionCase):
    """A term that is added without its French stands out here."""

    def test_every_term_is_french(self):
        self.assertEqual(find_gaps(self.env, "fusion_tasks", SAME_IN_BOTH), [])

    def test_blanks_are_told_apart(self):
        self.assertEqual(
            get_blanks("%(b)s <b>%(a).2f</b>"), ["%(a).2f", "%(b)s", "</b", "<b"]
        )
        self.assertNotEqual(get_blanks("%(name)s"), get_blanks("%(nom)s"))

"""Odoo's own lint, its addon test_lint, on our two addons."""

from contextlib import nullcontext
from unittest.mock import patch

import pytest

from odoo.modules import Manifest
from odoo.modules.registry import Registry

pytest.importorskip(
    "odoo.addons.test_lint", reason="expected: this Odoo comes without test_lint"
)

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
)

ADDONS = ("fusion_tasks", "fusion_repairs")
# Odoo does not read these; the Odoo Community Association's tools do.
OCA_KEYS = {"development_status", "maintainers"}


def our_models(database):
    """Return {name: class} of the models that one of our addons defines or extends."""
    return {
        name: model_class
        for name, model_class in Registry(database).items()
        if any(getattr(part, "_module", "") in ADDONS for part in model_class.mro())
    }


class OnOurAddons:
    """Odoo's lint looks at our addons only."""

    def setUp(self):
        """Let no other addon be found."""
        super().setUp()
        ours = [Manifest.for_addon(name) for name in ADDONS]
        keys = test_manifests.MANIFEST_KEYS | OCA_KEYS
        for holder, name, value in (
            (Manifest, "all_addon_manifests", lambda: ours),
            (test_pofile, "get_modules", lambda: ADDONS),
            (test_manifests, "MANIFEST_KEYS", keys),
            (test_naming, "Registry", our_models),
            (test_override_signatures, "Registry", our_models),
            # Thousands of methods pass; the message of the one that fails names it.
            (self, "subTest", lambda **_words: nullcontext()),
        ):
            self.enterContext(patch.object(holder, name, value))


class TestInit(OnOurAddons, test_dunderinit.TestDunderinit):
    pass


class TestProps(OnOurAddons, test_i18n.TestI18n):
    pass


class TestIndexes(OnOurAddons, test_index.TestIndex):
    pass


class TestTexts(OnOurAddons, test_jstranslate.TestJsTranslations):
    pass


class TestManifests(OnOurAddons, test_manifests.ManifestLinter):
    pass


class TestParameters(OnOurAddons, test_naming.TestNaming):
    pass


class TestDomains(OnOurAddons, test_onchange_domains.TestOnchangeDomains):
    pass


class TestOrmImports(OnOurAddons, test_orm_import.TestDunderinit):
    pass


class TestSignatures(OnOurAddons, test_override_signatures.TestLintOverrideSignatures):
    pass


class TestTemplate(OnOurAddons, test_pofile.PotLinter):
    pass


class TestRoutes(OnOurAddons, test_routes.RoutesLinter):
    pass


class TestHoles(OnOurAddons, test_test_holes.TestTestHoles):
    pass

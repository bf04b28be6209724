import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { odooExceptionTitleMap, WarningDialog } from "@web/core/errors/error_dialogs";

// The web client knows errors meant for people by their class, not by what they
// inherit from: without this, the reason would hide behind "Something went wrong".
const SLOT_TAKEN = "odoo.addons.fusion_tasks.exceptions.SlotTakenError";

odooExceptionTitleMap.set(SLOT_TAKEN, _t("Slot Taken"));
registry.category("error_dialogs").add(SLOT_TAKEN, WarningDialog);

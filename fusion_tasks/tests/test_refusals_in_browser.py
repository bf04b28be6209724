from odoo.tests import tagged

from ..exceptions import SlotTakenError
from .common import FusionHttpCase

SLOT_TAKEN = f"{SlotTakenError.__module__}.{SlotTakenError.__qualname__}"
CHECK = f"""
(async () => {{
    const {{ registry }} = odoo.loader.modules.get("@web/core/registry");
    const {{ CalendarModel }} = odoo.loader.modules.get(
        "@web/views/calendar/calendar_model"
    );
    const check = (fact, words) => {{ if (!fact) throw new Error(words); }};
    check(
        registry.category("error_dialogs").contains("{SLOT_TAKEN}"),
        "the reason is hidden"
    );
    let notified = 0;
    const model = Object.assign(Object.create(CalendarModel.prototype), {{
        meta: {{ resModel: "calendar.event", context: {{}} }},
        orm: {{ write: () => Promise.reject(new Error("no")) }},
        buildRawRecord: () => ({{}}),
        notify: () => notified++,
    }});
    let refused = false;
    try {{ await model.updateRecord({{ id: 1 }}); }} catch {{ refused = true; }}
    check(refused, "the error is swallowed");
    check(notified === 1, "the event does not snap back");
    console.log("test successful");
}})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install", "fusion")
class TestRefusalsInBrowser(FusionHttpCase):
    """A refused move shows its reason, and the event goes back."""

    def test_reason_is_shown_and_event_snaps_back(self):
        self.browser_js(
            "/odoo",
            CHECK,
            "!!document.querySelector('.o_web_client .o_action_manager')",
            login="admin",
        )

import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";

/** Long enough for two taps in a row to be one save. */
const SOON = 400;
const RETRY = 8000;

/** The visit report: whatever is tapped or typed is kept on the server at once. */
export class VisitReportController extends formView.Controller {
    setup() {
        super.setup();
        this.notification = useService("notification");
        this.closeWarning = null;
        useExternalListener(window, "online", () => this.keep());
        onWillUnmount(() => {
            browser.clearTimeout(this.timer);
            this.closeWarning?.();
        });
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => this.keepSoon(SOON);
        return params;
    }

    keepSoon(delay) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.keep(), delay);
    }

    /** Save what there is; without a connection it stays here and is tried again. */
    async keep() {
        browser.clearTimeout(this.timer);
        const report = this.model.root;
        if (!(await report.isDirty()) || !(await report.checkValidity())) {
            return;
        }
        // Only new parts need to be read back: what is being tapped stays in place.
        const reload = "part_ids" in (await report.getChanges());
        try {
            await report.save({ reload });
            this.closeWarning?.();
            this.closeWarning = null;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.closeWarning ??= this.notification.add(
                _t("No connection: your answers are kept on this phone until there is one."),
                { type: "warning", sticky: true }
            );
            this.keepSoon(RETRY);
        }
    }
}

registry.category("views").add("fusion_visit_report", {
    ...formView,
    Controller: VisitReportController,
});

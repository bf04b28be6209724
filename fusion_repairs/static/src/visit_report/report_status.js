import { Component, onMounted, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Says what of the report is saved, and what is still on this phone only. */
export class ReportStatus extends Component {
    static template = "fusion_repairs.ReportStatus";
    static props = { ...standardWidgetProps };

    setup() {
        const { outbox, sender } = this.env.visitReport;
        this.sender = sender;
        this.state = useState(outbox.state);
        this.line = useRef("line");
        onMounted(() => this.stayInSight());
        // Whatever scrolls: on a phone it is another element than on a desk.
        useExternalListener(window, "scroll", () => this.stayInSight(), { capture: true });
        useExternalListener(window, "resize", () => this.stayInSight());
    }

    /** Odoo's bar may stay on top, or slide away: the line stays below it. */
    stayInSight() {
        const line = this.line.el;
        const bar = line?.closest(".o_action")?.querySelector(".o_control_panel");
        if (!bar || getComputedStyle(bar).position !== "sticky") {
            return;
        }
        const { bottom } = bar.getBoundingClientRect();
        const top = line.closest(".o_action").getBoundingClientRect().top;
        line.style.top = `${Math.max(0, Math.round(bottom - Math.max(top, 0)))}px`;
    }

    get count() {
        const { entries, photos, partsChanged } = this.state;
        return Object.keys(entries).length + Object.keys(photos).length + (partsChanged ? 1 : 0);
    }

    get isStuck() {
        return this.state.phase === "offline" || this.state.phase === "refused";
    }

    get savedText() {
        const options = { hour: "numeric", minute: "2-digit" };
        const clock = new Date(this.state.savedAt).toLocaleTimeString(user.lang, options);
        return _t("All saved at %s", clock);
    }

    get unsentText() {
        return _t("Not sent yet: %s", this.count);
    }

    /** Danger does not wait for a connection. The server says the same as soon as it can. */
    get isUnsafe() {
        const { outcome, safety_critical, line_ids } = this.props.record.data;
        if (outcome === "unsafe") {
            return true;
        }
        return line_ids.records.some((line) => {
            const { checklist_line_id: check, critical, result, defect_class } = line.data;
            const { shown } = this.state;
            const failed = (shown[`${check.id}.result`] ?? result) === "fail";
            const chosen = shown[`${check.id}.defect_class`] ?? defect_class;
            return failed && ((critical && safety_critical) || chosen === "stop_now");
        });
    }

    tryNow() {
        this.sender.send();
    }
}

registry.category("view_widgets").add("fusion_visit_report_status", {
    component: ReportStatus,
    fieldDependencies: [
        { name: "outcome", type: "char" },
        { name: "safety_critical", type: "boolean" },
    ],
});

import { onMounted, onWillUnmount, useExternalListener, useSubEnv } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";

import { loadPad } from "./drawn_signature";
import { Outbox, sayValue } from "./outbox";
import { Sender } from "./sender";

/** Long enough for two taps in a row to be sent at once. */
const SOON_MS = 400;
/** Long enough for the next letter. */
const PAUSE_MS = 1200;
/** How long leaving the page waits for a slow connection. */
const LEAVE_MS = 3000;
const TYPED = [
    "findings",
    "parts_note",
    "signed_by",
    "signature_reason",
    "parts_agreed_by",
    "access_note",
];
const FIELDS = [
    ...TYPED,
    "labour_minutes",
    "signature_state",
    "signature",
    "technician_signature",
];

/** The visit report: whatever is entered is kept here first, then on the server. */
export class VisitReportController extends formView.Controller {
    setup() {
        super.setup();
        // The line that says what is saved takes the place of Save and Discard.
        this.canEdit = false;
        this.notification = useService("notification");
        this.outbox = new Outbox();
        this.sender = new Sender({
            model: this.model,
            outbox: this.outbox,
            tell: (text) => this.notification.add(text, { type: "warning", sticky: true }),
            reopen: () => this.reopen(),
        });
        const { onClickViewButton } = this.env;
        useSubEnv({
            visitReport: { outbox: this.outbox, sender: this.sender },
            onClickViewButton: (button) => this.onClickButton(button, onClickViewButton),
        });
        useExternalListener(window, "online", () => this.sender.soon(0));
        useExternalListener(window, "input", (ev) => this.onInput(ev));
        onMounted(() => this.start());
        onWillUnmount(() => this.sender.stop());
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = (record, changes) => this.onRecordChanged(record, changes);
        return params;
    }

    async start() {
        loadPad().catch(() => {});
        await this.outbox.restore(this.model.root.data.visit_id.id);
        if (this.outbox.count) {
            await this.sender.showEntries();
            this.sender.soon(0);
        }
    }

    /** The report was cleared away on the server: go on in a new one. */
    async reopen() {
        const visit = this.model.root.data.visit_id.id;
        const action = await this.orm.call(
            "fusion.repair.maintenance.visit",
            "action_fill_in_report",
            [[visit]]
        );
        const views = [[false, "form"]];
        await this.actionService.doAction({ ...action, views }, {
            stackPosition: "replaceCurrentAction",
            forceLeave: true,
        });
    }

    // Entering ------------------------------------------------------------------------

    enter(name, value) {
        if (this.outbox.value(name) !== value) {
            const field = this.model.root.fields[name];
            const said = field.type === "binary" ? "" : `: ${sayValue(field, value)}`;
            // The store takes plain values only.
            const { signed } = this.outbox.state;
            const shown = name === "signature" && signed && JSON.parse(JSON.stringify(signed));
            this.outbox.enter({ name, value, label: `${field.string}${said}`, shown });
        }
    }

    onRecordChanged(record, changes) {
        for (const name of FIELDS.filter((name) => name in changes)) {
            this.enter(name, changes[name]);
        }
        this.outbox.state.partsChanged ||= "part_ids" in changes;
        this.sender.soon(SOON_MS);
    }

    /** A text is kept while it is typed, not only when its field is left. */
    onInput(ev) {
        const field = ev.target.closest?.(".o_fc_visit_report .o_field_widget[name]");
        const name = field?.getAttribute("name");
        if (TYPED.includes(name)) {
            this.enter(name, ev.target.value);
            this.sender.soon(PAUSE_MS);
        }
    }

    /** Entries travel with their times; only parts are saved as in any form. */
    async onWillSaveRecord(record, changes) {
        for (const name of FIELDS) {
            delete changes[name];
        }
    }

    // Sending and leaving -------------------------------------------------------------

    async sendNow() {
        await this.model.root.isDirty();
        return this.sender.send();
    }

    async beforeExecuteActionButton(clickParams) {
        if (!(await this.sendNow())) {
            const offline = this.outbox.state.phase === "offline";
            const text = offline
                ? _t("This needs a connection. Everything you entered is kept on this phone.")
                : _t("This has to wait until what you entered is saved.");
            this.notification.add(text, { type: "warning" });
            return false;
        }
        return super.beforeExecuteActionButton(clickParams);
    }

    /** Sending is done once on the server, however often it is asked. */
    async onClickButton(button, onClickViewButton) {
        try {
            return await onClickViewButton(button);
        } catch (error) {
            const isSending = button.clickParams.name === "action_submit";
            if (isSending && error instanceof RPCError) {
                // The server may know more by now than this page: show it beside why.
                await this.sender.readBack().catch(() => {});
            }
            if (!isSending || !(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.notification.add(
                _t(
                    "The connection broke while sending. Please tap Send Report again: the report is never sent twice."
                ),
                { type: "warning", sticky: true }
            );
        }
    }

    async beforeLeave({ forceLeave } = {}) {
        if (forceLeave) {
            return;
        }
        const patience = new Promise((resolve) => browser.setTimeout(resolve, LEAVE_MS));
        await Promise.race([this.sendNow(), patience]);
        const { durable, partsChanged } = this.outbox.state;
        if (this.outbox.count && (partsChanged || !durable)) {
            this.notification.add(
                _t("Not sent yet: %s. Please wait for a connection, or it is lost.", this.outbox.count),
                { type: "danger" }
            );
            return false;
        }
        if (this.outbox.count) {
            this.notification.add(
                _t(
                    "Not sent yet: %s. They are kept on this phone and are sent when you open this report again with a connection.",
                    this.outbox.count
                ),
                { type: "warning", sticky: true }
            );
        }
    }

    beforeVisibilityChange() {
        if (document.visibilityState === "hidden") {
            this.sender.send();
        }
    }

    async beforeUnload(ev) {
        const { durable, partsChanged } = this.outbox.state;
        if (partsChanged || (this.outbox.count && !durable)) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }
}

registry.category("views").add("fusion_visit_report", {
    ...formView,
    Controller: VisitReportController,
});

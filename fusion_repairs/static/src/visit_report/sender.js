import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionAbortedError, ConnectionLostError, RPCError, rpc } from "@web/core/network/rpc";
import { FetchRecordError } from "@web/model/relational_model/errors";

const RETRY_MS = 8000;
/** A line so slow is as good as none; what was sent may be sent again. */
const PATIENCE_MS = 60000;
const GONE = "odoo.exceptions.MissingError";
const REFUSED = ["odoo.exceptions.UserError", "odoo.exceptions.ValidationError"];

/** Sends what is in the outbox of a report, and has the form read the outcome. */
export class Sender {
    /**
     * @param {Object} options
     * @param {Object} options.model of the form
     * @param {import("./outbox").Outbox} options.outbox
     * @param {(text: string) => void} options.tell
     * @param {() => Promise} options.reopen when the report is no longer on the server
     */
    constructor({ model, outbox, tell, reopen }) {
        Object.assign(this, { model, outbox, tell, reopen });
    }

    stop() {
        this.stopped = true;
        browser.clearTimeout(this.timer);
    }

    soon(delay) {
        browser.clearTimeout(this.timer);
        if (!this.stopped) {
            this.timer = browser.setTimeout(() => this.send(), delay);
        }
    }

    /** Send what there is. @returns {Promise<boolean>} whether all of it is kept */
    send() {
        this.running ??= this.sendAll().finally(() => {
            this.running = null;
        });
        return this.running;
    }

    async sendAll() {
        browser.clearTimeout(this.timer);
        const { state } = this.outbox;
        try {
            while (this.outbox.count) {
                if (state.phase !== "offline") {
                    state.phase = "sending";
                }
                await this.sendEntries();
                await this.sendPhotos();
                if (!(await this.readBack())) {
                    state.phase = "refused";
                    return false;
                }
            }
            Object.assign(state, { phase: "saved", savedAt: Date.now(), message: "" });
            return true;
        } catch (error) {
            await this.explain(error);
            return false;
        }
    }

    async explain(error) {
        const { state } = this.outbox;
        if (error instanceof ConnectionLostError || error instanceof ConnectionAbortedError) {
            state.phase = "offline";
            this.soon(RETRY_MS);
        } else if (error instanceof FetchRecordError || error.exceptionName === GONE) {
            await this.reopen();
        } else if (error instanceof RPCError) {
            state.phase = "refused";
            state.message = error.data?.message || error.message;
        } else {
            throw error;
        }
    }

    /** Call a method of the server, and wait no longer than a person would. */
    async call(model, method, args) {
        const url = `/web/dataset/call_kw/${model}/${method}`;
        const { context } = this.model.root;
        const request = rpc(url, { model, method, args, kwargs: { context } }, { silent: true });
        const timer = browser.setTimeout(() => request.abort(), PATIENCE_MS);
        try {
            return await request;
        } finally {
            browser.clearTimeout(timer);
        }
    }

    /** Asked even when only photos are left: it says if the report is still open. */
    async sendEntries() {
        const sent = this.outbox.entries;
        const report = this.model.root;
        const said = await this.call(report.resModel, "keep_entries", [
            [report.resId],
            this.outbox.pack(sent),
            this.outbox.device,
        ]);
        await this.outbox.settle(sent);
        for (const entry of sent) {
            if (said[entry.key] !== true) {
                this.tell(_t("Not kept: %(entry)s. %(why)s", {
                    entry: entry.label,
                    why: said[entry.key],
                }));
            }
        }
    }

    async sendPhotos() {
        for (const photo of this.outbox.photos) {
            const lines = this.model.root.data.line_ids.records;
            const line = lines.find((other) => other.data.checklist_line_id.id === photo.check);
            try {
                if (line) {
                    const args = [[line.resId], photo.data, photo.key];
                    await this.call(line.resModel, "action_add_photo", args);
                } else {
                    this.tell(_t("%s: the photo was not kept, the checklist has changed.", photo.label));
                }
            } catch (error) {
                if (!REFUSED.includes(error.exceptionName)) {
                    throw error;
                }
                this.tell(`${photo.label}: ${error.data.message}`);
            }
            await this.outbox.settle([photo]);
        }
    }

    /** Save parts, and have the form read what the server makes of the answers. */
    async readBack() {
        const { state } = this.outbox;
        const report = this.model.root;
        if (state.partsChanged) {
            // The form says itself what is missing.
            if (!(await report.save({ reload: true }))) {
                return false;
            }
            state.partsChanged = false;
        } else {
            await report.load();
        }
        this.outbox.showServer();
        await this.showEntries();
        return true;
    }

    /** Put into the fields of the form what was entered and is not sent yet. */
    async showEntries() {
        for (const { name, value, check, known } of this.outbox.entries) {
            if (!check && !known) {
                await this.model.root.update({ [name]: value });
            }
        }
    }
}

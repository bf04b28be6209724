import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionAbortedError, ConnectionLostError, RPCError, rpc } from "@web/core/network/rpc";
import { FetchRecordError } from "@web/model/relational_model/errors";

const RETRY_MS = 8000;
/** A line so slow is as good as none; what was sent may be sent again. */
const PATIENCE_MS = 60000;
const GONE = "odoo.exceptions.MissingError";
/** The server says that it will never take this photo. */
const NOT_WANTED = ".PhotoNotWanted";

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
                const answered = await this.sendEntries();
                await this.sendPhotos();
                if (!(await this.readBack()) || !answered) {
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

    /**
     * Asked even when only photos are left: it says if the report is still open.
     *
     * @returns {Promise<boolean>} whether the server has said something of each entry
     */
    async sendEntries() {
        const sent = this.outbox.entries;
        const report = this.model.root;
        const said = await this.call(report.resModel, "keep_entries", [
            [report.resId],
            this.outbox.pack(sent),
            this.outbox.device,
        ]);
        const answered = sent.filter((entry) => entry.key in said);
        await this.outbox.settle(answered);
        for (const entry of answered) {
            if (said[entry.key] !== true) {
                this.tell(_t("Not kept: %(entry)s. %(why)s", {
                    entry: entry.label,
                    why: said[entry.key],
                }));
            }
        }
        return answered.length === sent.length;
    }

    /**
     * The phone has the only copy of a photo: it goes when the server has it, or has said
     * that it will never take it. Anything else keeps it, and holds up no other photo.
     */
    async sendPhotos() {
        let failure = null;
        for (const photo of this.outbox.photos) {
            try {
                await this.sendPhoto(photo);
            } catch (error) {
                if (!(error instanceof RPCError) || error.exceptionName === GONE) {
                    throw error;
                }
                failure = error;
                continue;
            }
            await this.outbox.settle([photo]);
        }
        if (failure) {
            throw failure;
        }
    }

    async sendPhoto(photo) {
        const lines = this.model.root.data.line_ids.records.map(({ resModel, resId, data }) => ({
            resModel,
            resId,
            check: data.checklist_line_id.id,
            name: data.name,
        }));
        const line =
            lines.find(({ check }) => check === photo.check) ||
            lines.find(({ name }) => name === photo.label);
        if (!line) {
            this.tell(_t("%s: the photo was not kept, the checklist has changed.", photo.label));
            return;
        }
        try {
            await this.call(line.resModel, "action_add_photo", [[line.resId], photo.data, photo.key]);
        } catch (error) {
            if (!error.exceptionName?.endsWith(NOT_WANTED)) {
                throw error;
            }
            this.tell(`${photo.label}: ${error.data.message}`);
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

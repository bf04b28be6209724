import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { uuid } from "@web/core/utils/strings";
import { user } from "@web/core/user";
import { session } from "@web/session";

import { UnsentStore } from "./unsent_store";

const DEVICE_KEY = `fusion_repairs.device.${session.db}`;

function getDevice() {
    let device = browser.localStorage.getItem(DEVICE_KEY);
    if (!device) {
        device = uuid();
        browser.localStorage.setItem(DEVICE_KEY, device);
    }
    return device;
}

/** Return the key of what is said about something that was known of the unit. */
export function knownKey(known, name) {
    return `known.${known}.${name}`;
}

/** Return a value in words, for whoever has to enter it again. */
export function sayValue(field, value) {
    const choice = field.selection?.find(([key]) => key === value);
    return choice ? choice[1] : value;
}

/**
 * What was entered into a report and is not known to be on the server.
 *
 * An entry is in the browser's store before anything is sent, and leaves it when the
 * server has said what happened to it. What is shown is what was entered last.
 */
export class Outbox {
    constructor() {
        this.device = getDevice();
        this.clock = 0;
        this.state = reactive({
            /** By key: what is not sent yet. */
            entries: {},
            photos: {},
            /** Parts have a dialog of their own, and travel with the form. */
            partsChanged: false,
            /** By key: values newer than what the form has read from the server. */
            shown: {},
            phase: "saved",
            savedAt: Date.now(),
            message: "",
            /** What stood above the pad when the client signed: text and facts. */
            signed: null,
            /** False: the browser keeps nothing, so the page must stay open. */
            durable: true,
        });
    }

    /** Bring back what this browser kept of the report of a visit. */
    async restore(visitId) {
        const store = new UnsentStore(`${session.db}/${user.userId}/${visitId}`);
        try {
            await store.open();
            const kept = await store.load();
            this.store = store;
            // What was entered while the store was opening is newer.
            await Promise.all([...this.entries, ...this.photos].map((entry) => this.keep(entry)));
            for (const { scope, ...entry } of kept) {
                this.clock = Math.max(this.clock, entry.clock);
                const place = entry.photo ? this.state.photos : this.state.entries;
                place[entry.key] ??= entry;
                if (!entry.photo) {
                    this.state.shown[entry.key] ??= entry.value;
                    this.state.signed ??= entry.shown || null;
                }
            }
        } catch {
            this.state.durable = false;
        }
    }

    // What there is -------------------------------------------------------------------

    get count() {
        return this.entries.length + this.photos.length + (this.state.partsChanged ? 1 : 0);
    }

    get entries() {
        return Object.values(this.state.entries);
    }

    get photos() {
        return Object.values(this.state.photos);
    }

    /** Return what was entered last, or what the server said. */
    value(key, read) {
        return key in this.state.shown ? this.state.shown[key] : read;
    }

    // Entering ------------------------------------------------------------------------

    /**
     * Keep one entry in the browser.
     *
     * @param {{ name: string, value: any, label: string, check?: number, known?: string,
     *     shown?: Object }} entered shown: what stood above a signature
     */
    enter({ name, value, label, check = false, known = false, shown = false }) {
        const key = known ? knownKey(known, name) : check ? `${check}.${name}` : name;
        const entry = { key, name, value, label, check, known, shown, ...this.stamp() };
        this.state.shown[key] = value;
        this.state.entries[key] = entry;
        return this.keep(entry);
    }

    enterPhoto(check, label, data) {
        const entry = { key: uuid(), photo: true, check, label, data, ...this.stamp() };
        this.state.photos[entry.key] = entry;
        return this.keep(entry);
    }

    /** The clock of this device, made to run forward only. */
    stamp() {
        const at = Date.now();
        this.clock = Math.max(at, this.clock + 1);
        return { at, clock: this.clock };
    }

    async keep(entry) {
        try {
            await this.store?.put(entry);
        } catch {
            this.state.durable = false;
        }
    }

    // Sending -------------------------------------------------------------------------

    /** Return the entries as the server takes them; ages hold for this moment. */
    pack(entries) {
        const now = Date.now();
        return entries.map(({ key, name, value, check, known, shown, at, clock }) => ({
            key,
            name,
            value,
            check,
            known: known || false,
            shown: shown || false,
            clock,
            age: Math.max(0, now - at),
        }));
    }

    /** Forget what the server has decided about, unless it was changed since. */
    async settle(sent) {
        for (const entry of sent) {
            const place = entry.photo ? this.state.photos : this.state.entries;
            if (place[entry.key]?.clock === entry.clock) {
                delete place[entry.key];
            }
            try {
                await this.store?.remove(entry);
            } catch {
                this.state.durable = false;
            }
        }
    }

    /** The form has read the server's values: only what is not sent is newer. */
    showServer() {
        for (const key of Object.keys(this.state.shown)) {
            if (!(key in this.state.entries)) {
                delete this.state.shown[key];
            }
        }
    }
}

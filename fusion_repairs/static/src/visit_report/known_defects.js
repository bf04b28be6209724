import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { knownKey } from "./outbox";

const SOON_MS = 400;
const PAUSE_MS = 1200;
const UNIT = "unit";

/** One thing that was known of the unit, and what this visit says about it. */
export class KnownDefect extends Component {
    static template = "fusion_repairs.KnownDefect";
    static props = { known: Object };

    setup() {
        const { outbox, sender } = this.env.visitReport;
        this.outbox = outbox;
        this.sender = sender;
        this.unsent = useState(outbox.state);
    }

    get answers() {
        const isUnit = this.props.known.key === UNIT;
        return [
            { value: "closed", label: isUnit ? _t("Return to service") : _t("Repaired") },
            { value: "open", label: isUnit ? _t("Stays out of use") : _t("Still there") },
        ];
    }

    get noteLabel() {
        return this.props.known.key === UNIT
            ? _t("Why may it be used again?")
            : _t("What was done?");
    }

    value(name) {
        const key = knownKey(this.props.known.key, name);
        return key in this.unsent.shown ? this.unsent.shown[key] : this.props.known[name];
    }

    get isWaiting() {
        const { key } = this.props.known;
        const names = ["answer", "note"];
        return names.some((name) => knownKey(key, name) in this.unsent.entries);
    }

    enter(name, value, label, delay) {
        const { key, name: what } = this.props.known;
        if (this.value(name) !== value) {
            this.outbox.enter({ name, value, label: `${what}: ${label}`, known: key });
            this.sender.soon(delay);
        }
    }

    answer(choice) {
        this.enter("answer", choice.value, choice.label, SOON_MS);
    }

    onInput(value) {
        this.enter("note", value, value, PAUSE_MS);
    }
}

/** What is known of the unit, on top of the report: danger first. */
export class KnownDefects extends Component {
    static template = "fusion_repairs.KnownDefects";
    static components = { KnownDefect };
    static props = { ...standardFieldProps };

    get known() {
        return this.props.record.data[this.props.name] || [];
    }

    get isUnsafe() {
        return this.props.record.data.unit_unsafe;
    }
}

registry.category("fields").add("fusion_known_defects", {
    component: KnownDefects,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "unit_unsafe", type: "boolean" }],
});

import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { readPhoto } from "./photos";

const PAUSE = 1200;

/** The checks of a visit as cards for the thumb: one at a time, or all. */
export class VisitChecklist extends Component {
    static template = "fusion_repairs.VisitChecklist";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        /** What is in the text fields, newer than what the record knows. */
        this.typed = {};
        this.timers = {};
        this.state = useState({ oneByOne: this.ui.isSmall, at: 0, sending: false });
        const open = this.lines.findIndex((line) => !this.isDone(line));
        this.state.at = Math.max(0, open);
    }

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    get shown() {
        return this.state.oneByOne ? this.lines.slice(this.state.at, this.state.at + 1) : this.lines;
    }

    get doneCount() {
        return this.lines.filter((line) => this.isDone(line)).length;
    }

    get answers() {
        return [
            { value: "pass", label: _t("Pass"), style: "success", icon: "fa-check" },
            { value: "fail", label: _t("Fail"), style: "danger", icon: "fa-times" },
            { value: "na", label: _t("N/A"), style: "secondary", icon: "fa-minus" },
        ];
    }

    get urgencies() {
        return this.lines[0].fields.urgency.selection;
    }

    isDone(line) {
        return Boolean(line.data.result) && !line.data.problem;
    }

    photos(line) {
        return line.data.photo_ids.currentIds;
    }

    noteLabel(line) {
        if (line.data.result === "fail") {
            return _t("What did you find?");
        }
        if (line.data.result === "na") {
            return _t("Why does it not apply?");
        }
        return line.data.answer_type === "text" ? _t("What did you read or find?") : _t("Note");
    }

    // Answering -------------------------------------------------------------------

    /**
     * Change an answer. A save that reads the report back replaces its lines, so the
     * line is looked up when nothing is under way any more.
     */
    async change(line, changes) {
        await this.props.record.model.mutex.getUnlockedDef();
        const current = this.lines.find((other) => other.resId === line.resId);
        await current.update(changes);
        return current;
    }

    async answer(line, result) {
        line = await this.change(line, { result });
        const settled = result === "pass" && line.data.answer_type === "check";
        const photoLeft = line.data.photo_wanted && !this.photos(line).length;
        if (this.state.oneByOne && settled && !photoLeft && !this.isLast) {
            this.state.at += 1;
        }
    }

    setUrgency(line, value) {
        return this.change(line, { defect_class: value });
    }

    text(line, name) {
        return this.typed[`${line.resId}.${name}`] ?? line.data[name] ?? "";
    }

    onInput(line, name, value) {
        const key = `${line.resId}.${name}`;
        this.typed[key] = value;
        browser.clearTimeout(this.timers[key]);
        this.timers[key] = browser.setTimeout(() => this.commit(line, name), PAUSE);
    }

    async commit(line, name) {
        const key = `${line.resId}.${name}`;
        browser.clearTimeout(this.timers[key]);
        if (key in this.typed && this.typed[key] !== (line.data[name] || "")) {
            const value = this.typed[key];
            await this.change(line, { [name]: value });
        }
    }

    // Photos ----------------------------------------------------------------------

    async addPhotos(line, input) {
        const files = [...input.files];
        this.state.sending = line.resId;
        try {
            await this.props.record.save();
            for (const file of files) {
                const data = await readPhoto(file);
                await this.orm.call(line.resModel, "action_add_photo", [[line.resId], data]);
            }
        } finally {
            input.value = "";
            this.state.sending = false;
            await this.props.record.load();
        }
    }

    async removePhoto(line, id) {
        await this.props.record.save();
        await this.orm.call(line.resModel, "action_remove_photo", [[line.resId], id]);
        await this.props.record.load();
    }

    // One at a time ---------------------------------------------------------------

    get isLast() {
        return this.state.at >= this.lines.length - 1;
    }

    go(step) {
        this.state.at = Math.min(Math.max(this.state.at + step, 0), this.lines.length - 1);
    }

    setOneByOne(oneByOne) {
        this.state.oneByOne = oneByOne;
    }
}

registry.category("fields").add("fusion_visit_checklist", {
    component: VisitChecklist,
    displayName: _t("Visit checklist"),
    supportedTypes: ["one2many"],
    useSubView: true,
});

import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { KnownDefect } from "./known_defects";
import { knownKey, sayValue } from "./outbox";
import { readPhoto } from "./photos";

const SOON_MS = 400;
const PAUSE_MS = 1200;

/** The checks of a visit as cards for the thumb: one at a time, or all. */
export class VisitChecklist extends Component {
    static template = "fusion_repairs.VisitChecklist";
    static components = { KnownDefect };
    static props = { ...standardFieldProps };

    setup() {
        this.ui = useService("ui");
        this.notification = useService("notification");
        const { outbox, sender } = this.env.visitReport;
        this.sender = sender;
        this.outbox = outbox;
        this.unsent = useState(outbox.state);
        this.state = useState({ oneByOne: this.ui.isSmall, at: 0 });
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

    /** Return what was entered last into a field of a check. */
    value(line, name) {
        const key = `${this.idOf(line)}.${name}`;
        return key in this.unsent.shown ? this.unsent.shown[key] : line.data[name];
    }

    idOf(line) {
        return line.data.checklist_line_id.id;
    }

    /** The server judges answers; what it has not seen, it has not judged. */
    problem(line) {
        return this.isWaiting(line) ? false : line.data.problem;
    }

    isWaiting(line) {
        const check = this.idOf(line);
        const entries = Object.values(this.unsent.entries);
        return (
            ["offline", "refused"].includes(this.unsent.phase) &&
            entries.some((entry) => entry.check === check)
        );
    }

    isDone(line) {
        const result = this.value(line, "result");
        return (
            Boolean(result) &&
            !this.problem(line) &&
            this.knownOf(line).every((known) => this.isKnownDone(known, result))
        );
    }

    /** What was known before this visit and is asked about by a check. */
    knownOf(line) {
        const known = this.props.record.data.known || [];
        return known.filter(({ check }) => check === this.idOf(line));
    }

    /** The same as the server says, for what it has not seen yet. */
    isKnownDone(known, result) {
        const [answer, note] = ["answer", "note"].map((name) => {
            const key = knownKey(known.key, name);
            return key in this.unsent.shown ? this.unsent.shown[key] : known[name];
        });
        if (answer === "closed") {
            return result === "pass" && Boolean(note?.trim());
        }
        return answer === "open" || result !== "pass";
    }

    photos(line) {
        return line.data.photo_ids.currentIds;
    }

    unsentPhotos(line) {
        const check = this.idOf(line);
        return Object.values(this.unsent.photos).filter((photo) => photo.check === check);
    }

    /** A photo is wanted where the checklist says so, and of whatever failed. */
    wantsPhoto(line) {
        const taken = this.photos(line).length + this.unsentPhotos(line).length;
        const failed = this.value(line, "result") === "fail";
        return (line.data.photo_wanted || failed) && !taken;
    }

    /** A failure is as urgent as chosen; the rules have their say once it is sent. */
    urgency(line) {
        return this.value(line, "defect_class") || line.data.urgency;
    }

    noteLabel(line) {
        const result = this.value(line, "result");
        if (result === "fail") {
            return _t("What did you find?");
        }
        if (result === "na") {
            return _t("Why does it not apply?");
        }
        return line.data.answer_type === "text" ? _t("What did you read or find?") : _t("Note");
    }

    // Answering -------------------------------------------------------------------

    enter(line, name, value, delay) {
        const check = this.idOf(line);
        if (this.value(line, name) !== value) {
            const label = `${line.data.name}: ${sayValue(line.fields[name], value)}`;
            this.outbox.enter({ name, value, label, check });
            this.sender.soon(delay);
        }
    }

    answer(line, result) {
        this.enter(line, "result", result, SOON_MS);
        const settled =
            result === "pass" && line.data.answer_type === "check" && this.isDone(line);
        if (this.state.oneByOne && settled && !this.wantsPhoto(line) && !this.isLast) {
            this.state.at += 1;
        }
    }

    setUrgency(line, value) {
        this.enter(line, "defect_class", value, SOON_MS);
    }

    onInput(line, name, value) {
        this.enter(line, name, value, PAUSE_MS);
    }

    // Photos ----------------------------------------------------------------------

    async addPhotos(line, input) {
        const files = [...input.files];
        input.value = "";
        for (const file of files) {
            const data = await readPhoto(file);
            await this.outbox.enterPhoto(this.idOf(line), line.data.name, data);
        }
        this.sender.soon(0);
    }

    dropPhoto(photo) {
        this.outbox.settle([photo]);
    }

    async removePhoto(line, id) {
        if (!(await this.sender.send())) {
            this.notification.add(_t("A photo that was sent needs a connection to be removed."), {
                type: "warning",
            });
            return;
        }
        const current = this.lines.find((other) => this.idOf(other) === this.idOf(line));
        await this.sender.call(current.resModel, "action_remove_photo", [[current.resId], id]);
        await this.sender.readBack();
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

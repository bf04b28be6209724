/* global SignaturePad */
import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { loadJS } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

import { collectFacts, collectStatement, isSame } from "./signed";

const CATCH_UP_MS = 3000;

/** Load what draws, while there is a connection. */
export function loadPad() {
    return loadJS("/web/static/lib/signature_pad/signature_pad.umd.js");
}

/** A pad to draw on with the finger, below what is signed. It asks nothing of the server. */
export class DrawnSignatureDialog extends Component {
    static template = "fusion_repairs.DrawnSignatureDialog";
    static components = { Dialog };
    static props = {
        title: String,
        statement: { type: Array, element: String },
        onDrawn: Function,
        close: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ empty: true });
        onWillStart(loadPad);
        onMounted(() => {
            const canvas = this.canvas.el;
            Object.assign(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
            this.pad = new SignaturePad(canvas, { penColor: "DarkBlue", minWidth: 2, maxWidth: 2 });
            this.pad.addEventListener("endStroke", () => {
                this.state.empty = this.pad.isEmpty();
            });
        });
    }

    clear() {
        this.pad.clear();
        this.state.empty = true;
    }

    confirm() {
        this.props.onDrawn(this.pad.toDataURL().split(",")[1]);
        this.props.close();
    }
}

/** A signature that is drawn, not typed or uploaded, with or without a connection. */
export class DrawnSignatureField extends SignatureField {
    static template = "fusion_repairs.DrawnSignatureField";

    setup() {
        super.setup();
        this.notification = useService("notification");
        this.outbox = this.env.visitReport.outbox;
        this.unsent = useState(this.outbox.state);
        this.drawn = useState({ data: "" });
    }

    /** What was drawn here is shown as drawn: the server's picture has one address. */
    get getUrl() {
        return this.drawn.data && this.value
            ? `data:image/png;base64,${this.drawn.data}`
            : super.getUrl;
    }

    /** The outbox as this field sees it: it is drawn again when something is entered. */
    get seen() {
        const { shown } = this.unsent;
        return {
            count: this.outbox.count,
            value: (key, read) => (key in shown ? shown[key] : read),
        };
    }

    get isClients() {
        return this.props.name === "signature";
    }

    /** The client signed something else than what the report says by now. */
    get isStale() {
        if (!this.isClients) {
            return false;
        }
        const { record } = this.props;
        const signed = this.unsent.signed?.facts;
        const changed = signed && !isSame(signed, collectFacts(record, this.seen));
        return record.data.signature_stale || Boolean(changed && this.value);
    }

    /** Have the server judge what was entered last, unless the line is too slow for it. */
    async catchUp() {
        if (this.unsent.phase !== "offline") {
            const patience = new Promise((resolve) => browser.setTimeout(resolve, CATCH_UP_MS));
            await Promise.race([this.env.visitReport.sender.send(), patience]);
        }
    }

    async onClickSignature() {
        const { name, readonly, record } = this.props;
        if (readonly) {
            return;
        }
        if (this.isClients) {
            await this.catchUp();
        }
        if (this.isClients && this.unsent.partsChanged) {
            this.notification.add(
                _t("The parts are not saved yet, so their price is not known. Please ask for the signature once they are."),
                { type: "warning" }
            );
            return;
        }
        const shown = this.isClients && {
            lines: collectStatement(record, this.seen),
            facts: collectFacts(record, this.seen),
        };
        this.dialogService.add(DrawnSignatureDialog, {
            title: record.fields[name].string,
            statement: shown ? shown.lines : [],
            onDrawn: (data) => {
                this.drawn.data = data;
                if (shown) {
                    this.outbox.state.signed = { text: shown.lines.join("\n"), facts: shown.facts };
                }
                return record.update({ [name]: data });
            },
        });
    }
}

registry.category("fields").add("fusion_drawn_signature", {
    ...signatureField,
    component: DrawnSignatureField,
});

/* global SignaturePad */
import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { loadJS } from "@web/core/assets";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

const RATIO = 3;

/** Load what draws, while there is a connection. */
export function loadPad() {
    return loadJS("/web/static/lib/signature_pad/signature_pad.umd.js");
}

/** A pad to draw on with the finger. It asks nothing of the server. */
export class DrawnSignatureDialog extends Component {
    static template = "fusion_repairs.DrawnSignatureDialog";
    static components = { Dialog };
    static props = { title: String, onDrawn: Function, close: Function };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ empty: true });
        onWillStart(loadPad);
        onMounted(() => {
            const canvas = this.canvas.el;
            const width = canvas.clientWidth;
            Object.assign(canvas, { width, height: Math.round(width / RATIO) });
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
    setup() {
        super.setup();
        this.drawn = useState({ data: "" });
    }

    /** What was drawn here is shown as drawn: the server's picture has one address. */
    get getUrl() {
        return this.drawn.data ? `data:image/png;base64,${this.drawn.data}` : super.getUrl;
    }

    onClickSignature() {
        if (this.props.readonly) {
            return;
        }
        const { name, record } = this.props;
        this.dialogService.add(DrawnSignatureDialog, {
            title: record.fields[name].string,
            onDrawn: (data) => {
                this.drawn.data = data;
                return record.update({ [name]: data });
            },
        });
    }
}

registry.category("fields").add("fusion_drawn_signature", {
    ...signatureField,
    component: DrawnSignatureField,
});

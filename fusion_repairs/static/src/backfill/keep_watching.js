import { registry } from "@web/core/registry";
import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";

const EVERY_MS = 3000;

/** Loads a record again and again, so that its progress is seen as it goes. */
export class KeepWatching extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = ["*"];

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.look(), EVERY_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        const { record } = this.props;
        // Nobody's typing is lost, and nobody asks twice at a time.
        if (this.looking || document.hidden || (await record.isDirty())) {
            return;
        }
        this.looking = true;
        try {
            await record.load();
        } catch {
            // Offline for a moment, maybe: the next look may go well.
        } finally {
            this.looking = false;
        }
    }
}

registry.category("view_widgets").add("fusion_repair_keep_watching", {
    component: KeepWatching,
});

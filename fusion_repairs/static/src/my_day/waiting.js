import { onWillStart } from "@odoo/owl";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { session } from "@web/session";
import { MyDay } from "@fusion_tasks/my_day/my_day";

import { countUnsent } from "../visit_report/unsent_store";

patch(MyDay.prototype, {
    setup() {
        super.setup();
        Object.assign(this.state, { unsentReports: 0 });
        onWillStart(() => this.countReports());
    },

    /** A report may wait on this phone that nobody would think of any more. */
    async countReports() {
        this.state.unsentReports = await countUnsent(`${session.db}/${user.userId}/`);
    },

    onShown() {
        this.countReports();
        return super.onShown();
    },
});

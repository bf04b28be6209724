import { Component, onWillUnmount, useState } from "@odoo/owl";
import { session } from "@web/session";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";
import { WebClient } from "@web/webclient/webclient";

const ASK_AGAIN_MS = 60 * 60 * 1000;

/**
 * Says above every page of the office that clients are not being reminded.
 *
 * The text comes with the page; a page that stays open for days asks again now and then.
 */
export class ReminderBanner extends Component {
    static template = "fusion_repairs.ReminderBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ alert: session.fc_reminder_alert || false });
        if ("fc_reminder_alert" in session) {
            const timer = browser.setInterval(() => this.ask(), ASK_AGAIN_MS);
            onWillUnmount(() => browser.clearInterval(timer));
        }
    }

    async ask() {
        this.state.alert = await this.orm.silent.call(
            "fusion.repair.reminder.watch",
            "get_alert",
            []
        );
    }

    openJob() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ir.cron",
            res_id: this.state.alert.job,
            views: [[false, "form"]],
        });
    }

    hide() {
        this.state.alert = false;
    }
}

WebClient.components = { ...WebClient.components, ReminderBanner };

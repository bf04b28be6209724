import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** How the chip of each status looks; the rest stays plain. */
const CHIPS = {
    en_route: "text-bg-info",
    in_progress: "text-bg-warning",
    completed: "text-bg-success",
    no_show: "text-bg-danger",
};

/** One visit: where, when, whom to call, and the buttons to report on it. */
export class MyDayCard extends Component {
    static template = "fusion_tasks.MyDayCard";
    static props = {
        visit: Object,
        isCurrent: Boolean,
        isBusy: Boolean,
        isLocked: Boolean,
        unsaved: { type: Object, optional: true },
        onAct: Function,
        onRetry: Function,
        onForget: Function,
    };

    get chip() {
        return CHIPS[this.props.visit.status] || "text-bg-secondary";
    }

    get mainButtons() {
        return this.props.visit.actions.filter((button) => button.primary);
    }

    get otherButtons() {
        return this.props.visit.actions.filter((button) => !button.primary);
    }

    get links() {
        return this.props.visit.links.filter((link) => !link.is_step);
    }

    /** What was tapped too early is taken back, unless a step still waits to be sent. */
    get undoSteps() {
        return this.props.unsaved ? [] : this.props.visit.links.filter((link) => link.is_step);
    }

    /** Web maps open beside this page; apps need no empty tab. */
    get mapTarget() {
        return this.props.visit.map_url.startsWith("http") ? "_blank" : false;
    }

    get hasBody() {
        const { address, phone, notes, details, access } = this.props.visit;
        return Boolean(address || phone || notes.length || details.length || access);
    }

    get driveWords() {
        const { minutes, from_start: fromStart } = this.props.visit.drive;
        if (!minutes) {
            return _t("Same place, no drive");
        }
        const time = this.say(minutes);
        return fromStart
            ? _t("%(time)s drive from your start place", { time })
            : _t("%(time)s drive", { time });
    }

    say(minutes) {
        const hours = Math.floor(minutes / 60);
        return hours
            ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 })
            : _t("%(minutes)s min", { minutes });
    }
}

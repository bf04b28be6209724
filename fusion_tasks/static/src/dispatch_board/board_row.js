import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { sayClock, sayDay, sayMinutes, saySpan } from "./board_words";

/** A technician's row: one day along the hours, or a week of days. */
export class BoardRow extends Component {
    static template = "fusion_tasks.BoardRow";
    static props = {
        row: Object,
        axis: Object,
        scale: String,
        onMap: Function,
        onOff: Function,
    };

    get summary() {
        const { count, booked, driven } = this.props.row;
        if (!count) {
            return _t("No tasks");
        }
        const words = { count, booked: sayMinutes(booked), driven: sayMinutes(driven) };
        return count === 1
            ? _t("1 task, %(booked)s · %(driven)s driving", words)
            : _t("%(count)s tasks, %(booked)s · %(driven)s driving", words);
    }

    /** Return where a span lies on the axis. */
    place({ from, to }) {
        const { axis } = this.props;
        const length = axis.to - axis.from;
        const start = Math.max(from, axis.from);
        const share = (minutes) => ((100 * minutes) / length).toFixed(3);
        return `left:${share(start - axis.from)}%;width:${share(Math.max(0, to - start))}%;`;
    }

    /** Return where a card lies: on the axis, and in which lane. */
    placeCard(task) {
        return `${this.place(task)}--fc-lane:${task.lane};`;
    }

    getCardClass(task) {
        return [
            `o_fc_type_${task.type}`,
            `o_fc_status_${task.status}`,
            task.movable ? "o_fc_movable" : "",
            task.in_zone ? "" : "o_fc_aside",
        ].join(" ");
    }

    getFill(day) {
        const share = day.worked ? (100 * (day.booked + day.driven)) / day.worked : 0;
        return `width:${Math.min(100, share).toFixed(1)}%`;
    }

    describe(task, date) {
        const words = {
            client: task.client,
            type: task.type_label,
            day: sayDay(date),
            span: saySpan(task.from, task.to),
            status: task.status_label,
            city: task.city || _t("no place"),
        };
        return _t("%(client)s, %(type)s, %(day)s, %(span)s, %(city)s. %(status)s.", words);
    }

    describeDrive(drive) {
        const words = { minutes: drive.minutes };
        return drive.tight
            ? _t("%(minutes)s min drive: not enough time", words)
            : _t("%(minutes)s min drive", words);
    }

    sayClock(minutes) {
        return sayClock(minutes);
    }

    sayMinutes(minutes) {
        return sayMinutes(minutes);
    }

    sayNamed(span) {
        return `${span.label}: ${saySpan(span.from, span.to)}`;
    }

    isWholeDay(span) {
        return span.to - span.from >= 23 * 60;
    }

    get mapLabel() {
        return _t("Map of %(name)s's day", { name: this.props.row.name });
    }

    get offLabel() {
        return _t("Record time off of %(name)s", { name: this.props.row.name });
    }
}

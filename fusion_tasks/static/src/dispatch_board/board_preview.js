import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { LEVEL_NAMES, sayLevel, saySpan, sayVerdict } from "./board_words";

const BUBBLE_WIDTH = 330;

/** What is in hand: its outline where it would land, with the verdict beside it. */
export class BoardPreview extends Component {
    static template = "fusion_tasks.BoardPreview";
    static props = { hold: Object, axis: Object, scale: String };

    setup() {
        this.hold = useState(this.props.hold);
        this.outline = useRef("outline");
        useEffect(
            (element, spot) => element && spot && this.lay(element, spot),
            () => [this.outline.el, this.hold.spot]
        );
    }

    get level() {
        const { spot } = this.hold;
        return spot.level === null ? "asking" : LEVEL_NAMES[spot.level];
    }

    get span() {
        const { spot, task } = this.hold;
        return saySpan(spot.minutes, spot.minutes + task.minutes);
    }

    get words() {
        return sayVerdict(this.hold.spot);
    }

    get label() {
        return sayLevel(this.hold.spot.level);
    }

    /** Lay the outline over the row, where the task would be. */
    lay(element, { technicianId, date, minutes }) {
        const grid = element.closest(".o_fc_grid");
        const track = grid.querySelector(
            `[data-technician="${technicianId}"][data-date="${date}"]`
        );
        if (!track) {
            return;
        }
        const outer = grid.getBoundingClientRect();
        const box = track.getBoundingClientRect();
        const { axis, scale } = this.props;
        let [left, width] = [box.left - outer.left, box.width];
        if (scale === "day") {
            const length = axis.to - axis.from;
            left += (box.width * (minutes - axis.from)) / length;
            const end = Math.min(minutes + this.hold.task.minutes, axis.to);
            width = (box.width * (end - minutes)) / length;
        }
        Object.assign(element.style, {
            left: `${left}px`,
            top: `${box.top - outer.top}px`,
            width: `${width}px`,
            height: `${box.height}px`,
        });
        const isLow = box.bottom + 90 > window.innerHeight;
        const edge = element.closest(".o_fc_scroller").getBoundingClientRect().right;
        const isRight = outer.left + left + BUBBLE_WIDTH > edge;
        element.classList.toggle("o_fc_bubble_above", isLow && box.top > 140);
        element.classList.toggle("o_fc_bubble_left", isRight);
        if (this.hold.mode === "keyboard") {
            element.scrollIntoView({ block: "nearest", inline: "nearest" });
        }
    }
}

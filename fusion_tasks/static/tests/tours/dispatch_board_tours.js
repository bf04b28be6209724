import { registry } from "@web/core/registry";

const { DateTime } = luxon;
export const TECH = ".o_fc_row[aria-label^=fc_tech]";
const COLLEAGUE = ".o_fc_row[aria-label^=fc_colleague]";
export const WAITING = ".o_fc_side .o_fc_card:contains(Client One)";
export const HELD = ".o_fc_board.o_fc_holding";
export const FREE = ".o_fc_board:not(.o_fc_holding)";

export function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

/** Return two frames later: pointers are followed once a frame. */
export function nextFrame() {
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

export function getMonday() {
    return DateTime.local().plus({ weeks: 1 }).startOf("week").toISODate();
}

export function goToMonday() {
    return [
        {
            content: "go to next week's Monday",
            trigger: ".o_fc_board .o_fc_date",
            run() {
                this.anchor.value = getMonday();
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: `.o_fc_board[data-date='${getMonday()}']`,
        },
    ];
}

export function point(target, type, x, y, more = {}) {
    const options = { bubbles: true, cancelable: true, pointerId: 7, isPrimary: true };
    const buttons = type === "pointerup" ? 0 : 1;
    const at = { clientX: x, clientY: y, button: 0, buttons };
    target.dispatchEvent(new PointerEvent(type, { ...options, ...at, ...more }));
}

/** Take a card with the pointer, to a time of a row; keep it there for a look. */
export async function carry(card, row, hour) {
    const track = document.querySelector(`${row} .o_fc_track`);
    const hours = document.querySelectorAll(".o_fc_hour").length;
    const first = Number(document.querySelector(".o_fc_board").dataset.from) / 60;
    const from = card.getBoundingClientRect();
    const box = track.getBoundingClientRect();
    // TimelineStop at its beginning, so that it begins where the pointer is.
    point(card, "pointerdown", from.left + 1, from.top + 12);
    const x = box.left + (box.width * (hour - first)) / hours + 2;
    const y = box.top + 20;
    point(card, "pointermove", from.left - 20, from.top + 30);
    await nextFrame();
    point(card, "pointermove", x, y);
    await nextFrame();
    return () => point(card, "pointerup", x, y);
}

let putDown = null;

function take(trigger, row, hour) {
    return {
        content: `hold it over ${hour} o'clock`,
        trigger,
        async run() {
            putDown = await carry(this.anchor, row, hour);
        },
    };
}

function drop(level, words = "") {
    return {
        content: `the verdict is ${level}: put it down`,
        trigger: `${HELD} .o_fc_outline.o_fc_is_${level} .o_fc_bubble:contains(${words})`,
        run: () => putDown(),
    };
}

export function press(trigger, key, options = {}) {
    return {
        content: `press ${key}`,
        trigger,
        run() {
            const target = this.anchor.matches(".o_fc_card") ? this.anchor : document.activeElement;
            target.focus();
            const init = { key, bubbles: true, cancelable: true, ...options };
            target.dispatchEvent(new KeyboardEvent("keydown", init));
        },
    };
}

function hear(words) {
    return { content: `hear: ${words}`, trigger: `[aria-live]:contains(${words})` };
}

registry.category("web_tour.tours").add("fusion_tasks_board_pointer", {
    steps: () => [
        ...goToMonday(),
        take(WAITING, TECH, 14),
        drop("open", "min drive there"),
        {
            content: "scheduled from the side",
            trigger: `${FREE} ${TECH} .o_fc_card:contains(2:00)`,
        },
        take(`${TECH} .o_fc_card:contains(Client One)`, TECH, 10),
        drop("open"),
        {
            content: "moved",
            trigger: `${FREE} ${TECH} .o_fc_card:contains(10:00)`,
        },
        take(`${TECH} .o_fc_card:contains(Client One)`, COLLEAGUE, 15),
        drop("open"),
        {
            content: "given to the colleague",
            trigger: `${FREE} ${COLLEAGUE} .o_fc_card:contains(3:00)`,
        },
        {
            content: "take that back",
            trigger: ".o_fc_undo:enabled",
            run: "click",
        },
        take(`${FREE} ${TECH} .o_fc_card:contains(10:00)`, TECH, 12),
        drop("no", "Outside"),
        {
            content: "lunch is refused, in words",
            trigger: ".o_notification:contains(Outside the technician's working hours)",
        },
        {
            trigger: `${FREE} ${TECH} .o_fc_card:contains(10:00)`,
        },
        {
            content: "the dispatcher means it",
            trigger: ".o_fc_forced",
            run: "click",
        },
        take(`${TECH} .o_fc_card:contains(10:00)`, TECH, 12),
        drop("no"),
        {
            trigger: `${FREE} ${TECH} .o_fc_card:contains(12:00)`,
        },
        {
            content: "a click opens the task",
            trigger: `${TECH} .o_fc_card:contains(12:00)`,
            run: "click",
        },
        {
            trigger: ".modal .o_form_view .o_field_widget[name=partner_id]",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

registry.category("web_tour.tours").add("fusion_tasks_board_keyboard", {
    steps: () => [
        ...goToMonday(),
        // Rows are in the order of names: the colleague first.
        press(WAITING, "Enter"),
        hear("fc_colleague"),
        hear("Not possible: Travel from the start place"),
        press(HELD, "ArrowDown"),
        hear("fc_tech"),
        press(HELD, "ArrowRight"),
        press(HELD, "ArrowRight"),
        hear("Open: "),
        {
            content: "the outline is where the voice says",
            trigger: `${HELD} .o_fc_outline.o_fc_is_open .o_fc_bubble:contains(9:00)`,
        },
        press(HELD, "Enter"),
        {
            content: "put down",
            trigger: `${FREE} ${TECH} .o_fc_card:contains(9:00)`,
        },
        hear("Done: fc_tech"),
        {
            content: "the keyboard stays with the card",
            trigger: `${TECH} .o_fc_card:contains(9:00):focus`,
        },
        press(`${TECH} .o_fc_card:contains(9:00)`, "Enter"),
        press(HELD, "ArrowUp"),
        press(HELD, "Escape"),
        hear("stays where it was"),
        {
            trigger: `${FREE} ${TECH} .o_fc_card:contains(9:00)`,
        },
        {
            content: "a week at a glance",
            trigger: ".o_fc_week",
            run: "click",
        },
        press(`.o_fc_scale_week ${TECH} .o_fc_card:contains(9:00)`, "Enter"),
        press(HELD, "ArrowRight"),
        hear("Open: "),
        press(HELD, "Enter"),
        {
            content: "the same hour, a day later",
            trigger: `${FREE} ${TECH} .o_fc_card:contains(9:00):focus`,
        },
        press(FREE, "z", { ctrlKey: true }),
        hear("Undone"),
        {
            trigger: `${FREE} .o_fc_undo:enabled`,
        },
        press(`${TECH} .o_fc_card:contains(9:00)`, "Enter"),
        press(HELD, "Delete"),
        {
            content: "unscheduled",
            trigger: `${FREE} ${WAITING}`,
            run() {
                check(!document.querySelector(".o_fc_track .o_fc_card"), "still on the day");
            },
        },
    ],
});

registry.category("web_tour.tours").add("fusion_tasks_board_map", {
    steps: () => [
        ...goToMonday(),
        {
            trigger: `${TECH}:has(.o_fc_card) .o_fc_open_map`,
            run: "click",
        },
        {
            content: "two stops and the start, in order",
            trigger: ".modal .leaflet-container:has(.leaflet-interactive)",
            run() {
                const signs = [...document.querySelectorAll(".leaflet-marker-icon")];
                check(signs.map((sign) => sign.textContent).join() === "⌂,1,2", "wrong pins");
                check(!document.querySelector(".leaflet-tile"), "tiles without an address");
                const strangers = performance
                    .getEntriesByType("resource")
                    .filter(({ name }) => /^https?:/.test(name))
                    .filter(({ name }) => !name.startsWith(window.location.origin));
                check(!strangers.length, `asked elsewhere: ${strangers[0]?.name}`);
            },
        },
        {
            trigger: ".modal .o_fc_map_stop:contains(Client One)",
            run: "click",
        },
        {
            trigger: ".modal .leaflet-tooltip:contains(Client One)",
        },
    ],
});

import { RPCError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import {
    carry,
    check,
    FREE,
    getMonday,
    goToMonday,
    HELD,
    nextFrame,
    point,
    press,
    TECH,
    WAITING,
} from "./dispatch_board_tours";

const CARD = `${TECH} .o_fc_card:contains(Client One)`;
let letThrough = null;
let putDown = null;
let count = 0;

/** Let a method of the board wait before it is asked for, or refuse it. */
function holdBack(method, words = "") {
    const ask = rpc._rpc;
    const gate = new Promise((resolve) => (letThrough = resolve));
    letThrough = ((open) => () => {
        rpc._rpc = ask;
        open();
    })(letThrough);
    count = 0;
    rpc._rpc = function (url, params, settings) {
        if (params?.model !== "fusion.dispatch.board" || params.method !== method) {
            return ask(...arguments);
        }
        count++;
        return gate.then(() => {
            if (words) {
                throw Object.assign(new RPCError(), { data: { message: words } });
            }
            return ask(url, params, settings);
        });
    };
}

function move(x = 700, y = 300, options = {}) {
    point(document.querySelector(".o_fc_board"), "pointermove", x, y, options);
    return nextFrame();
}

/** Take the waiting card to an hour of the technician's. */
function hold(hour, before = () => {}) {
    return {
        content: `hold it over ${hour} o'clock`,
        trigger: `${FREE} ${WAITING}`,
        async run() {
            before();
            putDown = await carry(this.anchor, TECH, hour);
        },
    };
}

function run(trigger, action) {
    return { trigger, run: action };
}

registry.category("web_tour.tours").add("fusion_tasks_board_hiccups", {
    steps: () => [
        ...goToMonday(),
        // The server refuses the verdicts while the card is carried about.
        hold(14, () => holdBack("verdicts", "Please come again.")),
        run(HELD, () => letThrough()),
        run(`.o_notification:contains(Please come again)`, async () => {
            await move();
            await move(720, 320);
            check(!document.querySelector(".o_fc_holding"), "it is still in hand");
            putDown();
        }),
        // Another day is opened while the card is carried about.
        hold(14),
        run(`${HELD} .o_fc_outline.o_fc_is_open`, async () => {
            document.querySelector(".o_fc_next").click();
            await move();
            putDown();
        }),
        run(`.o_fc_board:not([data-date='${getMonday()}'])`, () => {}),
        ...goToMonday(),
        // Put down before the verdict is there, and thought better of.
        hold(14, () => holdBack("verdicts")),
        run(`${HELD} .o_fc_outline.o_fc_is_asking`, () => putDown()),
        press(HELD, "Escape"),
        run(`${FREE} ${WAITING}`, async () => {
            letThrough();
            await new Promise((resolve) => setTimeout(resolve, 1000));
            check(!document.querySelector(".o_fc_track .o_fc_card"), "planned all the same");
        }),
        // A second finger comes and goes.
        hold(14),
        run(`${HELD} .o_fc_outline.o_fc_is_open`, async () => {
            const board = document.querySelector(".o_fc_board");
            point(board, "pointerup", 10, 10, { pointerId: 8, isPrimary: false });
            point(board, "pointercancel", 10, 10, { pointerId: 8, isPrimary: false });
            await nextFrame();
            check(document.querySelector(".o_fc_holding"), "the other finger dropped it");
        }),
        // The button was let go outside the window.
        run(HELD, () => move(700, 300, { buttons: 0 })),
        // Put down twice, and nothing else is taken up meanwhile.
        hold(14),
        run(`${HELD} .o_fc_outline.o_fc_is_open`, () => {
            holdBack("plan");
            putDown();
        }),
        press(HELD, "Escape"),
        run(`${HELD} ${WAITING}`, async (helpers) => {
            await carry(document.querySelector(".o_fc_side .o_fc_card"), TECH, 10);
            letThrough();
        }),
        run(`${FREE} ${TECH} .o_fc_card:contains(2:00)`, () => {
            check(count === 1, `planned ${count} times`);
            holdBack("plan");
        }),
        press(CARD, "Enter"),
        press(HELD, "ArrowRight"),
        press(`${HELD} .o_fc_outline.o_fc_is_open`, "Enter"),
        press(HELD, "Enter"),
        press(HELD, "ArrowRight"),
        run(HELD, () => letThrough()),
        run(`${FREE} ${TECH} .o_fc_card:contains(2:30)`, () => {
            check(count === 1, `planned ${count} times`);
            holdBack("load_board");
        }),
        // A step can be taken back from when it is done, not from when it is seen.
        press(CARD, "Enter"),
        press(HELD, "Delete"),
        run(`.o_fc_undo[title]:enabled`, async () => {
            for (let tries = 0; tries < 50 && !count; tries++) {
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
            check(count, "the board is not read anew");
            holdBackUndo();
        }),
        run(`${FREE} ${WAITING}`, () => {}),
        press(FREE, "z", { ctrlKey: true }),
        press(FREE, "z", { ctrlKey: true }),
        run(`${FREE} .o_fc_undo`, () => {
            check(count === 1, `taken back ${count} times`);
            letThrough();
        }),
        run(`${FREE} ${TECH} .o_fc_card:contains(2:30)`, () => {}),
    ],
});

function holdBackUndo() {
    letThrough();
    holdBack("undo");
}

import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const CARD = ".o_fc_my_day_card:contains(Client One)";
const SMALLEST_TOUCH = 48;

const GoodRequest = browser.XMLHttpRequest;

/** A connection that is lost for what My Day sends; what else Odoo asks for on the way
 * would end in an error of its own. */
class LostRequest extends GoodRequest {
    open(method, url, ...rest) {
        this.isLost = url.includes("fusion.my.day");
        super.open(method, url, ...rest);
    }
    send(body) {
        if (this.isLost) {
            browser.setTimeout(() => this.dispatchEvent(new Event("error")));
        } else {
            super.send(body);
        }
    }
}

function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

registry.category("web_tour.tours").add("fusion_tasks_my_day", {
    steps: () => [
        {
            content: "the day is there, wide as the phone, with links to map and phone",
            trigger: `${CARD} a.o_fc_my_day_phone[href='tel:4165550199']`,
            run() {
                const root = document.querySelector(".o_fc_my_day_scroll");
                check(root.scrollWidth <= root.clientWidth, "scrolls sideways");
                const controls = ".btn, a, summary";
                for (const el of document.querySelectorAll(
                    [...controls.split(", ")].map((c) => `.o_fc_my_day ${c}`).join(", ")
                )) {
                    const { height } = el.getBoundingClientRect();
                    check(
                        height >= SMALLEST_TOUCH,
                        `too small for a thumb: ${el.textContent} ${height}`
                    );
                }
            },
        },
        { trigger: `${CARD} a.o_fc_my_day_map[href*='43.71']` },
        {
            content: "the notes open",
            trigger: `${CARD} .o_fc_my_day_notes summary`,
            run: "click",
        },
        { trigger: `${CARD} .o_fc_my_day_note:contains(Gate code 12)` },
        { trigger: `${CARD} [name=start_travel]`, run: "click" },
        { trigger: `${CARD} .o_fc_my_day_status:contains(On the way)` },
        { trigger: `${CARD} [name=start]`, run: "click" },
        { trigger: `${CARD} .o_fc_my_day_status:contains(In progress)` },
        { trigger: `${CARD} [name=complete]`, run: "click" },
        {
            content: "what is final is asked about, and may be thought over",
            trigger: ".modal:contains(Only the office) .btn:contains(Not yet)",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `${CARD} .o_fc_my_day_status:contains(In progress)` },
        { trigger: `${CARD} [name=complete]`, run: "click" },
        { trigger: ".modal .btn-primary:contains(Done)", run: "click" },
        { trigger: `${CARD} .o_fc_my_day_status:contains(Completed)` },
        { trigger: ".o_fc_my_day_header:contains(1 of 1 done)" },
        {
            content: "the day after is empty, and says so",
            trigger: ".o_fc_my_day_next",
            run: "click",
        },
        { trigger: ".o_fc_my_day_empty:contains(No visits on this day)" },
        { trigger: ".o_fc_my_day_go", run: "click" },
        { trigger: ".o_fc_my_day_card [name=start_travel]" },
        {
            content: "today is one tap away",
            trigger: ".o_fc_my_day_today",
            run: "click",
        },
        { trigger: CARD },
    ],
});

registry.category("web_tour.tours").add("fusion_tasks_my_day_offline", {
    steps: () => [
        {
            content: "the connection is gone",
            trigger: `${CARD} [name=start_travel]`,
            async run({ click }) {
                browser.XMLHttpRequest = LostRequest;
                await click();
            },
        },
        {
            content: "that says so",
            trigger: `${CARD} .o_fc_my_day_unsaved:contains(On my way):contains(No connection)`,
        },
        { trigger: `${CARD} .o_fc_my_day_status:contains(Scheduled)` },
        { trigger: ".o_fc_my_day_next", run: "click" },
        {
            content: "what was loaded stays in sight",
            trigger: ".o_fc_my_day .alert-warning:contains(No connection)",
        },
        {
            content: "and back again; a closed browser would find it too",
            trigger: `${CARD} .o_fc_my_day_retry`,
            async run({ click }) {
                const kept = Object.keys(browser.localStorage).filter((key) =>
                    key.startsWith("fusion_tasks.my_day.unsaved")
                );
                check(browser.localStorage.getItem(kept[0]).includes("start_travel"));
                browser.XMLHttpRequest = GoodRequest;
                await click();
            },
        },
        { trigger: `${CARD} .o_fc_my_day_status:contains(On the way)` },
        { trigger: `${CARD}:not(:has(.o_fc_my_day_unsaved))` },
        {
            content: "what changes at the office is there when the phone is taken up",
            trigger: `${CARD} .o_fc_my_day_notes`,
            async run() {
                const card = document.querySelector(".o_fc_my_day_card");
                const ids = [Number(card.dataset.visit)];
                await rpc("/web/dataset/call_kw/fusion.technician.task/write", {
                    model: "fusion.technician.task",
                    method: "write",
                    args: [ids, { description: "Mind the dog" }],
                    kwargs: {},
                });
                document.dispatchEvent(new Event("visibilitychange"));
            },
        },
        { trigger: `${CARD} .o_fc_my_day_notes:contains(Mind the dog)` },
        {
            content: "a step that came too late is refused in words",
            trigger: `${CARD} [name=start]`,
            async run({ click }) {
                const card = document.querySelector(".o_fc_my_day_card");
                const ids = [Number(card.dataset.visit)];
                await rpc("/web/dataset/call_kw/fusion.technician.task/action_no_show", {
                    model: "fusion.technician.task",
                    method: "action_no_show",
                    args: [ids],
                    kwargs: {},
                });
                await click();
            },
        },
        { trigger: ".modal:contains(no longer possible) .btn-primary", run: "click" },
        { trigger: `${CARD} .o_fc_my_day_status:contains(No-show)` },
    ],
});

registry.category("web_tour.tours").add("fusion_tasks_my_day_empty", {
    steps: () => [
        {
            content: "the app opens on the technician's day",
            trigger: ".o_fc_my_day_empty:contains(No visits today)",
        },
        { trigger: ".o_fc_my_day_empty:contains(Next one):contains(Client One)" },
        { trigger: ".o_fc_my_day_go", run: "click" },
        { trigger: `${CARD} [name=start_travel]` },
        {
            content: "a visit of another day is not begun by a slip of the thumb",
            trigger: `${CARD} [name=start_travel]`,
            run: "click",
        },
        { trigger: ".modal:contains(Begin it now) .btn:contains(Not yet)", run: "click" },
        { trigger: `${CARD} .o_fc_my_day_status:contains(Scheduled)` },
    ],
});

import { registry } from "@web/core/registry";

const SMALLEST_TOUCH = 44;

function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

/** Draw a stroke on the pad, as a finger does. */
function draw({ anchor: canvas }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const events = ["pointerdown", "pointermove", "pointermove", "pointermove", "pointerup"];
    events.forEach((type, at) => {
        const event = new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            isPrimary: true,
            pointerId: 1,
            pointerType: "touch",
            buttons: type === "pointerup" ? 0 : 1,
            pressure: 0.5,
            clientX: left + (width * (at + 1)) / 7,
            clientY: top + height * (at % 2 ? 0.3 : 0.7),
        });
        canvas.dispatchEvent(event);
    });
}

const card = (name) => `.o_fc_check[data-check='${name}']`;

function open() {
    return [
        { trigger: ".o_fc_my_day_card [name=start]", run: "click" },
        { trigger: ".o_fc_my_day_card [name^=report_]", run: "click" },
        {
            content: "one check at a time, wide as the phone, large enough for a thumb",
            trigger: `${card("Rail clean")} button[name=pass]`,
            run() {
                const content = document.querySelector(".o_content");
                const { right } = content.getBoundingClientRect();
                const wide = [...content.querySelectorAll("*")].find(
                    (el) => el.getBoundingClientRect().right > right
                );
                check(
                    content.scrollWidth <= content.clientWidth,
                    `scrolls sideways: ${wide?.outerHTML.slice(0, 200)}`
                );
                check(document.querySelectorAll(".o_fc_check").length === 1, "all at once");
                for (const el of document.querySelectorAll(
                    ".o_fc_check .btn, .o_fc_checklist .btn, .o_fc_send"
                )) {
                    const { height } = el.getBoundingClientRect();
                    check(height >= SMALLEST_TOUCH, `too small: ${el.textContent} ${height}`);
                }
            },
        },
    ];
}

function sign(name) {
    return [
        { trigger: `.o_field_widget[name=${name}] .o_signature`, run: "click" },
        { trigger: ".modal canvas.o_web_sign_signature", run: draw },
        { trigger: ".modal .btn-primary:not([disabled])", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `.o_field_widget[name=${name}] img.o_signature` },
    ];
}

function send() {
    return [
        { trigger: ".o_fc_send", run: "click" },
        {
            content: "back on the day",
            trigger: ".o_fc_my_day_card .o_fc_my_day_status:contains(Completed)",
        },
    ];
}

const rail = { trigger: `${card("Rail clean")} button[name=pass]`, run: "click" };
const brake = { trigger: `${card("Brake holds")} button[name=pass]`, run: "click" };
const battery = [
    { trigger: `${card("Battery voltage")} input[name=reading]`, run: "edit 20" },
    { trigger: `${card("Battery voltage")} button[name=pass]`, run: "click" },
    {
        content: "a reading outside the limits is no pass",
        trigger: `${card("Battery voltage")} .o_fc_problem:contains(outside the limits)`,
    },
    { trigger: `${card("Battery voltage")} input[name=reading]`, run: "edit 25,1 && press Tab" },
    { trigger: `${card("Battery voltage")}:not(:has(.o_fc_problem))` },
    { trigger: ".o_fc_progress:contains(3 of 3 answered)" },
];

registry.category("web_tour.tours").add("fusion_repairs_report_pass", {
    steps: () => [
        ...open(),
        rail,
        brake,
        ...battery,
        { trigger: ".o_field_widget[name=findings] textarea", run: "edit Chain oiled" },
        {
            content: "the part that was planned was used",
            trigger: ".o_field_widget[name=part_ids] .o_kanban_record:contains(Belt)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=quantity] input", run: "edit 1" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...sign("signature"),
        ...sign("technician_signature"),
        { trigger: ".o_field_widget[name=outcome_text]:contains(All good)" },
        ...send(),
    ],
});

registry.category("web_tour.tours").add("fusion_repairs_report_late", {
    steps: () => [
        {
            content: "the day of a visit without a report is pointed out",
            trigger: ".o_fc_my_day_left_open",
            run: "click",
        },
        { trigger: ".o_fc_my_day_card .o_fc_my_day_status:contains(Completed)" },
        { trigger: ".o_fc_my_day_card [name^=report_]", run: "click" },
        rail,
        brake,
        ...battery,
        ...sign("signature"),
        ...sign("technician_signature"),
        { trigger: ".o_fc_send", run: "click" },
        {
            content: "back on today, with nothing left open",
            trigger: ".o_fc_my_day:not(:has(.o_fc_my_day_left_open)) h1:contains(Today)",
        },
    ],
});

registry.category("web_tour.tours").add("fusion_repairs_report_unsafe", {
    steps: () => [
        ...open(),
        rail,
        { trigger: `${card("Brake holds")} button[name=fail]`, run: "click" },
        {
            trigger: `${card("Brake holds")} input[name=note]`,
            run: "edit Slips with load && press Tab",
        },
        {
            content: "danger is not played down",
            trigger: `${card("Brake holds")} select[name=urgency]`,
            run: "selectByLabel Advice",
        },
        { trigger: ".alert-danger:contains(must not use this unit)" },
        { trigger: ".o_fc_next", run: "click" },
        ...battery,
        ...sign("signature"),
        ...sign("technician_signature"),
        { trigger: ".o_field_widget[name=summary]:contains(Stop Using It Now)" },
        ...send(),
    ],
});

registry.category("web_tour.tours").add("fusion_repairs_report_known", {
    steps: () => [
        {
            content: "the danger stands on the card before anybody sets out",
            trigger: ".o_fc_my_day_warning:contains(must not be used):contains(Slips with load)",
        },
        ...open(),
        { trigger: ".o_fc_known:contains(must not be used):contains(Brake holds):contains(Found by)" },
        {
            content: "one tap passes neither the critical check nor the reading",
            trigger: ".o_fc_one_tap:contains(2 left to answer by hand)",
        },
        rail,
        brake,
        {
            content: "the page stays at the check until the defect has its answer",
            trigger: `${card("Brake holds")} .o_fc_problem:contains(repaired or still there)`,
        },
        { trigger: `${card("Brake holds")} button[name=closed]`, run: "click" },
        { trigger: `${card("Brake holds")} .o_fc_problem:contains(what was done)` },
        {
            trigger: `${card("Brake holds")} input[name=known_note]`,
            run: "edit New shoe && press Tab",
        },
        { trigger: `${card("Brake holds")}:not(:has(.o_fc_problem))` },
        { trigger: ".o_fc_next", run: "click" },
        ...battery,
        ...sign("signature"),
        ...sign("technician_signature"),
        {
            trigger:
                ".o_field_widget[name=summary]:contains(Sending this returns the unit to service and closes 1 defect.)",
        },
        ...send(),
    ],
});

registry.category("web_tour.tours").add("fusion_repairs_report_refused", {
    steps: () => [
        ...open(),
        rail,
        brake,
        ...battery,
        ...sign("technician_signature"),
        { trigger: ".o_fc_send", run: "click" },
        {
            content: "nobody signed, and nobody said why",
            trigger: ".modal:contains(has not signed yet) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=signature_state] input[data-value=refused]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=signature_reason] input",
            run: "edit Wants to read it first && press Tab",
        },
        ...send(),
    ],
});

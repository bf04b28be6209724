import { registry } from "@web/core/registry";

const DIALOG = ".modal:not(.o_inactive_modal)";
const SLOT = `${DIALOG} [name=line_ids] .o_data_row:first`;

async function pressEnter({ press }) {
    this.anchor.focus();
    await press("Enter");
}

registry.category("web_tour.tours").add("fusion_repairs_office_books", {
    steps: () => [
        {
            content: "all units of both clients",
            trigger: ".o_list_view:has(.o_data_row:eq(2)) thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "book them",
            trigger: ".o_control_panel button[name=action_book_maintenance]",
            run: "click",
        },
        {
            content: "two units of one client at the first stop",
            trigger: `${DIALOG} [name=progress]:contains(1 of 2)`,
        },
        {
            trigger: `${DIALOG} [name=unit_ids] .o_data_row:eq(1):contains(Lift)`,
        },
        {
            content: "each time says when, who, and why",
            trigger: `${SLOT}:has(td[name=when]:contains(day)):has(td[name=reason]:not(:empty))`,
        },
        {
            content: "more times",
            trigger: `${DIALOG} button[name=action_more]`,
            run: "click",
        },
        {
            trigger: `${DIALOG} [name=line_ids] .o_data_row:eq(12)`,
        },
        {
            content: "what the technician should know",
            trigger: `${DIALOG} [name=note] textarea`,
            run: "edit Ring twice",
        },
        {
            content: "book with the keyboard",
            trigger: `${SLOT} button[name=action_book]`,
            run: pressEnter,
        },
        {
            content: "the next client",
            trigger: `${DIALOG} [name=progress]:contains(2 of 2)`,
        },
        {
            trigger: `${SLOT} button[name=action_book]`,
            run: pressEnter,
        },
        {
            content: "what came of it",
            trigger: `${DIALOG} [name=progress]:contains(Booked: 3)`,
        },
        {
            trigger: `${DIALOG} button[name=action_view_visits]`,
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:eq(2):contains(Scheduled)",
        },
    ],
});

registry.category("web_tour.tours").add("fusion_repairs_office_overrides", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_book_maintenance]",
            run: "click",
        },
        {
            content: "none of these times",
            trigger: `${DIALOG} [name=other_time] input`,
            run: "click",
        },
        {
            trigger: `${DIALOG} [name=other_start] input`,
            run: "click",
        },
        {
            content: "eleven in the evening: no working time, in whichever zone the browser is",
            trigger: `${DIALOG} [name=other_start] input`,
            async run({ edit, press }) {
                const day = luxon.DateTime.local().plus({ days: 7 });
                await edit(`${day.toISODate()} 23:00:00`);
                await press("Tab");
            },
        },
        {
            trigger: `${DIALOG} [name=other_technician_id] input`,
            run: "edit fc_tech",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(fc_tech) a",
            run: "click",
        },
        {
            content: "the schedule says no, and why",
            trigger: `${DIALOG} [name=other_verdict]:contains(not open)`,
        },
        {
            trigger: `${DIALOG} [name=other_reason] input`,
            run: "edit The technician agreed to stay",
        },
        {
            trigger: `${DIALOG} button[name=action_book_other]:contains(Anyway)`,
            run: "click",
        },
        {
            content: "yes, really",
            trigger: ".modal:contains(Book it anyway) .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the visit says so",
            trigger: ".o_form_view .alert:contains(agreed to stay)",
        },
    ],
});

registry.category("web_tour.tours").add("fusion_repairs_office_cancels", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_cancel_visit]",
            run: "click",
        },
        {
            content: "a reason is asked for",
            trigger: `${DIALOG} [name=reason] input`,
            run: "edit The technician is ill",
        },
        {
            content: "the office calls the client itself",
            trigger: `${DIALOG} [name=tell_client] input`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .alert:contains(please call them)`,
        },
        {
            trigger: `${DIALOG} button[name=action_confirm]`,
            run: "click",
        },
        {
            content: "the unit can be booked again",
            trigger: ".o_form_view button[name=action_book_maintenance]",
        },
    ],
});

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("fusion_tasks_dispatcher", {
    steps: () => [
        {
            content: "open the task that waits",
            trigger: ".o_data_row:contains(Client One) td[name=name]",
            run: "click",
        },
        {
            content: "ask who is free",
            trigger: "button[name=action_find_slot]",
            run: "click",
        },
        {
            content: "take the first slot",
            trigger: ".modal .o_data_row:first button[name=action_pick]",
            run: "click",
        },
        {
            content: "it is on the technician's day",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Scheduled)",
        },
        {
            content: "look at the board of statuses",
            trigger: ".o_main_navbar button:contains(Tasks), .o_main_navbar a:contains(Tasks)",
            run: "click",
        },
        {
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Client One)",
        },
        {
            content: "look at the technicians' week",
            trigger: ".o_switch_view.o_calendar",
            run: "click",
        },
        {
            trigger: ".o_calendar_view",
        },
    ],
});

registry.category("web_tour.tours").add("fusion_tasks_technician", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Client One) button:contains(On my way)",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Client One) button:contains(Start work)",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Client One) button:contains(Done)",
            run: "click",
        },
        {
            content: "nothing is left to do",
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(Client One)))",
        },
    ],
});

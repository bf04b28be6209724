import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("fusion_repairs_backfill", {
    steps: () => [
        {
            content: "over how many weeks",
            trigger: ".o_field_widget[name=weeks] input",
            run: "edit 4",
        },
        {
            content: "look through the past sales",
            trigger: "button[name=action_scan]:contains(Scan)",
            run: "click",
        },
        {
            content: "the report counts and gives reasons",
            trigger: ".o_field_widget[name=report_html] td:contains(accessory or a rental)",
        },
        {
            trigger: ".o_field_widget[name=count_new]:contains(2)",
        },
        {
            content: "look at the units",
            trigger: "button[name=action_view_lines]",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name=reason]:contains(To be enrolled)",
        },
        {
            content: "and back to the report",
            trigger: ".o_breadcrumb .breadcrumb-item a, .o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "enrol what is shown",
            trigger: "button[name=action_execute]:contains(Execute)",
            run: "click",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "the run is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
        {
            trigger: "button[name=action_view_contracts]:contains(2)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Client One)",
        },
    ],
});

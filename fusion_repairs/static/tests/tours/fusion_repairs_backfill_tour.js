import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("fusion_repairs_backfill_background", {
    steps: () => [
        {
            content: "several types of sale",
            trigger: ".o_field_widget[name=sale_types] label:contains(Private)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=sale_types] label:contains(ADP)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=sale_types] label:contains(ODSP)",
            run: "click",
        },
        {
            content: "not that one after all",
            trigger:
                ".o_field_widget[name=sale_types] .o-checkbox:has(input:checked):contains(ADP) label",
            run: "click",
        },
        {
            trigger: "button[name=action_scan]:contains(Scan)",
            run: "click",
        },
        {
            content: "the run says how far it is",
            trigger: ".alert:contains(looked through in the background)",
            async run() {
                const model = "fusion.repair.backfill.run";
                const call = (method, args) =>
                    rpc(`/web/dataset/call_kw/${model}/${method}`, {
                        model,
                        method,
                        args,
                        kwargs: {},
                    });
                await call("action_try_again", [await call("search", [[]])]);
            },
        },
        {
            content: "and shows the report by itself when the job is done",
            trigger: ".o_field_widget[name=report_html] td:contains(accessory or a rental)",
        },
        {
            trigger: "button[name=action_execute]:contains(Execute)",
        },
    ],
});

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

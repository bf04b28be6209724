import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("fusion_repairs_reminder_banner", {
    steps: () => [
        {
            content: "the banner says what is wrong",
            trigger: ".o_fc_reminder_banner:contains(is switched off)",
        },
        {
            content: "open the scheduled action",
            trigger: ".o_fc_reminder_banner button:contains(Open the scheduled action)",
            run: "click",
        },
        {
            content: "it is the right one",
            trigger: ".o_form_view .o_field_widget:contains(Maintenance: send due reminders), .o_form_view input:value(Maintenance: send due reminders)",
        },
        {
            content: "the banner stays until it is hidden",
            trigger: ".o_fc_reminder_banner .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_fc_reminder_banner))",
        },
    ],
});

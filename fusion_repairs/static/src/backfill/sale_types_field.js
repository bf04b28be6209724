import { registry } from "@web/core/registry";
import { CheckBox } from "@web/core/checkbox/checkbox";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Any number of the types of sale that the funding claims know, as checkboxes.
 *
 * The value is a list of codes; sale_type_options gives the codes with their labels.
 */
export class SaleTypesField extends Component {
    static template = "fusion_repairs.SaleTypesField";
    static components = { CheckBox };
    static props = { ...standardFieldProps };

    setup() {
        this.unsaid = 0;
        this.chosen = [];
    }

    get options() {
        // Ticks that the form still has to hear of count: a quick hand loses none.
        const known = this.props.record.data[this.props.name] || [];
        const chosen = this.unsaid ? this.chosen : known;
        const options = this.props.record.data.sale_type_options || [];
        return options.map(([value, label]) => ({
            value,
            label,
            checked: chosen.includes(value),
        }));
    }

    get labels() {
        return this.options.filter((option) => option.checked).map(({ label }) => label);
    }

    async toggle(value, checked) {
        const ticked = (o) => (o.value === value ? checked : o.checked);
        this.chosen = this.options.filter(ticked).map((option) => option.value);
        this.unsaid += 1;
        try {
            await this.props.record.update({ [this.props.name]: this.chosen });
        } finally {
            this.unsaid -= 1;
        }
    }
}

registry.category("fields").add("fusion_repair_sale_types", {
    component: SaleTypesField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "sale_type_options", type: "json" }],
    isEmpty: () => false,
});

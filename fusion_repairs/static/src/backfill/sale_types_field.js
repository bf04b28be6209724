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

    get options() {
        const chosen = this.props.record.data[this.props.name] || [];
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

    toggle(value, checked) {
        const others = this.options.filter((o) => o.checked && o.value !== value);
        const values = others.map((option) => option.value);
        return this.props.record.update({
            [this.props.name]: checked ? [...values, value] : values,
        });
    }
}

registry.category("fields").add("fusion_repair_sale_types", {
    component: SaleTypesField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "sale_type_options", type: "json" }],
    isEmpty: () => false,
});

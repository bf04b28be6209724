import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What was found on the unit before; its photos once they are asked for. */
export class FormerVisits extends Component {
    static template = "fusion_repairs.FormerVisits";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.photos = useState({});
    }

    get visits() {
        return this.props.record.data[this.props.name] || [];
    }

    async showPhotos(visit) {
        const { resModel, resId } = this.props.record;
        this.photos[visit.id] = await this.orm.call(resModel, "load_former_photos", [
            [resId],
            visit.id,
        ]);
    }
}

registry.category("fields").add("fusion_former_visits", {
    component: FormerVisits,
    supportedTypes: ["json"],
});

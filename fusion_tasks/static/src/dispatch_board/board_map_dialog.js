import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { loadCSS, loadJS } from "@web/core/assets";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { escape } from "@web/core/utils/strings";
import { sayClock, sayDay } from "./board_words";

const LIBRARY = "/fusion_tasks/static/lib/leaflet";

/** One technician's day on the map: the start place and the stops, in order. */
export class BoardMapDialog extends Component {
    static template = "fusion_tasks.BoardMapDialog";
    static components = { Dialog };
    static props = { technicianId: Number, date: String, close: Function };

    setup() {
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.state = useState({ chosen: 0 });
        onWillStart(async () => {
            const { technicianId, date } = this.props;
            const [day] = await Promise.all([
                this.orm.call("fusion.dispatch.board", "load_map", [technicianId, date]),
                loadJS(`${LIBRARY}/leaflet.js`),
                loadCSS(`${LIBRARY}/leaflet.css`),
            ]);
            this.day = day;
        });
        onMounted(() => this.draw());
        onWillUnmount(() => this.map?.remove());
    }

    get title() {
        return `${this.day.technician} – ${sayDay(this.props.date)}`;
    }

    sayClock(minutes) {
        return sayClock(minutes);
    }

    get hasPlaces() {
        return Boolean(this.day.start) || this.day.stops.some((stop) => stop.is_placed);
    }

    /** Draw markers and the way between them; tiles only where their address is set. */
    draw() {
        if (!this.hasPlaces) {
            return;
        }
        const { L } = window;
        const { start, stops, tile_url, attribution } = this.day;
        const map = L.map(this.canvas.el, { attributionControl: false, zoomSnap: 0.25 });
        this.map = map;
        if (tile_url) {
            L.tileLayer(tile_url, { attribution: escape(attribution), maxZoom: 19 }).addTo(map);
            L.control.attribution({ prefix: false }).addTo(map);
        }
        L.control.scale({ imperial: false }).addTo(map);
        const points = start ? [[start.latitude, start.longitude]] : [];
        if (start) {
            const text = _t("Start: %(place)s", { place: start.label });
            this.addPin(points[0], "⌂", text, "o_fc_pin o_fc_pin_start");
        }
        this.pins = {};
        for (const stop of stops.filter((one) => one.is_placed)) {
            const point = [stop.latitude, stop.longitude];
            points.push(point);
            const text = `${sayClock(stop.from)} ${stop.client}`;
            this.pins[stop.number] = this.addPin(point, String(stop.number), text);
        }
        L.polyline(points, { className: "o_fc_route", weight: 3 }).addTo(map);
        map.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: 14 });
    }

    addPin(point, sign, text, className = "o_fc_pin") {
        const { L } = window;
        const icon = L.divIcon({ className, html: sign, iconSize: [28, 28] });
        const label = document.createElement("span");
        label.textContent = text;
        const pin = L.marker(point, { icon, title: text, alt: text });
        return pin.addTo(this.map).bindTooltip(label, { direction: "top", offset: [0, -14] });
    }

    /** Show where a stop of the list is. */
    choose(stop) {
        const pin = this.pins?.[stop.number];
        if (pin) {
            this.map.panTo(pin.getLatLng());
            pin.openTooltip();
        }
    }
}

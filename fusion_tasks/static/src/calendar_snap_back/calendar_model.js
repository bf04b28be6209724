import { patch } from "@web/core/utils/patch";
import { CalendarModel } from "@web/views/calendar/calendar_model";

/**
 * A record whose move the server refuses goes back to where it was: the calendar has
 * already drawn it at its new place, and nothing else would draw it anew.
 */
patch(CalendarModel.prototype, {
    async updateRecord() {
        try {
            return await super.updateRecord(...arguments);
        } catch (error) {
            this.notify();
            throw error;
        }
    },
});

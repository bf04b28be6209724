import {
    Component,
    onMounted,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { session } from "@web/session";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { MyDayCard } from "./my_day_card";

const MODEL = "fusion.my.day";
/** A phone in a basement may never hear an answer: give up waiting after this. */
const PATIENCE = 20000;

class NoAnswerError extends Error {}

/** The technician's day: the visits in order, and big buttons to report on them. */
export class MyDay extends Component {
    static template = "fusion_tasks.MyDay";
    static components = { MyDayCard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.stepsTaken = 0;
        const owner = `${session.db}.${user.userId}`;
        this.storageKey = `fusion_tasks.my_day.unsaved.${owner}`;
        this.keptKey = `fusion_tasks.my_day.kept.${owner}`;
        this.state = useState({
            day: null,
            date: this.props.state?.date || false,
            isLoading: false,
            failure: false,
            busyId: false,
            announcement: "",
            unsaved: this.readUnsaved(),
        });
        useSetupAction({ getLocalState: () => ({ date: this.state.date }) });
        useExternalListener(document, "visibilitychange", () => this.onShown());
        useExternalListener(window, "online", () => this.onShown());
        this.scroll = useRef("scroll");
        onWillStart(() => this.load(this.state.date));
        onMounted(() => this.goToCurrent());
    }

    /** Begin at the visit at hand, unless it is the first anyway. */
    goToCurrent() {
        const current = this.scroll.el.querySelector(".o_fc_current")?.closest("li");
        if (current?.previousElementSibling) {
            current.scrollIntoView({ block: "start" });
        }
    }

    // Loading ---------------------------------------------------------------------

    /**
     * Show a day. What was shown before stays until the new day is there.
     *
     * @param {string|false} date false: today, whichever day that is by then
     */
    async load(date) {
        const stepsTaken = this.stepsTaken;
        this.state.isLoading = true;
        try {
            const day = await this.keepLast.add(this.ask("load_day", [date]));
            if (stepsTaken !== this.stepsTaken) {
                // This was read before a step that has been taken since.
                return await this.load(date);
            }
            this.show(day, date);
        } catch (error) {
            this.state.failure = { date, words: this.explain(error).words };
            this.state.day ||= this.readKeptDay(date);
        } finally {
            this.state.isLoading = false;
        }
    }

    show(day, date = this.state.date) {
        this.state.day = day;
        this.state.date = date && !day.is_today ? date : false;
        this.state.failure = false;
        this.keepDay(day);
        this.forgetOutdated(day);
    }

    /** Keep today on this phone: a basement has no connection. */
    keepDay(day) {
        if (day.is_today) {
            this.store(this.keptKey, { day, at: Date.now() });
        }
    }

    /** Return the day as it was read last, if it is today's still. */
    readKeptDay(date) {
        const { day, at } = this.read(this.keptKey);
        const isToday = at && new Date(at).toDateString() === new Date().toDateString();
        return isToday && (!date || date === day.date) ? day : null;
    }

    onShown() {
        if (document.visibilityState === "visible" && !this.state.busyId) {
            this.load(this.state.date);
        }
    }

    /** Ask the server, for as long as a person would wait. */
    async ask(method, args) {
        let timer;
        const patience = new Promise((resolve, reject) => {
            timer = browser.setTimeout(() => reject(new NoAnswerError()), PATIENCE);
        });
        try {
            return await Promise.race([this.orm.call(MODEL, method, args), patience]);
        } finally {
            browser.clearTimeout(timer);
        }
    }

    /** Say in words why a call failed; what only Odoo can cure is left to Odoo. */
    explain(error) {
        if (error instanceof ConnectionLostError) {
            return { words: _t("No connection to the office.") };
        }
        if (error instanceof NoAnswerError) {
            return { words: _t("The office does not answer: the connection is weak.") };
        }
        const name = error.exceptionName;
        if (!name || name === "odoo.http.SessionExpiredException") {
            throw error;
        }
        if (name.startsWith("odoo.") && error.data?.message) {
            return { words: error.data.message, isRefusal: true };
        }
        return { words: _t("Something went wrong at the office's end.") };
    }

    // Acting ----------------------------------------------------------------------

    /** Do what a button says, after asking where it is final. */
    onAct(visit, button) {
        if (this.state.busyId) {
            return;
        }
        if (!button.confirm) {
            return this.act(visit, button);
        }
        this.dialog.add(ConfirmationDialog, {
            title: visit.client,
            body: button.confirm,
            confirmLabel: button.label,
            confirmClass: "btn-primary btn-lg",
            cancelLabel: _t("Not yet"),
            confirm: () => void this.act(visit, button),
            cancel: () => {},
        });
    }

    async act(visit, button) {
        const date = this.state.date;
        this.state.busyId = visit.id;
        try {
            const answer = await this.ask("act", [visit.id, button.name, date]);
            this.stepsTaken++;
            this.forget(visit.id);
            if (answer.action) {
                await this.action.doAction(answer.action);
            } else if (date === this.state.date) {
                this.show(answer.day);
                this.announce(visit.id);
                this.focus(visit.id);
            } else {
                await this.load(this.state.date);
            }
        } catch (error) {
            this.onFailed(visit, button, this.explain(error));
        } finally {
            this.state.busyId = false;
        }
    }

    /** Offer what did not get through again; what was refused is looked at anew. */
    onFailed(visit, button, { words, isRefusal }) {
        if (!isRefusal) {
            return this.keep(visit, button, words);
        }
        this.forget(visit.id);
        this.dialog.add(AlertDialog, { title: visit.client, body: words });
        return this.load(this.state.date);
    }

    retry(visit) {
        const { name, label } = this.state.unsaved[visit.id];
        // It was confirmed when it was first tapped.
        return this.act(visit, { name, label });
    }

    // What could not be saved -------------------------------------------------------

    /** Keep what could not be saved where also a closed browser finds it again. */
    keep(visit, { name, label }, words) {
        this.state.unsaved[visit.id] = { name, label, words };
        this.storeUnsaved();
    }

    forget(visitId) {
        delete this.state.unsaved[visitId];
        this.storeUnsaved();
    }

    /** Drop what the visits of a day do not offer any more: it was done elsewhere. */
    forgetOutdated(day) {
        for (const visit of day.visits) {
            const unsaved = this.state.unsaved[visit.id];
            const offered = [...visit.actions, ...visit.links];
            if (unsaved && !offered.some(({ name }) => name === unsaved.name)) {
                this.forget(visit.id);
            }
        }
    }

    readUnsaved() {
        return this.read(this.storageKey);
    }

    storeUnsaved() {
        this.store(this.storageKey, this.state.unsaved);
    }

    read(key) {
        try {
            return JSON.parse(browser.localStorage.getItem(key)) || {};
        } catch {
            return {};
        }
    }

    store(key, value) {
        try {
            browser.localStorage.setItem(key, JSON.stringify(value));
        } catch {
            // A browser that may not store anything still shows it until it is closed.
        }
    }

    // Words -------------------------------------------------------------------------

    /** Tell those who do not see the chip what a visit has become. */
    announce(visitId) {
        const visit = this.state.day.visits.find(({ id }) => id === visitId);
        this.state.announcement = visit
            ? `${visit.client}: ${visit.status_label}`
            : "";
    }

    /** Stay on the card of a button that is gone, for those who use a keyboard. */
    focus(visitId) {
        browser.requestAnimationFrame(() => {
            const card = this.scroll.el?.querySelector(`[data-visit="${visitId}"]`);
            const next = card?.querySelector(".o_fc_my_day_main, summary");
            next?.focus({ preventScroll: true });
        });
    }

    get done() {
        return this.state.day.visits.filter((visit) => visit.status === "completed");
    }

    get counted() {
        return this.state.day.visits.filter((visit) => visit.status !== "cancelled");
    }

    /** The name of the technician's zone, where the phone is set to another. */
    get foreignZone() {
        const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
        return own !== this.state.day.tz && this.state.day.tz.replaceAll("_", " ");
    }

    /** The visit at hand: the one that was begun, else the first still to come. */
    get currentId() {
        const live = this.state.day.visits.filter((visit) => visit.is_live);
        const begun = ["in_progress", "en_route"]
            .map((status) => live.find((visit) => visit.status === status))
            .find(Boolean);
        return (begun || live[0])?.id;
    }
}

registry.category("actions").add("fusion_tasks.my_day", MyDay);

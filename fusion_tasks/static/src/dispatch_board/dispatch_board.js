import {
    Component,
    markRaw,
    onPatched,
    onWillStart,
    reactive,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSetupAction } from "@web/search/action_hook";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { BoardMapDialog } from "./board_map_dialog";
import { BoardPreview } from "./board_preview";
import { BoardRow } from "./board_row";
import { useCardDrag } from "./board_drag";
import { useCardKeys } from "./board_keys";
import { hideOpenings, showOpenings } from "./board_openings";
import { VerdictBook } from "./board_verdicts";
import { collectZones, prepareRows } from "./board_model";
import { NO, sayDay, sayHour, sayLevel, sayMinutes, saySpan, sayVerdict } from "./board_words";

const { DateTime } = luxon;
const MODEL = "fusion.dispatch.board";
const REFRESH_MS = 60000;
const LOOK_MS = 150;
const MOST_STEPS = 20;

/** Technicians as rows, hours or days as columns, and what waits at the side. */
export class DispatchBoard extends Component {
    static template = "fusion_tasks.DispatchBoard";
    static components = { BoardPreview, BoardRow };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.scroller = useRef("scroller");
        this.live = useRef("live");
        this.keepLast = markRaw(new KeepLast());
        const past = this.props.state || {};
        // What is asked for; it is shown once the answer is there.
        this.wanted = {
            scale: past.scale || "day",
            date: past.date || DateTime.local().toISODate(),
            skill: "",
            zone: "",
        };
        this.state = useState({ ...this.wanted, forced: false, steps: [], data: null });
        // What is in hand: only the preview looks at it, so that nothing else is
        // drawn anew while it moves.
        this.hold = reactive({ task: null, mode: "", spot: null, isSide: false, x: 0, y: 0 });
        this.book = new VerdictBook((taskId) => this.askVerdicts(taskId));
        this.look = useDebounced((taskId) => this.book.fetch(taskId).catch(() => {}), LOOK_MS);
        this.openTask = this.openTask.bind(this);
        this.openMap = this.openMap.bind(this);
        this.drag = useCardDrag({
            canGrab: (card) => this.findTask(card)?.movable,
            onGrab: (card, grip) => this.grab(card, grip),
            onMove: (target, point) => this.moveTo(target, point),
            onDrop: () => this.drop(),
            onCancel: () => this.cancel(),
            getScroller: () => this.scroller.el,
        });
        this.keys = useCardKeys(this);
        useSetupAction({
            getLocalState: () => ({ scale: this.state.scale, date: this.state.date }),
        });
        onWillStart(() => this.load());
        useEffect(
            () => {
                const timer = browser.setInterval(() => this.refresh(), REFRESH_MS);
                return () => browser.clearInterval(timer);
            },
            () => []
        );
        onPatched(() => this.refocus());
        useExternalListener(document, "visibilitychange", () => this.refresh());
        useExternalListener(window, "keydown", (ev) => {
            // After a drag nothing has the focus.
            if (ev.target === document.body) {
                this.keys.onKeydown(ev);
            }
        });
    }

    // Reading ---------------------------------------------------------------------

    /** Read the board anew; a refresh gives way to a task that is in hand. */
    async load({ isRefresh = false } = {}) {
        const wanted = { ...this.wanted };
        const { scale, date, skill, zone } = wanted;
        const first = scale === "day" ? date : this.getFirstOfWeek(date);
        const days = scale === "day" ? 1 : 7;
        const answer = this.orm.call(MODEL, "load", [first, days, { skill, zone }]);
        const data = await this.keepLast.add(answer);
        if (isRefresh && this.hold.task) {
            return;
        }
        prepareRows(data.technicians);
        this.tasks = new Map();
        for (const task of data.side) {
            this.tasks.set(task.id, task);
        }
        for (const row of data.technicians) {
            for (const day of row.days) {
                day.tasks.forEach((task) => this.tasks.set(task.id, { ...task, date: day.date }));
            }
        }
        this.zones = collectZones(data);
        this.book.clear();
        Object.assign(this.state, wanted, { data: markRaw(data) });
    }

    /** Look again, unless nobody is looking or something is in hand. */
    refresh() {
        if (document.visibilityState === "visible" && !this.hold.task) {
            return this.load({ isRefresh: true });
        }
    }

    getFirstOfWeek(date) {
        return DateTime.fromISO(date).startOf("week", { useLocaleWeeks: true }).toISODate();
    }

    askVerdicts(taskId) {
        const { days, technicians } = this.state.data;
        const ids = technicians.map((row) => row.id);
        return this.orm.silent.call(MODEL, "verdicts", [taskId, ids, days[0], days.length]);
    }

    // What the template shows -------------------------------------------------------

    get title() {
        const { scale, data } = this.state;
        const [first, last] = [data.days[0], data.days.at(-1)].map((day) => DateTime.fromISO(day));
        if (scale === "day") {
            return first.toLocaleString({ ...DateTime.DATE_HUGE });
        }
        const format = { day: "numeric", month: "short", year: "numeric" };
        return `${first.toLocaleString(format)} – ${last.toLocaleString(format)}`;
    }

    get hours() {
        const { from, to } = this.state.data.axis;
        const hours = [];
        for (let minutes = from; minutes < to; minutes += 60) {
            hours.push({ minutes, label: sayHour(minutes) });
        }
        return hours;
    }

    get lastStep() {
        return this.state.steps.at(-1);
    }

    sayDay(date) {
        return sayDay(date);
    }

    isToday(date) {
        return date === DateTime.local().toISODate();
    }

    describeSide(task) {
        return _t("%(client)s, %(type)s, %(duration)s, %(city)s. To be scheduled.", {
            client: task.client,
            type: task.type_label,
            duration: sayMinutes(task.minutes),
            city: task.city || _t("no place"),
        });
    }

    sayMinutes(minutes) {
        return sayMinutes(minutes);
    }

    // Where to look -----------------------------------------------------------------

    async show(changes) {
        this.cancel();
        Object.assign(this.wanted, changes);
        await this.load();
        // Taken up while the answer was on its way: it is another board now.
        this.cancel();
    }

    step(direction) {
        const { scale, date } = this.wanted;
        const unit = scale === "day" ? { days: direction } : { weeks: direction };
        return this.show({ date: DateTime.fromISO(date).plus(unit).toISODate() });
    }

    goToday() {
        return this.show({ date: DateTime.local().toISODate() });
    }

    onDate(ev) {
        return ev.target.value && this.show({ date: ev.target.value });
    }

    openDay(date) {
        return this.show({ scale: "day", date });
    }

    openTask(taskId) {
        this.dialog.add(
            FormViewDialog,
            { resModel: "fusion.technician.task", resId: taskId, title: _t("Task") },
            { onClose: () => this.load() }
        );
    }

    openMap(technicianId, date) {
        this.dialog.add(BoardMapDialog, { technicianId, date });
    }

    // In hand -----------------------------------------------------------------------

    findTask(card) {
        return card && this.tasks.get(Number(card.dataset.taskId));
    }

    onPointerover(ev) {
        const task = this.findTask(ev.target.closest(".o_fc_card"));
        if (task?.movable && !this.hold.task) {
            this.look(task.id);
        }
    }

    onFocusin(ev) {
        const task = this.findTask(ev.target.closest(".o_fc_card"));
        if (task?.movable && !this.hold.task) {
            this.look(task.id);
        }
    }

    onClick(ev) {
        const card = ev.target.closest(".o_fc_card");
        if (card && !this.hold.task) {
            this.openTask(Number(card.dataset.taskId));
        }
    }

    /** Take a card in hand with the pointer. */
    grab(card, grip) {
        const task = this.findTask(card);
        const box = card.getBoundingClientRect();
        const share = task.date && this.state.scale === "day" ? (grip.fromX - box.left) / box.width : 0;
        this.grabMinutes = share * task.minutes;
        this.take(task, "pointer");
    }

    /** Take a task in hand; the verdicts come when they come. */
    take(task, mode) {
        Object.assign(this.hold, { task: markRaw(task), mode, spot: null, isSide: false });
        this.root.el.classList.add("o_fc_holding");
        this.markCard(task.id, true);
        this.book.fetch(task.id).then(
            () => this.hold.task?.id === task.id && this.onVerdicts(task),
            (error) => this.fail(error)
        );
    }

    onVerdicts(task) {
        showOpenings(this.root.el, this.book, task.id, this.state.data, this.state.scale);
        if (this.hold.spot) {
            this.judge(this.hold.spot);
        }
    }

    moveTo(target, point) {
        const { hold } = this;
        Object.assign(hold, point);
        const track = target?.closest("[data-technician]");
        hold.isSide = Boolean(!track && target?.closest(".o_fc_side") && hold.task.date);
        if (!track) {
            hold.spot = null;
            return;
        }
        const { from, to } = this.state.data.axis;
        const box = track.getBoundingClientRect();
        const minutes = from + ((point.x - box.left) / box.width) * (to - from);
        this.judge({
            technicianId: Number(track.dataset.technician),
            date: track.dataset.date,
            minutes: minutes - this.grabMinutes,
        });
    }

    /** Hold the task at a spot, with the verdict on it as far as it is known. */
    judge({ technicianId, date, minutes }) {
        const { task, spot: old } = this.hold;
        const spot =
            this.state.scale === "day"
                ? this.book.findNearest(task.id, technicianId, date, minutes)
                : this.book.findBest(task.id, technicianId, date, task.from ?? null);
        const isSame = ["technicianId", "date", "minutes", "level"].every(
            (name) => old?.[name] === spot[name]
        );
        if (!isSame) {
            this.hold.spot = markRaw(spot);
            if (this.hold.mode === "keyboard") {
                this.announce(this.describeSpot(spot));
            }
        }
    }

    describeSpot(spot) {
        const row = this.state.data.technicians.find((one) => one.id === spot.technicianId);
        return [
            row.name,
            sayDay(spot.date),
            `${saySpan(spot.minutes, spot.minutes + this.hold.task.minutes)}.`,
            spot.level === null ? "" : `${sayLevel(spot.level)}:`,
            sayVerdict(spot),
        ]
            .filter(Boolean)
            .join(" ");
    }

    cancel() {
        const { task, mode } = this.hold;
        if (task) {
            this.letGo();
            if (mode === "keyboard") {
                this.announce(_t("%(client)s stays where it was.", { client: task.client }));
            }
        }
    }

    letGo() {
        const { task } = this.hold;
        Object.assign(this.hold, { task: null, spot: null, isSide: false });
        this.root.el?.classList.remove("o_fc_holding");
        hideOpenings(this.root.el);
        if (task) {
            this.markCard(task.id, false);
        }
    }

    markCard(taskId, isHeld) {
        for (const card of this.root.el?.querySelectorAll(`[data-task-id="${taskId}"]`) || []) {
            card.classList.toggle("o_fc_held", isHeld);
        }
    }

    // Planning ----------------------------------------------------------------------

    /** Put the task down where it is held, if that is allowed. */
    async drop() {
        const { task, spot, isSide, mode } = this.hold;
        if (isSide) {
            return this.takeOff(task);
        }
        if (!spot) {
            return this.cancel();
        }
        if (task.technician_id === spot.technicianId && task.start === spot.start && task.date) {
            return this.cancel();
        }
        try {
            if (spot.level === null) {
                await this.book.fetch(task.id);
                this.judge(spot);
            }
            const { start, level, reason, technicianId } = this.hold.spot || spot;
            if (level === NO && !(this.state.forced && start)) {
                this.refuse(reason);
                return mode === "keyboard" || this.letGo();
            }
            const forced = this.state.forced;
            const args = [task.id, technicianId, start, forced];
            await this.plan("plan", args, this.describeSpot(this.hold.spot || spot));
        } catch (error) {
            this.fail(error);
        }
    }

    async takeOff(task) {
        await this.plan(
            "unschedule",
            [task.id],
            _t("%(client)s is to be scheduled again.", { client: task.client })
        );
    }

    async plan(method, args, said) {
        const { task, mode } = this.hold;
        try {
            const step = await this.orm.call(MODEL, method, args);
            this.focusTaskId = mode === "keyboard" && task.id;
            await this.load();
            this.state.steps = [...this.state.steps, step].slice(-MOST_STEPS);
            this.announce(_t("Done: %(what)s", { what: said }));
        } catch (error) {
            await this.fail(error);
        } finally {
            this.letGo();
        }
    }

    async undo() {
        const step = this.lastStep;
        if (!step) {
            return;
        }
        this.state.steps = this.state.steps.slice(0, -1);
        try {
            await this.orm.call(MODEL, "undo", [step]);
            this.announce(_t("Undone: %(task)s is back where it was.", { task: step.title }));
        } catch (error) {
            this.fail(error);
        }
        await this.load();
    }

    // Telling -----------------------------------------------------------------------

    announce(text) {
        this.live.el.textContent = text;
    }

    refuse(reason) {
        this.announce(_t("Not possible: %(reason)s", { reason }));
        this.notification.add(reason, { type: "danger", title: _t("Not possible") });
    }

    /** Say what the server refused; anything else is for Odoo to show. */
    fail(error) {
        if (!(error instanceof RPCError) || !error.data?.message) {
            this.letGo();
            throw error;
        }
        this.refuse(error.data.message);
        this.letGo();
        return this.load();
    }

    /** Bring the keyboard back to the card that was put down. */
    refocus() {
        if (this.focusTaskId) {
            this.root.el.querySelector(`[data-task-id="${this.focusTaskId}"]`)?.focus();
            this.focusTaskId = null;
        }
    }

    /** Return a wish for the time of day where a task is picked up. */
    getFirstSpot(task) {
        const { technicians, days, axis } = this.state.data;
        return {
            technicianId: task.date ? task.technician_id : technicians[0]?.id,
            date: task.date || days[0],
            minutes: task.from ?? axis.from,
        };
    }

    get help() {
        return _t(
            "Enter picks a task up, the arrows move it, Enter puts it down, Escape leaves it where it was. O opens it."
        );
    }
}

registry.category("actions").add("fusion_tasks.dispatch_board", DispatchBoard);

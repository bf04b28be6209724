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
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.scroller = useRef("scroller");
        this.live = useRef("live");
        // Of several questions the last one counts; who asked before goes on as well.
        this.turn = 0;
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
        // One thing at a time; and what the server was told cannot be cancelled.
        this.isBusy = false;
        this.isSent = false;
        this.book = new VerdictBook((taskId) => this.askVerdicts(taskId));
        this.look = useDebounced((taskId) => this.book.fetch(taskId).catch(() => {}), LOOK_MS);
        this.openTask = this.openTask.bind(this);
        this.openMap = this.openMap.bind(this);
        this.openTimeOff = this.openTimeOff.bind(this);
        this.drag = useCardDrag({
            canGrab: (card) => this.mayTake() && this.findTask(card)?.movable,
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
        const turn = ++this.turn;
        const wanted = { ...this.wanted };
        const { scale, date, skill, zone } = wanted;
        const first = scale === "day" ? date : this.getFirstOfWeek(date);
        const days = scale === "day" ? 1 : 7;
        const isLate = () => turn !== this.turn || (isRefresh && this.hold.task);
        let data;
        try {
            data = await this.orm.call(MODEL, "load_board", [first, days, { skill, zone }]);
        } catch (error) {
            if (!isLate()) {
                throw error;
            }
        }
        if (isLate()) {
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
        if (this.hold.task && !this.isBusy) {
            this.keepHold(this.hold.task);
        }
    }

    /** Go on with what was taken up while the board was read, if it is still to move. */
    keepHold(task) {
        if (this.tasks.get(task.id)?.movable) {
            this.fetchVerdicts(task);
        } else {
            this.cancel();
        }
    }

    /** Look again, unless nobody is looking or something is in hand. */
    refresh() {
        if (document.visibilityState === "visible" && this.mayTake()) {
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

    newTask() {
        this.dialog.add(
            FormViewDialog,
            { resModel: "fusion.technician.task", title: _t("New task") },
            { onClose: () => this.load() }
        );
    }

    openTimeOff(technicianId, date) {
        this.action.doAction("fusion_tasks.fusion_time_off_wizard_action", {
            additionalContext: {
                default_technician_id: technicianId,
                default_date_from: date,
                default_date_to: date,
            },
            onClose: () => this.load(),
        });
    }

    openMap(technicianId, date) {
        this.dialog.add(BoardMapDialog, { technicianId, date });
    }

    // In hand -----------------------------------------------------------------------

    findTask(card) {
        return card && this.tasks.get(Number(card.dataset.taskId));
    }

    /** Tell whether a task may be taken in hand: none is, and none is on its way. */
    mayTake() {
        return !this.isBusy && !this.hold.task;
    }

    onPointerdown(ev) {
        const isCard = ev.target.closest(".o_fc_card");
        if (isCard && this.hold.mode === "keyboard" && !this.isBusy) {
            this.cancel();
        }
        this.drag.onPointerdown(ev);
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
        if (!task?.movable) {
            // It has changed since the pointer went down on it.
            this.drag.cancel();
            return;
        }
        const box = card.getBoundingClientRect();
        const share = box.width && task.date && this.state.scale === "day" ? (grip.fromX - box.left) / box.width : 0;
        this.grabMinutes = share * task.minutes;
        this.take(task, "pointer");
    }

    /** Take a task in hand; the verdicts come when they come. */
    take(task, mode) {
        Object.assign(this.hold, { task: markRaw(task), mode, spot: null, isSide: false });
        this.root.el.classList.add("o_fc_holding");
        this.markCard(task.id, true);
        this.fetchVerdicts(task);
    }

    fetchVerdicts(task) {
        this.book.fetch(task.id).then(
            () => this.hold.task?.id === task.id && this.onVerdicts(task),
            (error) => this.hold.task?.id === task.id && this.fail(error)
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
        if (!hold.task || this.isBusy) {
            return;
        }
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
        this.drag.cancel();
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

    /** Do one thing at a time: what is asked for meanwhile is not done at all. */
    async once(action) {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        try {
            await action();
        } finally {
            this.isBusy = false;
        }
    }

    /** Put the task down where it is held, if that is allowed. */
    drop() {
        return this.once(() => this.putDown());
    }

    async putDown() {
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
        if (spot.level === null && !(await this.awaitVerdict(task, spot))) {
            return;
        }
        const { start, level, reason, technicianId } = this.hold.spot;
        if (level === null) {
            return this.cancel();
        }
        if (level === NO && !(this.state.forced && start)) {
            this.refuse(reason);
            return mode === "keyboard" || this.letGo();
        }
        const args = [task.id, technicianId, start, this.state.forced];
        await this.plan("plan", args, this.describeSpot(this.hold.spot));
    }

    /** Judge a spot once the verdicts are there; return whether it is still held. */
    async awaitVerdict(task, spot) {
        const isHeld = () => this.hold.task === task;
        try {
            await this.book.fetch(task.id);
        } catch (error) {
            if (isHeld()) {
                await this.fail(error);
            }
        }
        if (isHeld()) {
            this.judge(spot);
        }
        return isHeld();
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
        this.isSent = true;
        try {
            const call = this.orm.call(MODEL, method, args);
            const step = await call.catch((error) => this.fail(error));
            if (!step) {
                return;
            }
            // It is done, whether or not the board can be read after it.
            this.state.steps = [...this.state.steps, step].slice(-MOST_STEPS);
            await this.load();
            this.focusTaskId = mode === "keyboard" && task.id;
            this.announce(_t("Done: %(what)s", { what: said }));
        } finally {
            this.isSent = false;
            this.letGo();
        }
    }

    undo() {
        return this.once(() => this.takeBack());
    }

    async takeBack() {
        const step = this.lastStep;
        if (!step) {
            return;
        }
        this.cancel();
        const call = this.orm.call(MODEL, "undo", [step]);
        const isDone = await call.catch((error) => this.fail(error));
        // What cannot be undone would stand before all that can; what the server did
        // not hear of can be tried again.
        this.state.steps = this.state.steps.slice(0, -1);
        if (isDone) {
            await this.load();
            this.announce(_t("Undone: %(task)s is back where it was.", { task: step.title }));
        }
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
        this.letGo();
        if (!(error instanceof RPCError) || !error.data?.message) {
            throw error;
        }
        this.refuse(error.data.message);
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

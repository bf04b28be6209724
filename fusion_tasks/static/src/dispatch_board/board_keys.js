import { _t } from "@web/core/l10n/translation";

const STEPS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};

/** Plan without a pointer: pick up, move, put down, with every verdict spoken. */
export function useCardKeys(board) {
    function pickUp(task) {
        if (!board.mayTake()) {
            return;
        }
        if (!task.movable) {
            const words = { client: task.client, status: task.status_label };
            board.announce(_t("%(client)s is “%(status)s” and stays where it is.", words));
            return;
        }
        if (!board.state.data.technicians.length) {
            board.announce(_t("There is no technician to give it to."));
            return;
        }
        board.take(task, "keyboard");
        board.judge(board.getFirstSpot(task));
    }

    function move([along, across]) {
        const { data, scale } = board.state;
        const { technicians, days, axis, grid } = data;
        const { technicianId, date, minutes } = board.hold.spot;
        const limit = (value, last) => Math.max(0, Math.min(value, last));
        const row = technicians.findIndex((one) => one.id === technicianId) + across;
        const spot = {
            technicianId: technicians[limit(row, technicians.length - 1)].id,
            date,
            minutes,
        };
        if (scale === "day") {
            const next = minutes + along * grid;
            spot.minutes = Math.max(axis.from, Math.min(next, axis.to - grid));
        } else {
            spot.date = days[limit(days.indexOf(date) + along, days.length - 1)];
        }
        board.judge(spot);
    }

    function onHeldKey(ev) {
        if (ev.key in STEPS) {
            move(STEPS[ev.key]);
        } else if (ev.key === "Enter" || ev.key === " ") {
            board.drop();
        } else if (ev.key === "Escape" || ev.key === "Tab") {
            board.cancel();
            return ev.key === "Escape";
        } else if ((ev.key === "Delete" || ev.key === "Backspace") && board.hold.task.date) {
            board.once(() => board.takeOff(board.hold.task));
        } else {
            return false;
        }
        return true;
    }

    /** Until what is in hand is put down, nothing but to leave it where it was. */
    function onBusyKey(ev) {
        if (ev.key === "Escape" && !board.isSent) {
            board.cancel();
        }
        return ev.key !== "Tab";
    }

    function onFreeKey(ev) {
        if ((ev.ctrlKey || ev.metaKey) && ev.key === "z" && !ev.target.closest("input")) {
            board.undo();
            return true;
        }
        const task = board.findTask(ev.target.closest(".o_fc_card"));
        if (task && ev.key === "Enter") {
            pickUp(task);
        } else if (task && (ev.key === "o" || ev.key === " ")) {
            board.openTask(task.id);
        } else {
            return false;
        }
        return true;
    }

    return {
        onKeydown(ev) {
            const { task, mode } = board.hold;
            const isHeld = task && mode === "keyboard";
            const onKey = task && board.isBusy ? onBusyKey : isHeld ? onHeldKey : onFreeKey;
            if (onKey(ev)) {
                ev.preventDefault();
                ev.stopPropagation();
            }
        },
    };
}

import { _t } from "@web/core/l10n/translation";
import { NO, OPEN, WARN, sayClock } from "./board_words";

/** A column of a start, as the server sends it. */
const CLOCK = 0;
const START = 1;
const LEVEL = 2;
const REASON = 3;
const THERE = 4;
const ON = 5;
const DETOUR = 6;

/**
 * The engine's verdicts on the task in hand, for all rows and days in sight: asked
 * once, then looked up while the task is moved about.
 */
export class VerdictBook {
    /** @param {(taskId: number) => Promise<Object[]>} ask */
    constructor(ask) {
        this.ask = ask;
        this.clear();
    }

    /** Forget everything: something has been planned. */
    clear() {
        this.asked = new Map();
        this.answers = new Map();
    }

    /** Ask about a task, unless that was done already. */
    fetch(taskId) {
        if (!this.asked.has(taskId)) {
            const { asked, answers } = this;
            const answer = this.ask(taskId).then(
                (days) => {
                    const byDay = days.map((day) => [`${day.technician_id}|${day.date}`, day]);
                    answers.set(taskId, new Map(byDay));
                },
                (error) => {
                    // Another try, at the next occasion.
                    asked.delete(taskId);
                    throw error;
                }
            );
            asked.set(taskId, answer);
        }
        return this.asked.get(taskId);
    }

    /** Return the verdict on the start that is nearest to a time on the clock. */
    findNearest(taskId, technicianId, date, minutes) {
        const place = { technicianId, date };
        const day = this.answers.get(taskId)?.get(`${technicianId}|${date}`);
        if (!this.answers.has(taskId)) {
            return { ...place, minutes, level: null, reason: "" };
        }
        let best = null;
        for (const start of day?.starts || []) {
            if (!best || Math.abs(start[CLOCK] - minutes) < Math.abs(best[CLOCK] - minutes)) {
                best = start;
            }
        }
        return best
            ? this.toSpot(place, day, best)
            : { ...place, minutes, level: NO, reason: _t("Nobody can come on that day.") };
    }

    /**
     * Return the spot for a task that is put on a day without a time: the hour that it
     * has now if that is open, else the open start with the least driving.
     */
    findBest(taskId, technicianId, date, preferred) {
        const place = { technicianId, date };
        const wish = this.findNearest(taskId, technicianId, date, preferred ?? 12 * 60);
        if (wish.level === null || (preferred !== null && wish.level === OPEN)) {
            return wish;
        }
        const day = this.answers.get(taskId).get(`${technicianId}|${date}`);
        const starts = day?.starts || [];
        for (const level of [OPEN, WARN]) {
            const candidates = starts.filter((start) => start[LEVEL] === level);
            if (candidates.length) {
                candidates.sort((a, b) => a[DETOUR] - b[DETOUR] || a[CLOCK] - b[CLOCK]);
                const spot = this.toSpot(place, day, candidates[0]);
                if (candidates.length > 1 && level === OPEN) {
                    spot.note = _t("Best of %(count)s times: %(time)s.", {
                        count: candidates.length,
                        time: sayClock(spot.minutes),
                    });
                }
                return spot;
            }
        }
        return { ...wish, reason: this.findMainReason(day) || wish.reason };
    }

    /** Return why most starts of a day are refused. */
    findMainReason(day) {
        const counts = new Map();
        for (const start of day?.starts || []) {
            counts.set(start[REASON], (counts.get(start[REASON]) || 0) + 1);
        }
        // Nights are outside everybody's hours: that is no news if there is another.
        const numbers = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
        const number = numbers.length > 1 ? numbers[1] : numbers[0];
        return number === undefined ? "" : day.reasons[number];
    }

    /** Return [minutes, level] of every start of a day. */
    getLevels(taskId, technicianId, date) {
        const day = this.answers.get(taskId)?.get(`${technicianId}|${date}`);
        return (day?.starts || []).map((start) => [start[CLOCK], start[LEVEL]]);
    }

    toSpot(place, day, start) {
        return {
            ...place,
            minutes: start[CLOCK],
            start: start[START],
            level: start[LEVEL],
            reason: day.reasons[start[REASON]],
            travelBefore: start[THERE],
            travelAfter: start[ON],
            detour: start[DETOUR],
        };
    }
}

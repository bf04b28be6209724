import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** What the engine says of a start; the numbers are the server's. */
export const OPEN = 0;
export const WARN = 1;
export const NO = 2;
export const LEVEL_NAMES = ["open", "warn", "no"];

/** Return the verdict in one word. */
export function sayLevel(level) {
    return level === null ? "" : [_t("Open"), _t("Possible"), _t("Not possible")][level];
}

const clockLabels = new Map();

/** Return a moment of a day without a clock change; made when the locale is known. */
function toMoment(minutes) {
    return DateTime.utc(2001, 1, 1).plus({ minutes });
}

/** Return minutes on the clock of a day as a time of day, in the user's language. */
export function sayClock(minutes) {
    if (!clockLabels.has(minutes)) {
        clockLabels.set(minutes, toMoment(minutes).toLocaleString(DateTime.TIME_SIMPLE));
    }
    return clockLabels.get(minutes);
}

/** Return an hour as the axis shows it. */
export function sayHour(minutes) {
    return toMoment(minutes).toLocaleString({ hour: "numeric" });
}

export function saySpan(from, to) {
    return _t("%(start)s to %(end)s", { start: sayClock(from), end: sayClock(to) });
}

/** Return a local day as a short label, such as "Mon 23 Nov". */
export function sayDay(date) {
    return DateTime.fromISO(date).toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
    });
}

/** Return a stretch of minutes: "45 min", "2 h", "1 h 20". */
export function sayMinutes(minutes) {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (!hours) {
        return _t("%(minutes)s min", { minutes: rest });
    }
    if (!rest) {
        return _t("%(hours)s h", { hours });
    }
    return _t("%(hours)s h %(minutes)s", {
        hours,
        minutes: String(rest).padStart(2, "0"),
    });
}

/** Return what a spot means: the verdict, in words. */
export function sayVerdict(spot) {
    if (spot.level === null) {
        return _t("Checking…");
    }
    if (spot.level !== OPEN) {
        return spot.reason;
    }
    const drive = sayDrive(spot);
    return spot.note ? `${spot.note} ${drive}` : drive;
}

function sayDrive({ travelBefore, travelAfter, detour }) {
    if (travelAfter) {
        return _t("%(there)s min there, %(on)s min on: %(detour)s min more driving.", {
            there: travelBefore,
            on: travelAfter,
            detour,
        });
    }
    return _t("%(there)s min drive there.", { there: travelBefore });
}

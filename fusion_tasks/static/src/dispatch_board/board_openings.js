import { OPEN, WARN } from "./board_words";

const COLORS = { [OPEN]: "var(--fc-open)", [WARN]: "var(--fc-warn)" };

/** Mark on every row where the task in hand could start. */
export function showOpenings(root, book, taskId, { axis, grid }, scale) {
    for (const track of root.querySelectorAll("[data-technician]")) {
        const { technician, date } = track.dataset;
        const levels = book.getLevels(taskId, Number(technician), date);
        const paint = scale === "day" ? paintHours(levels, axis, grid) : paintDay(levels);
        track.style.setProperty("--fc-openings", paint);
    }
}

export function hideOpenings(root) {
    for (const track of root?.querySelectorAll("[data-technician]") || []) {
        track.style.removeProperty("--fc-openings");
    }
}

function paintDay(levels) {
    const best = Math.min(...levels.map(([, level]) => level));
    return COLORS[best] || "none";
}

function paintHours(levels, axis, grid) {
    const share = (minutes) => ((100 * (minutes - axis.from)) / (axis.to - axis.from)).toFixed(2);
    const stops = levels
        .filter(([minutes]) => minutes >= axis.from && minutes < axis.to)
        .map(([minutes, level]) => {
            const color = COLORS[level] || "transparent";
            return `${color} ${share(minutes)}% ${share(minutes + grid)}%`;
        });
    return stops.length ? `linear-gradient(to right, ${stops.join(",")})` : "none";
}

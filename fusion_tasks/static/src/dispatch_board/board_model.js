/**
 * Prepare what the server sent for drawing: lanes for tasks that stand beside one
 * another, and the sums that a row shows.
 */
export function prepareRows(technicians) {
    for (const row of technicians) {
        for (const day of row.days) {
            day.lanes = setLanes(day.tasks);
            day.worked = sum(day.windows.map((span) => span.to - span.from));
            day.booked = sum(day.tasks.map((task) => task.to - task.from));
            day.driven = sum(day.drives.map((drive) => drive.minutes));
        }
        row.lanes = Math.max(...row.days.map((day) => day.lanes));
        row.booked = sum(row.days.map((day) => day.booked));
        row.driven = sum(row.days.map((day) => day.driven));
        row.count = sum(row.days.map((day) => day.tasks.length));
    }
    return technicians;
}

function sum(numbers) {
    return numbers.reduce((total, number) => total + number, 0);
}

/** Give each task the first lane that is free; return how many there are. */
function setLanes(tasks) {
    const ends = [];
    for (const task of tasks) {
        let lane = ends.findIndex((end) => end <= task.from);
        if (lane < 0) {
            lane = ends.length;
        }
        ends[lane] = task.to;
        task.lane = lane;
    }
    return Math.max(1, ends.length);
}

/** Return cities and the first halves of postal codes of tasks, to choose from. */
export function collectZones(data) {
    const zones = new Set();
    const tasks = data.technicians.flatMap((row) => row.days.flatMap((day) => day.tasks));
    for (const task of [...tasks, ...data.side]) {
        for (const zone of [task.city, task.zip.slice(0, 3)]) {
            if (zone) {
                zones.add(zone);
            }
        }
    }
    return [...zones].sort((a, b) => a.localeCompare(b));
}

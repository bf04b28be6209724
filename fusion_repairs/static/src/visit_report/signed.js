import { _t } from "@web/core/l10n/translation";

import { knownKey } from "./outbox";

const ANSWER = ["result", "reading", "note", "defect_class"];

/** Return what was entered last into a part of an answer, also if it is not sent yet. */
function answer(outbox, line, name) {
    return outbox.value(`${line.data.checklist_line_id.id}.${name}`, line.data[name]) || "";
}

function known(outbox, one, name) {
    return outbox.value(knownKey(one.key, name), one[name]) || "";
}

/**
 * Return what a signature stands for, as the server puts it together from the report.
 *
 * Plain values only: they are kept with the signature until it is sent.
 */
export function collectFacts(record, outbox) {
    const { line_ids: lines, part_ids: parts, known: defects, total } = record.data;
    return {
        answers: lines.records.map((line) => [
            line.data.checklist_line_id.id,
            ...ANSWER.map((name) => answer(outbox, line, name)),
        ]),
        known: (defects || []).map((one) => [
            one.key,
            known(outbox, one, "answer"),
            known(outbox, one, "note"),
        ]),
        parts: parts.records
            .filter((part) => part.data.quantity)
            .map(({ data }) => [data.product_id.id, data.quantity, data.charged]),
        total,
    };
}

/** Tell whether two signatures would stand for the same. */
export function isSame(facts, others) {
    return JSON.stringify(facts) === JSON.stringify(others);
}

/** Return in sentences what the client signs; without a connection in our own. */
export function collectStatement(record, outbox) {
    const { words, price } = record.data.statement || { words: [], price: [] };
    const said = outbox.count ? collectWords(record, outbox) : words;
    return [...said, ...price.map(([what, amount]) => `${what}: ${amount}`)];
}

function collectWords(record, outbox) {
    const lines = record.data.line_ids.records;
    const open = lines.filter((line) => !answer(outbox, line, "result"));
    const failed = lines.filter((line) => answer(outbox, line, "result") === "fail");
    const words = [];
    if (open.length) {
        words.push(_t("Checks not answered yet: %s", open.length));
    } else if (!failed.length) {
        words.push(_t("No check has failed."));
    }
    for (const line of failed) {
        const found = ["reading", "note"].map((name) => answer(outbox, line, name));
        const defect = [line.data.name, ...found].filter(Boolean).join(": ");
        words.push(_t("Found: %s", defect));
    }
    for (const one of record.data.known || []) {
        words.push(
            known(outbox, one, "answer") === "closed"
                ? _t("Repaired: %(defect)s. %(done)s", {
                      defect: one.name,
                      done: known(outbox, one, "note"),
                  })
                : _t("Still open: %s", one.name)
        );
    }
    return words;
}

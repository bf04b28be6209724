import { useExternalListener } from "@odoo/owl";

const THRESHOLD = 5;
const EDGE = 48;
const PACE = 14;

/**
 * Drag cards with mouse, pen or finger.
 *
 * @param {Object} params
 * @param {(card: HTMLElement) => boolean} params.canGrab
 * @param {(card: HTMLElement, ev: PointerEvent) => void} params.onGrab
 * @param {(target: Element | null, point: {x: number, y: number}) => void} params.onMove
 * @param {() => void} params.onDrop
 * @param {() => void} params.onCancel
 * @param {() => HTMLElement} params.getScroller
 * @returns {{onPointerdown: (ev: PointerEvent) => void, cancel: () => void}}
 */
export function useCardDrag({ canGrab, onGrab, onMove, onDrop, onCancel, getScroller }) {
    let grip = null;
    let frame = 0;

    const follow = () => {
        frame = 0;
        if (!grip?.isDragging) {
            return;
        }
        const { x, y } = grip;
        onMove(document.elementFromPoint(x, y), { x, y });
        if (scrollAtEdge(getScroller(), x, y)) {
            frame = requestAnimationFrame(follow);
        }
    };

    const cancel = () => {
        grip = null;
        cancelAnimationFrame(frame);
        frame = 0;
    };

    const release = (finish) => {
        const wasDragging = grip?.isDragging;
        cancel();
        if (wasDragging) {
            finish();
        }
        return wasDragging;
    };

    /** Tell whether the pointer is the one that holds a card: there may be more. */
    const isHolding = (ev) => grip && ev.pointerId === grip.pointerId;

    useExternalListener(window, "pointermove", (ev) => {
        if (!isHolding(ev)) {
            return;
        }
        if (!ev.buttons) {
            // Let go where nobody noticed.
            release(onCancel);
            return;
        }
        grip.x = ev.clientX;
        grip.y = ev.clientY;
        const distance = Math.hypot(grip.x - grip.fromX, grip.y - grip.fromY);
        if (!grip.isDragging && distance > THRESHOLD) {
            grip.isDragging = true;
            onGrab(grip.card, grip);
        }
        if (grip?.isDragging && !frame) {
            frame = requestAnimationFrame(follow);
        }
    });
    useExternalListener(window, "pointerup", (ev) => {
        if (!isHolding(ev)) {
            return;
        }
        let finish = onCancel;
        try {
            if (grip.isDragging) {
                // No click follows a drag.
                window.addEventListener("click", swallow, { capture: true, once: true });
                setTimeout(() => window.removeEventListener("click", swallow, true));
                // The last move may still wait for its frame.
                onMove(document.elementFromPoint(ev.clientX, ev.clientY), {
                    x: ev.clientX,
                    y: ev.clientY,
                });
                finish = onDrop;
            }
        } finally {
            release(finish);
        }
    });
    useExternalListener(window, "pointercancel", (ev) => isHolding(ev) && release(onCancel));
    useExternalListener(
        window,
        "keydown",
        (ev) => {
            if (ev.key === "Escape" && release(onCancel)) {
                ev.stopPropagation();
            }
        },
        { capture: true }
    );

    return {
        /** Forget the card: whoever calls this has let it go. */
        cancel,
        /** Take hold of the card under the pointer, if it may be moved. */
        onPointerdown(ev) {
            const card = ev.target.closest(".o_fc_card");
            if (!card || ev.button || !ev.isPrimary || (grip && !isHolding(ev))) {
                return;
            }
            release(onCancel);
            if (!canGrab(card)) {
                return;
            }
            grip = {
                card,
                pointerId: ev.pointerId,
                fromX: ev.clientX,
                fromY: ev.clientY,
                x: ev.clientX,
                y: ev.clientY,
                isDragging: false,
            };
        },
    };
}

function swallow(ev) {
    ev.stopPropagation();
    ev.preventDefault();
}

/** Scroll when the pointer is at an edge; return whether there was anything to. */
function scrollAtEdge(scroller, x, y) {
    const box = scroller.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) {
        return false;
    }
    const { scrollLeft, scrollTop } = scroller;
    scroller.scrollBy({
        left: x > box.right - EDGE ? PACE : x < box.left + EDGE ? -PACE : 0,
        top: y > box.bottom - EDGE ? PACE : y < box.top + EDGE ? -PACE : 0,
    });
    return scroller.scrollLeft !== scrollLeft || scroller.scrollTop !== scrollTop;
}

const DATABASE = "fusion_repairs_unsent";
const TABLE = "entries";
/** After so long a visit is over, or was reported on paper. */
export const KEPT_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;

function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * Return how many reports have something that is not sent yet.
 *
 * @param {string} prefix of their scopes
 */
export async function countUnsent(prefix) {
    const store = new UnsentStore(prefix);
    try {
        await store.open();
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        const keys = await settled(store.table().index("scope").getAllKeys(range));
        return new Set(keys.map(([scope]) => scope)).size;
    } catch {
        return 0;
    } finally {
        store.database?.close();
    }
}

/** What this browser still has to send, of one report of one user of one database. */
export class UnsentStore {
    /**
     * @param {string} scope what tells this report from all others on this browser
     */
    constructor(scope) {
        this.scope = scope;
    }

    async open() {
        const request = indexedDB.open(DATABASE, 1);
        request.onupgradeneeded = () => {
            const table = request.result.createObjectStore(TABLE, { keyPath: ["scope", "key"] });
            table.createIndex("scope", "scope");
            table.createIndex("at", "at");
        };
        this.database = await settled(request);
        this.database.onversionchange = () => this.database.close();
    }

    table() {
        return this.database.transaction(TABLE, "readwrite").objectStore(TABLE);
    }

    /** Return the entries of this report; whatever is too old goes, of whomever it is. */
    async load() {
        const table = this.table();
        const old = IDBKeyRange.upperBound(Date.now() - KEPT_DAYS * DAY_MS);
        for (const id of await settled(table.index("at").getAllKeys(old))) {
            table.delete(id);
        }
        return settled(table.index("scope").getAll(this.scope));
    }

    put(entry) {
        return settled(this.table().put({ ...entry, scope: this.scope }));
    }

    /** Take out what was sent, unless it was changed in the meantime. */
    async remove(entry) {
        const table = this.table();
        const id = [this.scope, entry.key];
        const stored = await settled(table.get(id));
        if (stored && stored.clock <= entry.clock) {
            await settled(table.delete(id));
        }
    }
}

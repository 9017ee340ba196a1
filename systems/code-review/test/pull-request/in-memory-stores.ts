import type { Claim } from '../../pull-request/claim.ts';
import type { ClaimStore } from '../../pull-request/claim-store.ts';
import type { HeldFor, HeldStore } from '../../pull-request/held-store.ts';
import { nameOf } from '../../pull-request/order.ts';

/** Claims in memory, with the guarantees of the table, and what is in it by the names of the pull requests. */
export function inMemoryClaims() {
  const items = new Map<string, Claim>();
  const store: ClaimStore = {
    get: async (pull) => structuredClone(items.get(nameOf(pull)) ?? null),
    async replace(pull, next) {
      if ((items.get(nameOf(pull))?.version ?? 0) !== next.version - 1) return 'conflict';
      items.set(nameOf(pull), structuredClone(next));
      return 'replaced';
    },
  };
  return { store, items };
}

/** Pull requests for which money was held, in memory. */
export function inMemoryHeld(): HeldStore {
  const items = new Map<string, HeldFor>();
  return {
    add: async (heldFor) => void items.set(nameOf(heldFor.pull), structuredClone(heldFor)),
    async *list() {
      yield* [...items.keys()].toSorted((a, b) => (a < b ? -1 : 1)).flatMap((name) => items.get(name) ?? []);
    },
    async remove({ pull, execution }) {
      if (items.get(nameOf(pull))?.execution === execution) items.delete(nameOf(pull));
    },
  };
}

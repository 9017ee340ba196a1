import { UnreadableRecord } from '#core/stored/record.ts';
import type { HeldFor } from '../pull-request/held-store.ts';
import { hasMoney, isRunning } from '../pull-request/claim.ts';
import { settleStopped } from '../pull-request/take-over.ts';
import type { SettleHeldPorts } from './ports.ts';

/** Pull requests that one run looks through: many more than have reviews at the same time. */
const MAX_LOOKED = 1_000;

/**
 * Settles the money of reviews that were stopped while a worker still had a task of theirs, and of those whose execution
 * has died. Otherwise it stays held until somebody claims the pull request again, which may be never.
 * One that fails does not keep it from the others.
 * @returns how many pull requests have no money held any more
 * @throws the first error
 */
export async function settleHeld(ports: SettleHeldPorts): Promise<number> {
  let looked = 0;
  let settled = 0;
  const failed: Error[] = [];
  for await (const heldFor of ports.held.list()) {
    if (looked >= MAX_LOOKED || !ports.mayGoOn()) break;
    looked += 1;
    try {
      if (await isSettled(ports, heldFor)) settled += 1;
    } catch (error) {
      failed.push(error instanceof Error ? error : new Error('A review could not be settled.', { cause: error }));
    }
  }
  if (failed[0] !== undefined) throw failed[0];
  return settled;
}

async function isSettled(ports: SettleHeldPorts, heldFor: HeldFor): Promise<boolean> {
  try {
    const claim = await ports.claims.get(heldFor.pull);
    if (claim !== null && isRunning(claim, ports.clock.now())) return false;
    if (claim !== null) {
      const left = await settleStopped(ports, heldFor.pull, claim);
      // Whoever has claimed the pull request meanwhile may have nothing to hold, and so note nothing.
      if (left === null || hasMoney(left)) return false;
    }
    await ports.held.remove(heldFor);
    return true;
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    ports.report('reconcile.not-settled', { ...heldFor.pull, reason: error.message });
    return false;
  }
}

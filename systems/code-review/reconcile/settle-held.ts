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
 * @returns how many pull requests have no money held any more
 */
export async function settleHeld(ports: SettleHeldPorts): Promise<number> {
  let looked = 0;
  let settled = 0;
  for await (const heldFor of ports.held.list()) {
    if (looked >= MAX_LOOKED || !ports.mayGoOn()) break;
    looked += 1;
    if (await isSettled(ports, heldFor)) settled += 1;
  }
  return settled;
}

async function isSettled(ports: SettleHeldPorts, heldFor: HeldFor): Promise<boolean> {
  try {
    const claim = await ports.claims.get(heldFor.pull);
    if (claim !== null && isRunning(claim, ports.clock.now())) return false;
    const left = claim === null ? null : await settleStopped(ports, heldFor.pull, claim);
    if (left !== null && hasMoney(left)) return false;
    // Whoever has claimed the pull request meanwhile notes it again before money is held.
    await ports.held.remove(heldFor);
    return true;
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    ports.report('reconcile.not-settled', { ...heldFor.pull, reason: error.message });
    return false;
  }
}

import { concludeCheckRun } from '../github/check-run.ts';
import type { GithubClient } from '../github/client.ts';
import type { Claim, Execution } from './claim.ts';
import { giveBack, holdMoney, type NoRoom } from './hold-money.ts';
import type { Order } from './order.ts';
import type { ReviewPorts } from './ports.ts';
import { over, type Prepared } from './step.ts';
import { taskIdOf } from './task-id.ts';
import { updateClaim } from './take-over.ts';

interface Wanted {
  readonly claim: Claim;
  readonly execution: Execution;
  /** What to hold, in US dollars. */
  readonly usd: number;
}

/** With a review after it, it must be within the time limit of the state machine. */
const MAX_WAIT_MS = 3_600_000;
const MIN_SECONDS = 15;
const MAX_SECONDS = 300;

/**
 * Holds the money of a review, and notes it on the claim. Returns what keeps the review from starting: while other
 * reviews hold more than they will cost, it waits. Null when nothing does. It can be repeated.
 */
export async function holdForReview(
  ports: ReviewPorts,
  client: GithubClient,
  order: Order,
  { claim, execution, usd }: Wanted,
): Promise<Prepared | null> {
  if (claim.held !== undefined) return null;
  const { repository, number, installation } = order;
  const heldFor = { pull: { repository, number, installation }, execution: execution.name };
  await ports.held.add(heldFor, ports.clock.now());
  const held = await holdMoney(ports, order, taskIdOf(ports, execution), usd);
  if (typeof held !== 'string') {
    if ((await updateClaim(ports, order, claim, { held })) !== null) return null;
    await giveBack(ports, order, new Map([[held, 0]]));
    return over('superseded');
  }
  ports.report('review.no-money', { repository, number, why: held });
  const waited = ports.clock.now() - execution.startedAt;
  if (held === 'held-by-others' && waited < MAX_WAIT_MS) return { outcome: 'wait', seconds: secondsAfter(waited) };
  await sayNotReviewed(ports, client, order, claim, held);
  await updateClaim(ports, order, claim, { state: 'stopped' });
  return over(held === 'spent' ? 'no money left today' : 'other reviews held the money for too long');
}

/** Longer each time, since the change is read again after it. */
const secondsAfter = (waitedMs: number): number =>
  Math.round(Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, waitedMs / 2_000)));

const WORDS: Readonly<Record<NoRoom, { readonly title: string; readonly text: string }>> = {
  spent: {
    title: 'Not reviewed: the budget of today is used up',
    text: 'Run it again tomorrow, or raise maxUsd in the configuration.',
  },
  'held-by-others': {
    title: 'Not reviewed: other reviews hold the budget of today',
    text: 'They have not given any back for an hour. Run it again later, or raise maxUsd in the configuration.',
  },
};

async function sayNotReviewed(
  { settings }: ReviewPorts,
  client: GithubClient,
  { repository }: Order,
  { checkRun: id }: Claim,
  why: NoRoom,
): Promise<void> {
  if (id !== undefined) await concludeCheckRun(client, { repository, id }, settings.whenNotReviewed, WORDS[why]);
}

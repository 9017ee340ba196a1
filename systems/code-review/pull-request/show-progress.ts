import { findOpenCheckRun, openCheckRun, startCheckRun, type CheckRunWanted } from '../github/check-run.ts';
import { GithubError, type GithubClient } from '../github/client.ts';
import { clientOf } from './audited-access.ts';
import { isOwn, isReviewed, type Claim, type Execution } from './claim.ts';
import { CHECK_NAME, externalIdOf } from './event.ts';
import type { Order } from './order.ts';
import type { ReviewPorts } from './ports.ts';
import { cancelCheckRun, updateClaim } from './take-over.ts';

/**
 * The check run of a head: queued from the push on, in progress while the supervisor's task is there, then completed. The
 * claim names it, so that whoever takes over completes it. Before there is a claim, its execution finds it by the head.
 */

const wantedOf = (order: Order, head: string): CheckRunWanted => ({
  repository: order.repository,
  head,
  name: CHECK_NAME,
  externalId: externalIdOf(order),
});

/** Shows at once that a push will be reviewed, before it waits for further pushes. Without it, the review is the same. */
export async function announceReview(ports: ReviewPorts, order: Order, execution: Execution): Promise<void> {
  const { repository, number, head } = order;
  if (head === null || usesHead(await ports.claims.get(order), head, ports.clock.now())) return;
  try {
    const client = await clientOf(ports, order, execution);
    await openCheckRun(client, wantedOf(order, head));
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    if (error.status === 401) ports.access.forget();
    ports.report('review.not-announced', { repository, number, reason: error.message });
  }
}

/** The check run that announces a push; null when there is none. */
export async function findAnnounced(client: GithubClient, order: Order): Promise<number | null> {
  return order.pushed && order.head !== null ? findOpenCheckRun(client, wantedOf(order, order.head)) : null;
}

/**
 * Cancels the check run of a head that its execution does not review, unless another one uses it: that of a push which was
 * announced, or one that it opened again while it was taken over, and then crashed.
 */
export async function withdraw(
  ports: Pick<ReviewPorts, 'claims' | 'clock'>,
  client: GithubClient,
  order: Order,
  claim: Claim | null,
): Promise<void> {
  if (!mayHaveOpened(order, claim) || usesHead(claim, order.head, ports.clock.now())) return;
  const id = await findOpenCheckRun(client, wantedOf(order, order.head));
  // Another execution may have claimed the head since. It does so before it opens a check run.
  if (id === null || usesHead(await ports.claims.get(order), order.head, ports.clock.now())) return;
  await cancelCheckRun(client, order, id);
}

/** Whether an execution without a claim may have left a check run open: only one of a push, or one that was taken over. */
export const mayHaveOpened = (order: Order, claim: Claim | null): order is Order & { readonly head: string } =>
  order.head !== null && (order.pushed || claim !== null);

const usesHead = (claim: Claim | null, head: string, now: number): boolean =>
  claim?.head === head && isReviewed(claim, now);

/** Opens the check run of a claim, if it has none. Null when another execution has claimed the pull request since. */
export async function showQueued(
  ports: ReviewPorts,
  client: GithubClient,
  order: Order,
  claim: Claim & { readonly head: string },
): Promise<Claim | null> {
  const id = claim.checkRun ?? (await openCheckRun(client, wantedOf(order, claim.head)));
  if (id === null) return claim;
  await ports.heads.add(order, claim.head, ports.clock.now());
  if (claim.checkRun !== undefined) return claim;
  const updated = await updateClaim(ports, order, claim, { checkRun: id });
  // Whoever has claimed it since does not know this check run.
  if (updated === null) await cancelCheckRun(client, order, id);
  return updated;
}

/**
 * Shows that the review is under way. False when another execution has claimed the pull request since: it may have
 * completed the check run, which has just become open again.
 */
export async function showStarted(
  ports: ReviewPorts,
  client: GithubClient,
  order: Order,
  { claim, execution }: { readonly claim: Claim; readonly execution: Execution },
): Promise<boolean> {
  const { checkRun: id } = claim;
  if (id === undefined) return true;
  // Whoever has taken over cancels the check run, and nobody would cancel it again if this function crashed after the call.
  if (!isOwn(await ports.claims.get(order), execution)) return false;
  await startCheckRun(client, { repository: order.repository, id });
  if (isOwn(await ports.claims.get(order), execution)) return true;
  await cancelCheckRun(client, order, id);
  return false;
}

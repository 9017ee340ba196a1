import { specialists } from '../agents/specialists.ts';
import { reviewSupervisor } from '../agents/supervisor.ts';
import { aboutChange } from '../change/about-change.ts';
import type { ChangedFile } from '../change/changed-file.ts';
import { estimateUsd } from '../change/estimate.ts';
import { planReview, type Plan } from '../change/plan.ts';
import { readBefore } from '../findings/carry-forward.ts';
import { rulesDigest } from '../findings/review-record.ts';
import type { GithubClient } from '../github/client.ts';
import { isOfNewAuthor, readMergeBase, readPull, type Pull } from '../github/read-pull.ts';
import { clientOf } from './audited-access.ts';
import { isReviewed, type Claim, type Execution } from './claim.ts';
import { holdForReview } from './hold-for-review.ts';
import { usdToHold } from './hold-money.ts';
import type { Order } from './order.ts';
import { inputName, planName, type PlanFile } from './plan-file.ts';
import type { ReviewPorts } from './ports.ts';
import { readChange, type RemoteChange } from './read-change.ts';
import { findAnnounced, showQueued, showStarted, withdraw } from './show-progress.ts';
import { over, type Prepared } from './step.ts';
import { cancelById, cancelCheckRun, nextClaim, release, stopReplaced } from './take-over.ts';
import { usdOfSpecialists } from './usd-of-specialists.ts';

/** Attempts to claim a pull request that others claim at the same time. */
const ATTEMPTS = 20;

/**
 * Begins a review: claims the pull request for its present head, stops the review before it, shows a check run, reads the
 * change, plans it and holds the money. It can be repeated. Throws `GithubError`.
 */
export async function prepareReview(ports: ReviewPorts, order: Order, execution: Execution): Promise<Prepared> {
  const client = await clientOf(ports, order, execution);
  const claimed = await claimPull(ports, client, order, execution);
  if ('outcome' in claimed) return claimed;
  const mine = await stopReplaced(ports, order, claimed.claim);
  if (mine === null) return over('superseded');
  if (claimed.pull === null || mine.head === null) return over('stopped');
  const shown = await showQueued(ports, client, order, { ...mine, head: mine.head });
  if (shown === null) return over('superseded');
  const change = await readChange(client, order, claimed.pull, claimed.base);
  const isNew = isOfNewAuthor(claimed.pull);
  const about = { head: mine.head, base: claimed.base, isOfNewAuthor: isNew };
  const file = await planPull(ports, order, change, about);
  const { plan } = file;
  await ports.files.put(planName(execution.name), file);
  if (plan.units.length === 0) return { outcome: 'nothing-to-read' };
  const usd = usdToHold(ports.settings, { estimateUsd: file.estimateUsd, mostUsd: mostUsdOf(ports, isNew) });
  const obstacle = await holdForReview(ports, client, order, { claim: shown, execution, usd });
  if (obstacle !== null) return obstacle;
  await ports.files.put(inputName(execution.name), { ...aboutChange(change), units: plan.units });
  const isOpen = await showStarted(ports, client, order, { claim: shown, execution });
  return isOpen ? { outcome: 'review' } : over('superseded');
}

interface Claimed {
  readonly claim: Claim;
  readonly pull: Pull | null;
  readonly base: string;
}

/** Reads the claim, then GitHub, then claims: so the head that is read was the newest when nobody else has claimed since. */
async function claimPull(
  ports: ReviewPorts,
  client: GithubClient,
  order: Order,
  execution: Execution,
): Promise<Claimed | Prepared> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await ports.claims.get(order);
    if (before?.execution === execution.name && before.state !== 'running')
      return before.replaces.length > 0 ? { claim: before, pull: null, base: '' } : over(before.state);
    const pull = await readPull(client, `/repos/${order.repository}/pulls/${order.number}`);
    if (mayLag(ports, order, pull, execution)) return { outcome: 'wait', seconds: LAG_SECONDS };
    const reason = reasonToLeave(ports, order, { before, pull, execution });
    if (reason !== null || pull === null) {
      if (before?.execution === execution.name) await abandon(ports, client, order, before);
      else await withdraw(ports, client, order, before);
      return over(reason ?? 'not found');
    }
    if (before?.execution === execution.name) return { claim: before, pull, base: before.base ?? '' };
    const now = ports.clock.now();
    const isStop = order.kind === 'stop';
    const base = isStop ? null : await readMergeBase(client, order.repository, pull);
    const wanted = { head: isStop ? null : pull.head.sha, base, state: isStop ? 'stopped' : 'running' } as const;
    const announced = await findAnnounced(client, order);
    const claim = { ...nextClaim(before, execution, wanted, now), ...(announced !== null && { checkRun: announced }) };
    if ((await ports.claims.replace(order, claim)) === 'replaced')
      return { claim, pull: isStop ? null : pull, base: base ?? '' };
  }
  throw new Error(`The pull request ${order.repository}#${order.number} was claimed ${ATTEMPTS} times at once.`);
}

/** How long GitHub's reads may lag behind an event, and how often to look meanwhile. */
const LAG_MS = 20_000;
const LAG_SECONDS = 3;

/** Whether GitHub may not show yet what the event is about: the pull request itself, or its new head. */
function mayLag({ clock }: ReviewPorts, { kind, before }: Order, pull: Pull | null, { startedAt }: Execution): boolean {
  const isOld = pull === null ? kind === 'review' : pull.head.sha === before;
  return isOld && clock.now() - startedAt < LAG_MS;
}

/** Gives back a claim of one's own whose pull request has changed since. */
async function abandon(ports: ReviewPorts, client: GithubClient, order: Order, claim: Claim): Promise<void> {
  if (claim.held !== undefined) await cancelById(ports, claim.held.taskId);
  if (claim.checkRun !== undefined) await cancelCheckRun(client, order, claim.checkRun);
  await release(ports, order, claim, 'stopped');
}

interface Found {
  readonly before: Claim | null;
  readonly pull: Pull | null;
  readonly execution: Execution;
}

/** Why an execution has nothing to do; null when it has. */
function reasonToLeave(
  { settings, clock }: ReviewPorts,
  { kind, head }: Order,
  { before, pull, execution }: Found,
): string | null {
  if (pull === null) return 'the pull request is not there, or the app may not see it';
  // Whoever asks for a draft gets it.
  const isReviewable = pull.state === 'open' && (pull.draft !== true || settings.drafts || kind === 'again');
  if (kind === 'stop') {
    if (isReviewable) return 'it is open again';
    return before?.state === 'running' ? null : 'nothing is under way';
  }
  if (!isReviewable) return 'it is closed or a draft';
  // The newer head has a delivery of its own.
  if (head !== null && head !== pull.head.sha) return 'its head has moved';
  if (before === null) return null;
  const isHead = before.head === pull.head.sha;
  if (before.execution === execution.name) return isHead ? null : 'its head has moved';
  const isKnown = isHead && isReviewed(before, clock.now());
  return isKnown && kind === 'review' ? 'its head is reviewed' : null;
}

/** Plans the review over what has changed since the last one of the pull request. */
async function planPull(
  ports: ReviewPorts,
  order: Order,
  change: RemoteChange,
  about: Pick<PlanFile, 'head' | 'base' | 'isOfNewAuthor'>,
): Promise<PlanFile> {
  const earlier = await ports.records.get(order);
  const rules = rulesDigest({ policy: ports.settings.policy, agents: VERSIONS, guidance: change.guidance });
  const isRead = readBefore(order.kind === 'again' ? null : earlier, rules);
  const { plan, usd } = planWithin(ports, change, mostUsdOf(ports, about.isOfNewAuthor), isRead);
  const paths = [...change.files, ...change.unread].map(({ path }) => path);
  return { ...about, paths, estimateUsd: usd, rules, earlier, plan };
}

const VERSIONS = Object.fromEntries([reviewSupervisor, ...specialists].map(({ name, version }) => [name, version]));

/** The most that one review may cost, in US dollars. */
const mostUsdOf = ({ settings: { maxUsd, newAuthors } }: ReviewPorts, isNew: boolean): number =>
  isNew ? Math.min(maxUsd.pullRequest, newAuthors.maxUsd) : maxUsd.pullRequest;

/**
 * Plans within the money that the specialists can use: the least risky files are left out until the estimate fits. The
 * supervisor's part is not theirs, so a plan that needed it would end with parts that nobody begins.
 */
function planWithin(
  { settings }: ReviewPorts,
  change: RemoteChange,
  mostUsd: number,
  isRead: (file: ChangedFile) => boolean,
): { readonly plan: Plan; readonly usd: number } {
  const usableUsd = usdOfSpecialists(settings, mostUsd);
  let { totalTokens } = settings.limits;
  for (;;) {
    const limits = { ...settings.limits, totalTokens };
    const planned = planReview(change.files, limits, (path) => change.contents.get(path), isRead);
    const plan = { ...planned, leftOut: [...planned.leftOut, ...change.unread] };
    const usd = estimateUsd(plan);
    if (usd <= usableUsd || plan.units.length === 0) return { plan, usd };
    totalTokens = Math.floor(totalTokens / 2);
  }
}

import { treeCostOf } from '#core/tasks/cost.ts';
import type { Task } from '#core/tasks/task.ts';
import { partsOf } from '../agents/parts-of.ts';
import { changeInputSchema, type ChangeInput } from '../agents/review-input.ts';
import { doubtsSchema } from '../findings/doubts.ts';
import { recordOf } from '../findings/record-review.ts';
import { concludeReview, type Review } from '../findings/review.ts';
import { withoutApproval, type Verdict } from '../findings/verdict.ts';
import { concludeCheckRun, type Conclusion, type Shown } from '../github/check-run.ts';
import { GithubError, type GithubClient } from '../github/client.ts';
import { publishReview } from '../github/publish-review.ts';
import type { Published } from '../github/publishing.ts';
import { orNull, readMergeBase, readPull } from '../github/read-pull.ts';
import { verdictWords } from '../report/words.ts';
import { accessTo, clientOf } from './audited-access.ts';
import { isOwn, type Claim, type Execution } from './claim.ts';
import type { Order } from './order.ts';
import { inputName, planFileSchema, planName, type PlanFile } from './plan-file.ts';
import type { ReviewPorts } from './ports.ts';
import { mayHaveOpened, withdraw } from './show-progress.ts';
import { taskIdOf } from './task-id.ts';
import { cancelById, release, updateClaim } from './take-over.ts';

/** What became of a review in the end. */
export interface Ended {
  readonly outcome: 'posted' | 'not-reviewed' | 'superseded' | 'moved' | 'given-up';
  readonly verdict?: Verdict;
}

/** A wait that a function does not sit through: the state machine waits instead. */
const MAX_WAIT_MS = 20_000;

/**
 * Ends a review: computes the verdict from what the specialists found, posts it, and concludes the check run. It can be
 * repeated, and posts nothing twice. Throws `GithubError`.
 */
export async function publishPull(ports: ReviewPorts, order: Order, execution: Execution): Promise<Ended> {
  const claim = await beginPosting(ports, order, execution);
  if (claim === null) return { outcome: 'superseded' };
  const file = planFileSchema.parse(await ports.files.get(planName(execution.name)));
  const ran = await readTasks(ports, execution, file);
  const review = concluded(ports, file, ran);
  const client = await clientOf(ports, order, execution);
  if (review.verdict === 'not-reviewed') {
    await conclude(client, order, claim, ports.settings.whenNotReviewed, {
      title: 'Not reviewed',
      text: review.because,
    });
    // The reconciler starts it again, such as after an outage of the model: once a day while the pull request is recent.
    await release(ports, order, claim, 'stopped');
    return { outcome: 'not-reviewed' };
  }
  const published = await post(ports, client, { order, execution, claim, file, review, ran }).catch(
    (error: unknown) => {
      if (error instanceof Superseded) return null;
      throw error;
    },
  );
  if (published === null) return { outcome: 'superseded' };
  const isPosted = published.kind !== 'not-posted';
  const shown = isPosted
    ? { title: verdictWords(review.verdict), text: review.because }
    : { title: 'Not posted', text: published.detail };
  if (isPosted) await ports.records.put(order, recordOf(review, file.plan, file), ports.clock.now());
  await conclude(client, order, claim, isPosted ? CONCLUSIONS[review.verdict] : 'cancelled', shown);
  // A head without a verdict may be reviewed again, such as after the pull request was reopened.
  await release(ports, order, claim, isPosted ? 'done' : 'stopped');
  return isPosted ? { outcome: 'posted', verdict: review.verdict } : { outcome: 'moved' };
}

/**
 * Ends a review that failed: its task is cancelled and the claim is given back, whatever GitHub says. Then the check run
 * says so. It can be repeated.
 */
export async function giveUp(ports: ReviewPorts, order: Order, execution: Execution): Promise<Ended> {
  const claim = await ports.claims.get(order);
  if (claim?.execution !== execution.name || claim.state === 'done') {
    // Without a claim, its check run is known by the head alone.
    if (mayHaveOpened(order, claim)) await withdraw(ports, await clientOf(ports, order, execution), order, claim);
    return { outcome: 'superseded' };
  }
  if (claim.state === 'running') {
    await cancelById(ports, taskIdOf(ports, execution));
    await release(ports, order, claim, 'stopped');
  }
  const text = 'The review failed. Run it again; the log of the fleet has the cause.';
  await sayIfAllowed(ports, { order, execution, claim }, { title: 'Not reviewed', text });
  return { outcome: 'given-up' };
}

/** The app may have lost its access meanwhile. The claim is given back all the same. */
async function sayIfAllowed(
  ports: ReviewPorts,
  { order, execution, claim }: Pick<Posting, 'order' | 'execution' | 'claim'>,
  shown: Shown,
): Promise<void> {
  try {
    const client = await clientOf(ports, order, execution);
    await conclude(client, order, claim, ports.settings.whenNotReviewed, shown);
  } catch (error) {
    if (!(error instanceof GithubError) || error.kind !== 'forbidden') throw error;
    ports.report('review.rejected', { repository: order.repository, number: order.number, reason: error.message });
  }
}

const CONCLUSIONS: Readonly<Record<Verdict, Conclusion>> = {
  approve: 'success',
  comment: 'neutral',
  'request-changes': 'failure',
  'not-reviewed': 'neutral',
};

async function beginPosting(ports: ReviewPorts, order: Order, execution: Execution): Promise<Claim | null> {
  const claim = await ports.claims.get(order);
  if (!isOwn(claim, execution)) return null;
  return updateClaim(ports, order, claim, { posts: claim.posts + 1 });
}

/** Stopping an execution does not stop its function, which must not post for a review that was taken over. */
class Superseded extends Error {}

async function requireClaim({ claims }: ReviewPorts, order: Order, execution: Execution): Promise<void> {
  if (!isOwn(await claims.get(order), execution)) throw new Superseded('Another review has taken over.');
}

/** The supervisor's task with those that it delegated. */
interface Ran {
  /** What the supervisor got; null when there was nothing to read. */
  readonly input: ChangeInput | null;
  readonly supervisor: Task | null;
  readonly children: readonly Task[];
}

async function readTasks(ports: ReviewPorts, execution: Execution, { plan }: PlanFile): Promise<Ran> {
  const isRead = plan.units.length > 0;
  const input = isRead ? changeInputSchema.parse(await ports.files.get(inputName(execution.name))) : null;
  const supervisor = await ports.store.get(taskIdOf(ports, execution));
  return { input, supervisor, children: await ports.store.getMany(supervisor?.children ?? []) };
}

function concluded(
  { settings }: ReviewPorts,
  { plan, earlier, isOfNewAuthor }: PlanFile,
  { input, supervisor, children }: Ran,
): Review {
  const answered = supervisor?.state.status === 'succeeded' ? doubtsSchema.safeParse(supervisor.state.output) : null;
  const tasks = children.map(({ agent, input, state }) => ({
    agent,
    input,
    status: state.status,
    output: 'output' in state ? state.output : undefined,
    reason: state.status === 'failed' ? state.failure.reason : state.status,
  }));
  const parts = input === null ? [] : partsOf(input, tasks, (task) => task?.reason ?? 'it was not started');
  const supervised = answered?.success === true ? answered.data : null;
  const review = concludeReview(plan, parts, settings.policy, supervised, earlier);
  return isOfNewAuthor && !settings.newAuthors.approve ? withoutApproval(review, NEW_AUTHOR) : review;
}

const NEW_AUTHOR = 'The author is new to this repository, so a maintainer has to approve.';

interface Posting {
  readonly order: Order;
  readonly execution: Execution;
  readonly claim: Claim;
  readonly file: PlanFile;
  readonly review: Review;
  readonly ran: Ran;
}

async function post(
  ports: ReviewPorts,
  client: GithubClient,
  { order, execution, claim, file, review, ran }: Posting,
): Promise<Published> {
  const { repository, number } = order;
  const { base, head, paths } = file;
  const publishing = {
    access: await accessTo(ports, order, taskIdOf(ports, execution)),
    footer: footerOf(file, ran),
    // A head that was pushed over may be gone.
    mergeBase: async (tip: string, reviewed: string) =>
      orNull(readMergeBase(client, repository, { base: { sha: tip }, head: { sha: reviewed } })),
    posting: ports.settings.posting,
    maxInline: ports.settings.maxInline,
    ...(await ownLogin(ports)),
    // An earlier attempt of this execution may have written it.
    beforePost: async () => {
      await requireClaim(ports, order, execution);
      return claim.posts > 1;
    },
    wait: async (ms: number) => {
      if (ms > MAX_WAIT_MS) throw new GithubError('throttled', 'GitHub asks to wait.', ms);
      await ports.pause(ms);
    },
  };
  // A head that comes back after another one is reviewed again, so the execution decides, not the head.
  const target = { repository, number, base, head, paths, attempt: execution.name };
  const published = await publishReview(publishing, target, review);
  if (published.kind !== 'not-posted' || published.reason !== 'moved') return published;
  const pull = await readPull(client, `/repos/${repository}/pulls/${number}`);
  if (pull?.head.sha !== head) return published;
  throw new Error('The base branch has just moved. What may be approved is decided again.');
}

async function ownLogin({ access }: ReviewPorts): Promise<{ readonly login?: string }> {
  const login = await access.login();
  return login === undefined ? {} : { login };
}

function footerOf({ estimateUsd }: PlanFile, { supervisor, children }: Ran): string {
  const { usd, tokens } = supervisor === null ? { usd: 0, tokens: 0 } : treeCostOf(supervisor);
  const simulated = [supervisor, ...children].some((task) => task?.model?.endsWith('-simulated') === true);
  const spent = `${tokens} tokens, $${usd.toFixed(4)} (estimated $${estimateUsd.toFixed(4)})`;
  return simulated ? `${spent}, by a simulated model` : spent;
}

async function conclude(
  client: GithubClient,
  { repository }: Order,
  { checkRun }: Claim,
  conclusion: Conclusion,
  shown: Shown,
): Promise<void> {
  if (checkRun !== undefined) await concludeCheckRun(client, { repository, id: checkRun }, conclusion, shown);
}

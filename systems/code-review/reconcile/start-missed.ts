import { dayOf } from '#core/budgets/day-budget.ts';
import {
  readInstallations,
  readOpenPulls,
  readRepositories,
  type OpenPull,
  type Repository,
} from '../github/app-lists.ts';
import { GithubClient, GithubError } from '../github/client.ts';
import { isReviewed } from '../pull-request/claim.ts';
import { missedOrder } from '../pull-request/event.ts';
import type { PullRequest } from '../pull-request/order.ts';
import type { ReconcilePorts } from './ports.ts';
import type { Progress } from './progress.ts';

/** A webhook may be under way. */
const UNDER_WAY_MS = 120_000;
/** Pull requests that nobody has touched for longer were there before the app was, or wait for a person. */
const RECENT_MS = 3 * 86_400_000;
/** Repositories that one run looks through: GitHub allows an installation 5,000 requests an hour. */
const MAX_REPOSITORIES = 300;
/** Reviews that one run starts. */
const MAX_STARTED = 50;

/** What a run has done. */
interface Found {
  /** The last repository that was looked through; null when it came to the end. */
  readonly after: Progress['after'];
  readonly repositories: number;
  readonly started: number;
}

/**
 * Starts a review for each open pull request whose head nobody reviews or has reviewed. Repositories are looked through
 * in the order of their ids, from where the last run stopped.
 */
export async function startMissed(ports: ReconcilePorts, app: GithubClient, last: Progress['after']): Promise<Found> {
  const counts = { repositories: 0, started: 0 };
  let after = last;
  let cut: Progress['after'] = null;
  for (const installation of await readInstallations(app)) {
    if (after !== null && installation < after.installation) continue;
    try {
      const client = new GithubClient(await ports.access.toRead(installation));
      for (const repository of await readRepositories(client)) {
        if (after?.installation === installation && repository.id <= after.repository) continue;
        const isFull = counts.repositories >= MAX_REPOSITORIES || counts.started >= MAX_STARTED;
        if (isFull || !ports.mayGoOn()) return { after, ...counts };
        counts.started += await startInRepository(ports, client, installation, repository);
        counts.repositories += 1;
        after = { installation, repository: repository.id };
      }
    } catch (error) {
      skipInstallation(ports, installation, error);
      cut ??= after;
    }
  }
  // The next run begins where an installation was cut, but not twice in a row, for the sake of those before it.
  const isAgain = cut?.installation === last?.installation && cut?.repository === last?.repository;
  return { after: isAgain ? null : cut, ...counts };
}

/** Limits and permissions are those of one installation, so the others are looked through. */
function skipInstallation({ report }: ReconcilePorts, installation: number, error: unknown): void {
  if (!(error instanceof GithubError)) throw error;
  report('reconcile.installation-skipped', { installation, kind: error.kind, reason: error.message });
}

/** @returns how many reviews were started */
async function startInRepository(
  ports: ReconcilePorts,
  client: GithubClient,
  installation: number,
  { full_name: repository }: Repository,
): Promise<number> {
  const now = ports.clock.now();
  let started = 0;
  for (const { number, ...pull } of await readUnlessForbidden(client, repository, now - RECENT_MS)) {
    const asked = { repository, number, installation };
    if (!isDue(pull, ports.settings.drafts, now) || !(await isMissed(ports, asked, pull.head.sha, now))) continue;
    const { name, order } = missedOrder(asked, pull.head.sha, dayOf(now));
    await ports.executions.start(name, order);
    ports.report('reconcile.missed', { execution: name, repository, number, head: pull.head.sha });
    started += 1;
  }
  return started;
}

/** A repository may be gone since it was listed, or have no pull requests. */
async function readUnlessForbidden(client: GithubClient, repository: string, after: number): Promise<OpenPull[]> {
  try {
    return await readOpenPulls(client, repository, after);
  } catch (error) {
    if (error instanceof GithubError && error.kind === 'forbidden') return [];
    throw error;
  }
}

const isDue = ({ draft, updated_at: at }: Omit<OpenPull, 'number'>, drafts: boolean, now: number): boolean =>
  (draft !== true || drafts) && now - at.getTime() >= UNDER_WAY_MS;

async function isMissed({ claims }: ReconcilePorts, pull: PullRequest, head: string, now: number): Promise<boolean> {
  const claim = await claims.get(pull);
  return claim?.head !== head || !isReviewed(claim, now);
}

import { readDeliveries, redeliver, type DeliveryAttempt } from '../github/app-lists.ts';
import { GithubError, type GithubClient } from '../github/client.ts';
import { EVENTS } from '../pull-request/event.ts';
import type { ReconcilePorts } from './ports.ts';
import type { Failed, Progress } from './progress.ts';

/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 86_400_000;
/** A younger attempt may still be under way: GitHub waits ten seconds for an answer. */
const UNDER_WAY_MS = 60_000;
/** Clocks differ, and a list may lag. An attempt that is seen twice changes nothing. */
const OVERLAP_MS = 60_000;
/** Pages of 100 that one run reads. */
const MAX_PAGES = 50;
/** Deliveries that one run sends again. */
const MAX_RESENT = 100;
/** Then the delivery itself is at fault. The open pull requests are looked through all the same. */
const MAX_TIMES = 10;
/** Deliveries that are remembered. */
const MAX_FAILED = 500;

/** The webhook rejects what it cannot read, each time again. */
const HOPELESS = new Set([400, 413, 422]);

/**
 * Sends deliveries again that have failed since the last run: each once after each failed attempt, unless a later attempt
 * has succeeded. A limit of GitHub ends it, and the next run goes on.
 * @returns the progress to keep, and how many were sent again
 */
export async function redeliverFailed(
  ports: ReconcilePorts,
  app: GithubClient,
  progress: Progress,
): Promise<{ readonly progress: Progress; readonly resent: number }> {
  const now = ports.clock.now();
  const since = Math.max(progress.until - OVERLAP_MS, now - KEPT_MS);
  const seen = await readSince(ports, app, since, now - UNDER_WAY_MS);
  const failed = stillFailed(progress.failed, seen, now);
  let resent = 0;
  for (const [guid, each] of failed) {
    if (each.resent === each.id || each.times >= MAX_TIMES) continue;
    if (resent >= MAX_RESENT || !ports.mayGoOn()) break;
    if (!(await isResent(ports, app, each))) break;
    failed.set(guid, { ...each, resent: each.id, times: each.times + 1 });
    resent += 1;
  }
  return { resent, progress: { ...progress, until: now - UNDER_WAY_MS, failed: Object.fromEntries(failed) } };
}

/** Attempts after a time, newest first. */
async function readSince(
  ports: ReconcilePorts,
  app: GithubClient,
  since: number,
  until: number,
): Promise<DeliveryAttempt[]> {
  const found: DeliveryAttempt[] = [];
  let path: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page = await readDeliveries(app, path);
    const recent = page.value.filter(({ delivered_at: at }) => at.getTime() > since);
    found.push(...recent.filter(({ delivered_at: at }) => at.getTime() <= until));
    if (page.next === null || recent.length < page.value.length) return found;
    if (pages >= MAX_PAGES || !ports.mayGoOn()) break;
    path = page.next;
  }
  ports.report('reconcile.deliveries-cut', { read: found.length });
  return found;
}

/** What is known to have failed after some more attempts, newest first. */
function stillFailed(known: Progress['failed'], seen: readonly DeliveryAttempt[], now: number): Map<string, Failed> {
  const failed = new Map(Object.entries(known).filter(([, { at }]) => now - at < KEPT_MS));
  const succeeded = new Set(seen.filter(isSuccess).map(({ guid }) => guid));
  for (const guid of succeeded) failed.delete(guid);
  for (const { guid, id, event, status_code: code, delivered_at: at } of seen) {
    if (succeeded.has(guid) || !EVENTS.includes(event) || HOPELESS.has(code)) continue;
    const before = failed.get(guid);
    if (before === undefined || before.id < id)
      failed.set(guid, { times: 0, ...before, id, at: before?.at ?? at.getTime() });
  }
  return new Map([...failed].toSorted(([, a], [, b]) => b.id - a.id).slice(0, MAX_FAILED));
}

const isSuccess = ({ status_code: code }: DeliveryAttempt): boolean => code >= 200 && code < 400;

/** Whether it may go on. A delivery that GitHub no longer has is done with. */
async function isResent({ report }: ReconcilePorts, app: GithubClient, { id }: Failed): Promise<boolean> {
  try {
    await redeliver(app, id);
    return true;
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    report('reconcile.not-redelivered', { delivery: id, reason: error.message });
    return error.kind === 'forbidden' || error.kind === 'rejected';
  }
}

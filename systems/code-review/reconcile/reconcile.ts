import { NoCredentials } from '../github/app-access.ts';
import { GithubClient, GithubError, type GithubAccess } from '../github/client.ts';
import type { ReconcilePorts } from './ports.ts';
import type { Progress } from './progress.ts';
import { redeliverFailed } from './redeliver-failed.ts';
import { settleHeld } from './settle-held.ts';
import { startMissed } from './start-missed.ts';

/** What a run came to. */
export type Reconciled = Asked & {
  /** Pull requests whose reviews have left no money held. */
  readonly settled: number;
};
type Asked =
  | { readonly outcome: 'done'; readonly resent: number; readonly repositories: number; readonly started: number }
  /** There is no app yet, or GitHub is not to be reached now. The next run goes on. */
  | { readonly outcome: 'no-app' | 'later'; readonly reason: string };

/**
 * Settles the money of reviews that were stopped, whatever GitHub says, then finds what its webhook has missed: sends failed
 * deliveries again, and starts reviews of heads that have none. It can be repeated, also while another run is under way.
 * Throws `GithubError` when GitHub rejects the app, and what kept a review from being settled.
 */
export async function reconcile(ports: ReconcilePorts): Promise<Reconciled> {
  const settling = settleHeld(ports);
  // A review that cannot be settled keeps nothing from being found. It fails the run afterwards.
  await settling.catch(() => undefined);
  const asked = await askGithub(ports);
  return { ...asked, settled: await settling };
}

async function askGithub(ports: ReconcilePorts): Promise<Asked> {
  const access = await appOf(ports);
  if ('outcome' in access) return access;
  const app = new GithubClient(access);
  const before = await ports.progress.get();
  const begin = before ?? { version: 0, until: 0, failed: {}, after: null };
  try {
    const redelivered = await redeliverFailed(ports, app, begin);
    await keep(ports, redelivered.progress);
    const { after, ...counts } = await startMissed(ports, app, begin.after);
    await keep(ports, { ...redelivered.progress, version: begin.version + 1, after });
    return { outcome: 'done', resent: redelivered.resent, ...counts };
  } catch (error) {
    if (!(error instanceof GithubError) || error.kind === 'forbidden' || error.kind === 'rejected') throw error;
    return { outcome: 'later', reason: error.message };
  }
}

/** Another run may be under way. What it keeps is as good: everything here can be repeated. */
async function keep({ progress }: ReconcilePorts, last: Progress): Promise<void> {
  await progress.replace({ ...last, version: last.version + 1 });
}

async function appOf({ access }: ReconcilePorts): Promise<GithubAccess | Asked> {
  try {
    // Somebody may have just put it there.
    const app = await access.asApp(true);
    const reason = 'The secret github-app holds a personal token, which has no deliveries and no installations.';
    return app ?? { outcome: 'no-app', reason };
  } catch (error) {
    if (error instanceof NoCredentials) return { outcome: 'no-app', reason: error.message };
    throw error;
  }
}

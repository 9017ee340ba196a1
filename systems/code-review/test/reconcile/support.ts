import { startSimulatedGithub, type SimulatedGithub } from '@agent-fleet/simulated-github';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inMemoryDaySpend } from '#test/support/fakes/in-memory-day-spend.ts';
import { inMemoryTaskQueue } from '#test/support/fakes/in-memory-task-queue.ts';
import { inMemoryTaskStore } from '#test/support/fakes/in-memory-task-store.ts';
import { inMemoryClaims, inMemoryHeld } from '../pull-request/in-memory-stores.ts';
import { AppAccess } from '../../github/app-access.ts';
import type { Claim } from '../../pull-request/claim.ts';
import { nameOf, type Order, type PullRequest } from '../../pull-request/order.ts';
import type { ReconcilePorts } from '../../reconcile/ports.ts';
import type { Progress } from '../../reconcile/progress.ts';
import { reconcile } from '../../reconcile/reconcile.ts';

export const MINUTE = 60_000;

export interface Missing {
  readonly github: SimulatedGithub;
  readonly time: { now: number };
  readonly started: Map<string, Order>;
  readonly claims: Map<string, Claim>;
  readonly reported: string[];
  readonly ports: ReconcilePorts;
  progress(): Progress | null;
  run(changed?: Partial<ReconcilePorts>): ReturnType<typeof reconcile>;
  claim(pull: Pick<PullRequest, 'repository' | 'number'>, change: Partial<Claim>): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The reconciler on a simulated GitHub with a clock by hand. All other ports are in memory. */
export async function startMissing(): Promise<Missing> {
  const folder = mkdtempSync(join(tmpdir(), 'reconcile-'));
  const time = { now: Date.UTC(2026, 10, 28, 12) };
  const github = await startSimulatedGithub({ folder, now: () => time.now });
  const started = new Map<string, Order>();
  const claims = inMemoryClaims();
  const reported: string[] = [];
  let progress: Progress | null = null;
  const { id: appId, privateKey = '' } = github.app;
  const ports: ReconcilePorts = {
    access: new AppAccess({
      url: github.url,
      now: () => time.now,
      credentials: async () => ({ appId, privateKey }),
    }),
    claims: claims.store,
    held: inMemoryHeld(),
    budgets: inMemoryDaySpend(),
    store: inMemoryTaskStore(),
    queue: inMemoryTaskQueue({ now: () => time.now }),
    progress: {
      get: async () => progress,
      async replace(next) {
        if ((progress?.version ?? 0) !== next.version - 1) return 'conflict';
        progress = structuredClone(next);
        return 'replaced';
      },
    },
    executions: { start: async (name, order) => void started.set(name, order) },
    clock: { now: () => time.now } as ReconcilePorts['clock'],
    settings: { drafts: false },
    report: (event) => void reported.push(event),
    mayGoOn: () => true,
  };
  return {
    github,
    time,
    started,
    claims: claims.items,
    reported,
    ports,
    progress: () => progress,
    run: async (changed = {}) => reconcile({ ...ports, ...changed }),
    claim: (pull, change) => void claims.items.set(nameOf(pull), { ...CLAIM, ...change }),
    async [Symbol.asyncDispose]() {
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CLAIM: Claim = {
  version: 1,
  execution: 'pr-1-a',
  arn: 'arn:a',
  head: null,
  base: null,
  state: 'running',
  since: 0,
  posts: 0,
  unsettled: [],
  replaces: [],
};

/** Opens a pull request from a branch with one new file. */
export async function openPull({ github }: Missing, name: string, branch: string, draft = false) {
  const repository = `octo-org/${name}`;
  await github.push({ repository, branch, files: { [`${branch}.js`]: `export const ${branch} = 1;\n` } });
  return github.openPullRequest({ repository, head: branch, title: branch, draft });
}

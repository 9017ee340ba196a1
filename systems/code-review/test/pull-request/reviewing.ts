import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedGithub } from '@agent-fleet/simulated-github';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { agentCard } from '#core/agents/agent-card.ts';
import type { DayCounter } from '#core/budgets/day-budget.ts';
import { dayOf } from '#core/budgets/day-budget.ts';
import { inMemoryAuditTrail } from '#test/support/fakes/in-memory-audit-trail.ts';
import { inMemoryDaySpend } from '#test/support/fakes/in-memory-day-spend.ts';
import { inMemorySessionStore } from '#test/support/fakes/in-memory-session-store.ts';
import { inMemoryTaskQueue } from '#test/support/fakes/in-memory-task-queue.ts';
import { inMemoryTaskStore } from '#test/support/fakes/in-memory-task-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { seededIds } from '#test/support/fakes/seeded-ids.ts';
import { reviewSupervisor } from '../../agents/supervisor.ts';
import type { ReviewRecord } from '../../findings/review-record.ts';
import { AppAccess } from '../../github/app-access.ts';
import { GithubClient } from '../../github/client.ts';
import type { Claim, Execution } from '../../pull-request/claim.ts';
import { nameOf, type Order } from '../../pull-request/order.ts';
import type { ReviewPorts } from '../../pull-request/ports.ts';
import type { SubmitPorts } from '../../pull-request/submit.ts';
import { inMemoryClaims, inMemoryHeld } from './in-memory-stores.ts';
import { codeReviewSettings } from '../../settings.ts';

const REPOSITORY = 'octo-org/shop';
export const INJECTION = "export const find = (db, id) => db.query(`SELECT * FROM carts WHERE id = '${id}'`);\n";

/** A pull request on a simulated GitHub, and what reviews it, in memory. */
export async function reviewing() {
  const folder = mkdtempSync(join(tmpdir(), 'reviewing-'));
  const github = await startSimulatedGithub({ folder, limits: { pointsPerMinute: 1e6, requestsPerHour: 1e6 } });
  onTestFinished(async () => {
    await github.stop();
    rmSync(folder, { recursive: true });
  });
  const { installationId } = await github.createRepository({ name: 'shop', files: { 'cart.ts': 'export {};\n' } });
  const push = async (text: string): Promise<string> =>
    github.push({ repository: REPOSITORY, branch: 'change', files: { 'cart.ts': `export {};\n${text}` } });
  await push(INJECTION);
  const pull = await github.openPullRequest({ repository: REPOSITORY, head: 'change', title: 'Find carts' });
  const app = { appId: github.app.id, privateKey: github.app.privateKey ?? '' };
  const clock = manualClock();
  const stopped: string[] = [];
  const claims = inMemoryClaims();
  const records = new Map<string, ReviewRecord>();
  const files = new Map<string, unknown>();
  const store = inMemoryTaskStore();
  const budgets = inMemoryDaySpend();
  const audit = inMemoryAuditTrail();
  const ports: ReviewPorts & SubmitPorts = {
    claims: claims.store,
    held: inMemoryHeld(),
    records: {
      get: async (of) => records.get(nameOf(of)) ?? null,
      put: async (of, record) => void records.set(nameOf(of), record),
    },
    heads: { add: async () => undefined },
    audit,
    access: new AppAccess({ url: github.url, credentials: async () => app, now: Date.now }),
    budgets,
    executions: { stop: async (arn) => (stopped.push(arn), 'stopped') },
    store,
    sessions: inMemorySessionStore(),
    queue: inMemoryTaskQueue(clock),
    files: {
      at: (key) => ({ bucket: 'inputs', key }),
      put: async (name, value) => void files.set(name, structuredClone(value)),
      get: async (name) => files.get(name),
    },
    clock,
    ids: seededIds(1),
    settings: codeReviewSettings.parse({}),
    supervisor: agentCard(reviewSupervisor),
    pause: async () => undefined,
    report: () => undefined,
  };
  const order = (fields: Partial<Order> = {}): Order => ({
    kind: 'review',
    repository: REPOSITORY,
    number: pull.number,
    installation: installationId ?? null,
    head: pull.headSha(),
    before: null,
    pushed: false,
    ...fields,
  });
  const counters: readonly Pick<DayCounter, 'of' | 'name'>[] = [
    { of: 'tenant', name: REPOSITORY },
    { of: 'agent', name: 'code-review' },
  ];
  const today = async () =>
    Promise.all(counters.map(async (counter) => budgets.read({ ...counter, day: dayOf(clock.now()) })));
  return {
    github,
    pull,
    push,
    ports,
    audit,
    order,
    stopped,
    clock,
    /** A check run, also one of an older head. */
    checkRun: async (id: number) =>
      new GithubClient(await ports.access.to(order())).get(`/repos/${REPOSITORY}/check-runs/${id}`, z.looseObject({})),
    claim: (): Claim | undefined => claims.items.get(nameOf(order())),
    /** US dollars that the present review holds. */
    usd: (): number => claims.items.get(nameOf(order()))?.held?.usd ?? Number.NaN,
    /** US dollars that the day budgets hold or have spent, of the repository and of the system. */
    held: async () => (await today()).map(({ held }) => held.usd),
    /** US dollars that were spent. */
    spent: async () => (await today()).map(({ spent }) => spent.usd),
  };
}

export const execution = (name: string): Execution => ({ name, arn: `arn:${name}`, startedAt: 0 });

/** The ports at whose calls a function may crash. */
const CRASHING = new Set(['claims', 'records', 'held', 'access', 'budgets', 'executions', 'store', 'files', 'audit']);

/** Fails the nth call of any port. Counts the calls. */
export function failing<Ports extends object>(ports: Ports, at: number) {
  let calls = 0;
  const wrapped = (port: object): object =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          calls += 1;
          if (calls === at) throw new Error('The function crashed.');
          return value.apply(target, args) as unknown;
        };
      },
    });
  const entries = Object.entries(ports) as [string, object][];
  const crashing = entries.map(([name, port]) => [name, CRASHING.has(name) ? wrapped(port) : port]);
  return { ports: Object.fromEntries(crashing) as Ports, calls: () => calls };
}

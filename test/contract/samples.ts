import { NO_SPEND } from '#core/budgets/budget.ts';
import type { BulkAction } from '#core/bulk/action.ts';
import { callbackOf, type CallbackMessage } from '#core/callbacks/event.ts';
import type { Delegation } from '#core/tasks/delegation.ts';
import type { Escalation } from '#core/escalations/escalation.ts';
import type { ModelStep, ToolStep } from '#core/tasks/step.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';

let made = 0;

/** A unique id within this process, so that suites can share one table. */
export const freshId = (prefix = 'task'): TaskId => taskIdSchema.parse(`${prefix}-${process.pid}-${(made += 1)}`);

export const NOW = Date.UTC(2026, 10, 23, 12);

/** A task that was just accepted, with some fields replaced. */
export const sampleTask = (change: Partial<Task> = {}): Task => ({
  id: freshId(),
  tenant: 'acme',
  agent: 'contract-analyst',
  agentVersion: '1',
  priority: 'default',
  input: { object: { bucket: 'uploads', key: 'uploads/a/nda.pdf', size: 9_000 } },
  budget: { tokens: 200_000, usd: 2 },
  createdAt: NOW,
  deadline: NOW + 21_600_000,
  version: 1,
  epoch: 0,
  attempts: 0,
  crashes: 0,
  steps: [],
  reservation: null,
  spend: NO_SPEND,
  waiters: [],
  state: { status: 'queued', since: NOW },
  ...change,
});

/** A bulk action that was just accepted, with some fields replaced. */
export const sampleBulkAction = (tenant: string, change: Partial<BulkAction> = {}): BulkAction => ({
  id: `bulk-${freshId()}`,
  tenant,
  version: 1,
  kind: 'cancel',
  filter: { agent: 'adder' },
  digest: 'd',
  caller: { keyId: 'key-1', agents: null },
  createdAt: NOW,
  list: freshId('list'),
  count: 3,
  pages: 1,
  spentUsd: 0.5,
  usd: 0,
  maxUsd: 0,
  page: 0,
  done: 0,
  skipped: 0,
  failed: 0,
  ...change,
});

export const succeeded = (finishedAt: number, output: unknown = {}, notified = false): TaskState => ({
  status: 'succeeded',
  output,
  warnings: [],
  finishedAt,
  notified,
});

export const sampleModelStep = (change: Partial<ModelStep> & Pick<ModelStep, 'taskId'>): ModelStep => ({
  kind: 'model',
  index: 0,
  epoch: 1,
  startedAt: NOW,
  endedAt: NOW + 2_400,
  model: 'claude-haiku-5-5',
  requestId: 'req_1',
  stopReason: 'end',
  content: [{ type: 'text', text: '{"title":"Mutual NDA"}' }],
  usage: { input: 1_000, output: 100, cacheRead: 0, cacheWrite: 0 },
  usd: 0.000_15,
  ...change,
});

export const sampleToolStep = (change: Partial<ToolStep> & Pick<ToolStep, 'taskId'>): ToolStep => ({
  kind: 'tool',
  index: 1,
  epoch: 1,
  startedAt: NOW,
  endedAt: NOW + 10,
  tool: 'lookup',
  toolUseId: 'toolu_1',
  content: 'found',
  isError: false,
  ...change,
});

/** A delegation with one child. */
export const sampleDelegation = (change: Partial<Delegation> = {}): Delegation => ({
  step: 1,
  epoch: 1,
  tool: 'delegate',
  toolUseId: 'toolu_1',
  since: NOW,
  until: NOW + 60_000,
  children: [{ id: freshId(), to: 'counter', index: 0, budget: { tokens: 1_000, usd: 0.1 } }],
  ...change,
});

/** An escalation that nobody has claimed, with some fields replaced. */
export const sampleEscalation = (change: Partial<Escalation> = {}): Escalation => ({
  id: freshId(),
  tenant: 'acme',
  agent: 'support-agent',
  sessionId: 'thread-1',
  priority: 'default',
  reason: 'legal',
  summary: 'The customer speaks of a lawyer.',
  createdAt: NOW,
  version: 1,
  state: { status: 'open' },
  ...change,
});

/** Collects all values of a stream. */
export async function collect<Value>(stream: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

/** The callback of a task that was cancelled. */
export function sampleCallback(tenant = 'acme', url = 'https://receiver.example/hook'): CallbackMessage {
  const state = { status: 'cancelled', finishedAt: NOW, notified: false } as const;
  const message = callbackOf(sampleTask({ tenant, callback: { url }, state }), state);
  if (message === null) throw new Error('The task has a callback.');
  return message;
}

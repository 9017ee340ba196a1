import { expect } from 'vitest';
import type { Task } from '#core/tasks/task.ts';
import type { Around } from '#core/waiting/explanation.ts';
import { SOON, around, task, paused, open, probing, queued, running, asked, finished } from './samples.ts';
import { NOW } from '../../contract/samples.ts';

/** A task, what surrounds it, and what the explanation says. */
export type Case = readonly [string, Task, Around, object];

/** Every other state. */
export const OTHERS: readonly Case[] = [
  [
    'queued behind others',
    queued,
    around({ tasks: { running: 5, ahead: 3, complete: true } }),
    {
      cause: 'workers-busy',
      since: NOW,
      freedBy: 'worker',
      ahead: 3,
      says: 'It starts when a worker of the pool assistant is free: 5 tasks are running, 3 tasks of its default queue are ahead of it.',
      commands: ['npm run fleet -- pools'],
    },
  ],
  [
    'queued behind more than were counted',
    queued,
    around({ tasks: { running: 1, ahead: 900, complete: false } }),
    {
      cause: 'workers-busy',
      ahead: 900,
      aheadAtLeast: true,
      says: 'It starts when a worker of the pool assistant is free: 1 or more tasks are running, 900 or more tasks of its default queue are ahead of it.',
    },
  ],
  [
    'queued for long behind more than were counted, none of which runs',
    queued,
    around({ now: NOW + 90_000, tasks: { running: 0, ahead: 1_000, complete: false } }),
    {
      cause: 'workers-busy',
      aheadAtLeast: true,
      says: 'It starts when a worker of the pool assistant is free: 1000 or more tasks of its default queue are ahead of it.',
      commands: ['npm run fleet -- pools'],
    },
  ],
  [
    'queued before a worker has started',
    queued,
    around({ tasks: { running: 0, ahead: 0, complete: true } }),
    {
      cause: 'no-worker',
      ahead: 0,
      says: 'No worker of the pool assistant has started yet, 0 tasks of its default queue are ahead of it.',
    },
  ],
  [
    'queued for long without any worker',
    queued,
    around({ now: NOW + 90_000, tasks: { running: 0, ahead: 1, complete: true } }),
    {
      cause: 'no-worker',
      says: 'No worker of the pool assistant is running, 1 task of its default queue is ahead of it. Its function may fail to start, or the account may have no executions left.',
      commands: ['npm run fleet -- logs --agent assistant --errors --since 1h', 'npm run fleet -- pools'],
    },
  ],
  [
    'queued in a paused pool',
    queued,
    around({ pool: paused }),
    {
      cause: 'paused',
      freedBy: 'person',
      says: 'ada paused the pool assistant: It answers nonsense.',
      commands: ['npm run fleet -- resume assistant'],
    },
  ],
  [
    'queued behind an open breaker',
    queued,
    around({ pool: open }),
    {
      cause: 'breaker-open',
      until: SOON,
      freedBy: 'time',
      commands: ['npm run fleet -- logs --agent assistant --errors --since 1h', 'npm run fleet -- resume assistant'],
    },
  ],
  [
    'queued while another task probes',
    queued,
    around({ pool: probing }),
    { cause: 'breaker-open', until: SOON, freedBy: 'task' },
  ],
  [
    'running, before its first step',
    running(),
    around({ steps: [] }),
    {
      cause: 'between-steps',
      says: 'It is running, step 0: about to start. Its worker is 2026/11/30/[$LATEST]abc.',
    },
  ],
  [
    'running a model call',
    running({ reservation: { step: 0, epoch: 1, tokens: 1, usd: 0.1, model: 'claude-haiku-5-5' } }),
    around({ steps: [] }),
    {
      cause: 'model-call',
      says: 'It is running, step 0: a call of claude-haiku-5-5. Its worker is 2026/11/30/[$LATEST]abc.',
    },
  ],
  [
    'running a tool',
    running(),
    around({ steps: [asked] }),
    {
      cause: 'tool-call',
      since: asked.endedAt,
      says: 'It is running, step 1: the tool look_up. Its worker is 2026/11/30/[$LATEST]abc.',
      commands: ['npm run fleet -- watch task-1', 'npm run fleet -- logs task-1', 'npm run fleet -- cancel task-1'],
    },
  ],
  ['about to be cancelled', running({}, { cancelRequested: true }), around(), { cause: 'cancelling' }],
  [
    'held by a dead worker',
    running(),
    around({ now: SOON + 1 }),
    { cause: 'worker-lost', since: SOON, until: SOON + 30_000 },
  ],
  [
    'succeeded',
    task({ status: 'succeeded', output: { text: 'secret' }, warnings: [], ...finished }),
    around(),
    {
      since: SOON,
      says: 'It succeeded. It cost $0.0000 (0 tokens).',
    },
  ],
  [
    'failed',
    task({ status: 'failed', failure: { kind: 'over-budget', reason: 'The budget is used up.' }, ...finished }),
    around(),
    {
      cause: 'over-budget',
      says: 'It failed (over-budget): The budget is used up. It cost $0.0000 (0 tokens). A retry has the same budget. Raise it first, or submit the task anew with --budget-usd.',
      commands: [
        'npm run fleet -- logs task-1 --errors',
        'npm run fleet -- task task-1 --steps',
        'npm run fleet -- retry task-1',
      ],
    },
  ],
  [
    'dead',
    task({ status: 'failed', failure: { kind: 'crashed', reason: 'It crashed.' }, ...finished }),
    around(),
    {
      commands: expect.arrayContaining(['npm run fleet -- redrive assistant task-1']),
    },
  ],
  ['cancelled', task({ status: 'cancelled', ...finished }), around(), { commands: ['npm run fleet -- retry task-1'] }],
  [
    'escalated',
    task({ status: 'escalated', reason: 'A refund above the limit.', ...finished }),
    around(),
    {
      freedBy: 'person',
      commands: ['npm run fleet -- escalations list', 'npm run fleet -- escalations claim task-1'],
    },
  ],
];

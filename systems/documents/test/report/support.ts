import { NO_SPEND } from '#core/budgets/budget.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { RunDocument } from '#runtime/index.ts';
import { buildReport, type ReportSource } from '../../report/build-report.ts';
import { reportHtml } from '../../report/html/page.ts';
import { reportSchema, type Report } from '../../report/schema.ts';
import { contract } from '../agent/support.ts';

export const STARTED = Date.UTC(2026, 10, 23, 12);

/** A task for the report. By default it succeeded in this run. */
export function task(name: string, part: Partial<Task> = {}): Task {
  return {
    id: taskIdSchema.parse(`contract-analyst-${name}`),
    tenant: 'default',
    agent: 'contract-analyst',
    agentVersion: '1',
    priority: 'default',
    runId: 'spring',
    input: { object: { bucket: 'b', key: `uploads/spring/${name}.pdf`, size: 5 } },
    budget: { tokens: 1, usd: 1 },
    createdAt: STARTED,
    deadline: STARTED + 60_000,
    version: 3,
    epoch: 1,
    attempts: 0,
    crashes: 0,
    steps: [1],
    reservation: null,
    // A rejected document never reaches a model.
    ...(part.state?.status === 'failed' ? {} : { model: 'claude-sonnet-5-5' }),
    spend: { ...NO_SPEND, usage: { input: 900, output: 100, cacheRead: 40, cacheWrite: 0 }, usd: 0.01 },
    waiters: [],
    state: succeeded(),
    ...part,
  };
}

export const succeeded = (output: unknown = contract(), finishedAt = STARTED + 2_500): TaskState => ({
  status: 'succeeded',
  output,
  warnings: [],
  finishedAt,
  notified: true,
});

export const failed = (reason: string): TaskState => ({
  status: 'failed',
  failure: { kind: 'permanent', reason },
  finishedAt: STARTED + 300,
  notified: true,
});

/** One document. Without a task it has only a reason. */
export const document = (file: string, task: Task | null = null, reason: string | null = null): RunDocument => ({
  key: `uploads/spring/${file}`,
  task,
  reason,
});

/** The report of some documents, checked against the schema. */
export function report(documents: readonly RunDocument[], part: Partial<ReportSource> = {}): Report {
  const source: ReportSource = {
    runId: 'spring',
    uploadId: 'spring',
    startedAt: STARTED,
    finishedAt: STARTED + 12_000,
    brokeOff: null,
    agent: { name: 'contract-analyst', version: '1' },
    documents,
    ...part,
  };
  return reportSchema.parse(JSON.parse(JSON.stringify(buildReport(source))));
}

export const page = (report: Report): string => [...reportHtml(report)].join('');

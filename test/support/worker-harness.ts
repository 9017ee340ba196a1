import { z } from 'zod';
import { defineAgent, type Agent, type AgentOptions } from '#core/agents/define-agent.ts';
import { Governor } from '#core/governor/governor.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import type { BatchStore } from '#core/ports/batch-store.ts';
import type { TaskEvent } from '#core/ports/events.ts';
import { submit, type Submission } from '#core/tasks/submit.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task, Worker } from '#core/tasks/task.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { WorkMessage } from '#core/tasks/work-message.ts';
import type { Disposal } from '#core/worker/work-item.ts';
import { work } from '#core/worker/work.ts';
import { inMemoryArtifacts } from './fakes/in-memory-artifacts.ts';
import { inMemoryAuditTrail } from './fakes/in-memory-audit-trail.ts';
import { inMemoryBatchStore } from './fakes/in-memory-batch-store.ts';
import { inMemoryCallbackQueue } from './fakes/in-memory-callback-queue.ts';
import { inMemoryEscalationStore } from './fakes/in-memory-escalation-store.ts';
import { inMemoryDaySpend } from './fakes/in-memory-day-spend.ts';
import { inMemoryGovernorStore } from './fakes/in-memory-governor-store.ts';
import { inMemoryLimits } from './fakes/in-memory-limits.ts';
import { inMemoryPermitStore } from './fakes/in-memory-permit-store.ts';
import { inMemoryPoolStore } from './fakes/in-memory-pool-store.ts';
import { inMemorySessionStore } from './fakes/in-memory-session-store.ts';
import { inMemoryTaskQueue } from './fakes/in-memory-task-queue.ts';
import { inMemoryTaskStore } from './fakes/in-memory-task-store.ts';
import { inMemoryUsageStore } from './fakes/in-memory-usage-store.ts';
import { manualClock } from './fakes/manual-clock.ts';
import { recordingNotifier } from './fakes/recording-notifier.ts';
import { scriptedModel, type Line } from './fakes/scripted-model.ts';
import { seededIds } from './fakes/seeded-ids.ts';

const outputSchema = z.object({ sum: z.number() });

export const adderOptions: AgentOptions<unknown, z.infer<typeof outputSchema>, undefined> = {
  name: 'adder',
  version: '1',
  tier: 'fast',
  system: 'Add the numbers.',
  input: z.unknown(),
  output: outputSchema,
};

export const adder: Agent = defineAgent(adderOptions);

/** One worker's world in memory: real core, fake ports. */
export function workerHarness(lines: readonly [Line, ...Line[]], agent: Agent = adder) {
  const clock = manualClock();
  const events: TaskEvent[] = [];
  const store = inMemoryTaskStore();
  const sessions = inMemorySessionStore();
  const queue = inMemoryTaskQueue(clock);
  const model = scriptedModel(lines);
  const notifier = recordingNotifier();
  const callbacks = inMemoryCallbackQueue();
  const audit = inMemoryAuditTrail();
  const artifacts = inMemoryArtifacts(() => clock.now());
  const escalations = inMemoryEscalationStore();
  const ids = seededIds(1);
  const limits = inMemoryLimits();
  const permits = inMemoryPermitStore();
  const pools = inMemoryPoolStore();
  const paces = inMemoryGovernorStore();
  const governor = new Governor({ store: paces, clock, ids });
  const daySpend = inMemoryDaySpend();
  const usage = inMemoryUsageStore();
  const batches = inMemoryBatchStore();
  const ports: WorkerPorts & { readonly batches: BatchStore } = {
    batches,
    store,
    sessions,
    queue,
    model,
    notifier,
    callbacks,
    audit,
    artifacts,
    escalations,
    clock,
    ids,
    catalogue: CATALOGUE,
    governor,
    limits,
    permits,
    pools,
    daySpend,
    usage,
    report: (_, event) => void events.push(event),
  };
  return {
    clock,
    batches,
    events,
    store,
    sessions,
    queue,
    model,
    notifier,
    callbacks,
    audit,
    artifacts,
    escalations,
    ids,
    paces,
    limits,
    permits,
    pools,
    daySpend,
    usage,
    ports,
    agent,
    /** Makes a task for the harness's agent. */
    async accept(change: Partial<Submission> = {}, others: Partial<WorkerPorts> = {}): Promise<Task> {
      const now = clock.now();
      const { task } = await submit(
        { ...ports, ...others },
        {
          tenant: 'default',
          agent: agent.name,
          agentVersion: agent.version,
          idempotencyKey: 'key',
          priority: 'default',
          input: { numbers: [1, 2] },
          budget: agent.budget,
          createdAt: now,
          deadline: now + agent.deadline * 1_000,
          request: { id: 'request', retry: 0 },
          ...change,
        },
      );
      return task;
    },
    /** Hands a task's message to a worker. */
    async deliver(
      taskId: TaskId,
      change: Partial<WorkerPorts> = {},
      timeLeftMs = 300_000,
      earlier: readonly Agent[] = [],
      worker?: Worker,
      message: WorkMessage = { type: 'task', taskId },
    ): Promise<Disposal> {
      const received = { extend: async () => undefined };
      return work(
        { ...ports, ...change },
        agent,
        {
          message,
          received,
          timeLeftMs: () => timeLeftMs,
          worker,
        },
        earlier,
      );
    },
    async task(id: TaskId): Promise<Task> {
      const task = await store.get(id);
      if (!task) throw new Error(`no task ${id}`);
      return task;
    },
  };
}

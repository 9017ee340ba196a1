import type { Agent } from '../agents/define-agent.ts';
import { acceptTask, type Acceptance } from '../tasks/accept.ts';
import type { Submission } from '../tasks/submit.ts';
import type { AwaitedMessage } from '../tasks/work-message.ts';
import { acceptedEarlier } from './accepted-earlier.ts';
import type { WorkerPorts } from './ports.ts';

/** What an object and an item differ in. */
export interface HeldWork extends Pick<Submission, 'input' | 'request'> {
  /** Equal keys of a tenant, an agent and its version are one task. */
  readonly key: string;
  /** The latest end, in milliseconds. @default that of the agent */
  readonly deadline?: number;
}

/** Accepts the task of a message that a state machine waits for. The worker holds the message, so none is sent. */
export async function acceptHeld(
  ports: WorkerPorts,
  agent: Agent,
  message: AwaitedMessage,
  { key, input, request, deadline = Infinity }: HeldWork,
): Promise<Acceptance> {
  const earlier = await acceptedEarlier(ports, agent, message, key);
  if (earlier) return { outcome: 'existing', task: earlier };
  const now = ports.clock.now();
  return acceptTask(
    ports,
    {
      tenant: message.tenant,
      agent: agent.name,
      agentVersion: agent.version,
      idempotencyKey: key,
      keyScope: 'content',
      priority: 'default',
      input,
      budget: { ...agent.budget, usd: Math.min(agent.budget.usd, message.maxUsd ?? Infinity) },
      createdAt: now,
      deadline: Math.min(now + agent.deadline * 1_000, deadline),
      runId: message.runId,
      request,
      waiter: message.taskToken,
    },
    'held',
  );
}

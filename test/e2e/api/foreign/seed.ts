import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { escalationOf } from '#core/escalations/escalation.ts';
import { newTask } from '#core/tasks/submit.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { World } from './drive.ts';

/** Creates items that only occur when agents have problems: an escalated task, a dead letter and a failed task. */
export async function seedWorld(
  { table, client }: { readonly table: string; readonly client: DynamoDBClient },
  { tenant, agent, name }: { readonly tenant: string; readonly agent: string; readonly name: string },
): Promise<World> {
  const store = dynamodbTaskStore({ table, client });
  const finished = { finishedAt: Date.now(), notified: true };
  const make = async (state: TaskState): Promise<Task> => {
    const task: Task = { ...accepted(tenant, agent), state };
    await store.create(task);
    return task;
  };
  const escalated = await make({ status: 'escalated', reason: 'It asks for a person.', ...finished });
  const escalation = escalationOf(escalated);
  if (escalation) await dynamodbEscalationStore({ table, client }).create(escalation);
  const failure = { kind: 'crashed' as const, reason: 'The worker died.' };
  const dead = await make({ status: 'failed', failure, ...finished });
  // The cancelled task of the drive may still run when it is to be retried.
  const refused = { kind: 'permanent' as const, reason: 'The model refused.' };
  const failed = await make({ status: 'failed', failure: refused, ...finished });
  return { agent, name, escalated: escalated.id, dead: dead.id, failed: failed.id };
}

function accepted(tenant: string, agent: string): Task {
  const now = Date.now();
  return newTask(taskIdSchema.parse(`task-${randomUUID()}`), {
    tenant,
    agent,
    agentVersion: '1',
    priority: 'default',
    input: { instruction: 'hello' },
    budget: { tokens: 100_000, usd: 1 },
    createdAt: now,
    deadline: now + 600_000,
    request: { id: 'test', retry: 0 },
  });
}

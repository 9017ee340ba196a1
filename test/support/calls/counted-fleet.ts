import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbGovernorStore } from '#adapters/dynamodb/governor-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { s3AuditTrail } from '#adapters/s3/audit-trail.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { ReceivedMessages } from '#adapters/sqs/received-messages.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import { Governor } from '#core/governor/governor.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { limitsInSteps } from '#core/pools/steps.ts';
import { acceptTask } from '#core/tasks/accept.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { Task } from '#core/tasks/task.ts';
import { workMessageSchema, type WorkMessage } from '#core/tasks/work-message.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work } from '#core/worker/work.ts';
import type { StateTable } from '../../contract/local-services.ts';
import { inMemoryArtifacts } from '../fakes/in-memory-artifacts.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { scriptedModel, type Line } from '../fakes/scripted-model.ts';
import { seededIds } from '../fakes/seeded-ids.ts';
import { CallLog, type Call } from './call-log.ts';
import { itemOf } from './items.ts';

const QUEUE = 'http://127.0.0.1/queue';
const CONFIG = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** Each fleet has ids of its own, so that all of them can use one table. */
let seed = 0;

/** The ports of a worker as `runtime/ports/worker-ports.ts` makes them, with a table of its own and recorded calls. */
export function countedFleet({ client, table }: StateTable, lines: readonly [Line, ...Line[]]) {
  seed += 1;
  const log = new CallLog();
  const [sqs, s3, stepFunctions] = [new SQSClient(CONFIG), new S3Client(CONFIG), new SFNClient(CONFIG)];
  log.watch(client, { service: 'DynamoDB', what: itemOf });
  log.watch(sqs, { service: 'SQS', what: () => 'message', answer: () => ({ QueueUrl: QUEUE }) });
  log.watch(s3, { service: 'S3', what: (input: PutObjectCommandInput) => whatOf(input), answer: () => ({}) });
  log.watch(stepFunctions, { service: 'StepFunctions', what: () => 'token', answer: () => ({}) });
  const clock = manualClock();
  const [now, ids] = [() => clock.now(), seededIds(seed)];
  const at = { client, table };
  const pools = dynamodbPoolStore({ ...at, now });
  let turns = 0;
  const ports: WorkerPorts = {
    store: dynamodbTaskStore({ ...at, readsTogether: true }),
    sessions: dynamodbSessionStore(at),
    queue: sqsPoolQueues({ prefix: 'fleet', client: sqs }),
    model: scriptedModel(lines),
    artifacts: inMemoryArtifacts(now),
    notifier: stepFunctionsNotifier({ client: stepFunctions }),
    audit: s3AuditTrail({ bucket: 'audit', client: s3 }),
    clock,
    ids,
    report: () => undefined,
    catalogue: CATALOGUE,
    escalations: dynamodbEscalationStore(at),
    pools,
    runs: dynamodbRunStore(at),
    permits: dynamodbPermitStore(at),
    governor: new Governor({ store: dynamodbGovernorStore(at), clock, ids }),
    limits: limitsInSteps(dynamodbLimits({ ...at, now }), { pools, clock }),
    daySpend: dynamodbDaySpend({ ...at, onceClient: client }),
    usage: dynamodbUsageStore(at),
  };
  return {
    /** The calls since the last `forget`. */
    calls: log.calls,
    forget(): void {
      log.calls.splice(0);
      turns = 0;
    },
    /** Accepts a task as the API does. */
    accept: (agent: Agent, change: Partial<Submission> = {}) =>
      log.during('api', async () => (await acceptTask(ports, submissionOf(agent, clock.now(), change))).task),
    /** Gives a message to a worker, and deletes it as the queue's poller does. */
    async deliver(agent: Agent, message: WorkMessage): Promise<void> {
      const received = new ReceivedMessages(sqs).of({ queueUrl: QUEUE, receiptHandle: 'receipt' });
      turns += 1;
      const disposal = await log.during(`turn ${turns}`, () =>
        work(ports, agent, { message, received, timeLeftMs: () => 300_000, isFirst: true }),
      );
      if (disposal !== 'delete') throw new Error('The message was kept.');
      const deletion = { service: 'SQS', operation: 'DeleteMessage', what: 'message' };
      log.calls.push({ by: `queue ${turns}`, ...deletion, round: 1, input: {} });
    },
    /** Gives the messages of tasks to one invocation of a worker. */
    async runTogether(agent: Agent, tasks: readonly Task[]): Promise<void> {
      const messages = tasks.flatMap((task) => messageOf(log.calls, task) ?? []);
      const received = new ReceivedMessages(sqs);
      turns += 1;
      const disposals = await log.during(`turn ${turns}`, () =>
        Promise.all(
          messages.map((message, index) => {
            const own = received.of({ queueUrl: QUEUE, receiptHandle: `receipt ${index}` });
            return work(ports, agent, { message, received: own, timeLeftMs: () => 300_000, isFirst: true });
          }),
        ),
      );
      if (disposals.some((disposal) => disposal !== 'delete')) throw new Error('A message was kept.');
    },
    /** Works on a task until it has ended or waits. */
    async run(agent: Agent, task: Task): Promise<void> {
      await this.deliver(agent, messageOf(log.calls, task) ?? { type: 'task', taskId: task.id });
    },
    /** A task as it is stored. */
    async task({ id }: Pick<Task, 'id'>): Promise<Task> {
      const task = await ports.store.get(id);
      if (!task) throw new Error(`no task ${id}`);
      return task;
    },
  };
}

/** The newest message of a task, as it was sent. */
function messageOf(calls: readonly Call[], { id }: Pick<Task, 'id'>): WorkMessage | undefined {
  const bodies = calls
    .map(({ input }) => (input as SendMessageCommandInput).MessageBody)
    .filter((body) => body?.includes(id));
  const body = bodies.at(-1);
  return body === undefined ? undefined : workMessageSchema.parse(JSON.parse(body));
}

const whatOf = ({ Key = '' }: PutObjectCommandInput): string =>
  /before/.test(Key) ? 'audit entry before' : 'audit entry after';

const submissionOf = (agent: Agent, now: number, change: Partial<Submission>): Submission => ({
  tenant: 'default',
  agent: agent.name,
  agentVersion: agent.version,
  priority: 'default',
  input: { numbers: [1, 2] },
  budget: agent.budget,
  createdAt: now,
  deadline: now + agent.deadline * 1_000,
  request: { id: 'request', retry: 0 },
  ...change,
});

import { systems } from '#bin/systems.ts';

/** Why a grant is needed although the test's run does not use it. */
export interface Reason {
  /** Matches the owner's `Stack/LogicalId`. */
  readonly owner: RegExp;
  /** Matches `action resource`. */
  readonly grant: RegExp;
  readonly reason: string;
}

const ANYONE = /./;

const agents = (await Promise.all(systems.map((system) => system.agents()))).flat().map(({ name }) => name);
const others = agents.filter((name) => name !== 'assistant');

/**
 * Every grant that the test's run does not use needs an entry here or in the part of its system, and every entry needs a
 * grant.
 */
export const REASONS: readonly Reason[] = [
  {
    owner: /WorkerFunction/,
    grant: /^dynamodb:PutItem .*StateTable/,
    reason:
      'A step that another one follows, or that is large, is an item of its own. The only step of a task is written with its end.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^s3:GetObject .*\/inputs\//,
    reason:
      'It has inputs that are too large for a request of the task API. The documents of a run are in their own bucket.',
  },
  {
    owner: /TaskApi(Submit|Operate|BulkActionsRun)/,
    grant: new RegExp(`^sqs:\\w+ .*-(${others.join('|')})-\\w+`),
    reason: 'One function serves the pools of all agents, but the run submits tasks only to some.',
  },
  {
    owner: /TaskApiBulkActionsRun/,
    grant: /^sqs:(SendMessage|GetQueueUrl) .*(-assistant-high|BulkActionsQueue.*)$/,
    reason:
      'Needed for tasks of high priority, and for an action that needs more time than one invocation has: more than some thousand tasks.',
  },
  {
    owner: /TaskApiOperate/,
    grant: /^sqs:SendMessage .*-assistant-high$/,
    reason: 'Needed when a high-priority task is cancelled or redriven.',
  },
  {
    owner: /TaskApiSubmit|IntakeReceiver/,
    grant: /^dynamodb:UpdateItem /,
    reason: 'The first task of a session creates its item. Only later ones change it.',
  },
  {
    owner: /TaskApiSubmit/,
    grant: /^dynamodb:BatchGetItem /,
    reason:
      'A key of some agents may join only sessions whose tasks are theirs. The keys of the run may use all agents.',
  },
  {
    owner: /TaskApiSubmit/,
    grant: /^s3:ListBucket /,
    reason: 'Without it, S3 returns AccessDenied for a missing upload, which would look like a missing grant.',
  },
  {
    owner: ANYONE,
    grant: /^logs:(CreateLogStream|PutLogEvents) /,
    reason: 'On AWS, Lambda writes the logs with it. The local cloud writes them to files.',
  },
  { owner: ANYONE, grant: /^xray:/, reason: 'On AWS, traces go to the X-Ray daemon. This machine has none.' },
  {
    owner: ANYONE,
    grant: /^s3:AbortMultipartUpload /,
    reason: 'Cleans up after a failed multipart upload. Small objects are uploaded in one part.',
  },
  {
    owner: /Worker|Aggregator/,
    grant: /^s3:ListBucket /,
    reason: 'Without it, S3 returns AccessDenied for a missing object, which would look like a missing grant.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^dynamodb:(GetItem|Query|DeleteItem) /,
    reason:
      'For a task that already exists: the worker reads it and resumes it after its finished steps. A task that waited for its tenant’s cap is removed from the waiting list.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^s3:PutObject .*\/audit\//,
    reason: 'Tool calls are audited, but this agent has no tools.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^sqs:(SendMessage|GetQueueUrl) /,
    reason: 'Sends a parked task again, and wakes tasks that wait for this one, including those of other agents.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^sqs:ChangeMessageVisibility .*-high$/,
    reason: 'Runs use the default queue. The high-priority queue is for single tasks.',
  },
  {
    owner: /Sweeper/,
    grant: /^(dynamodb|sqs|states|lambda):/,
    reason: 'The sweeper runs every minute, but has work only after a crash.',
  },
  {
    owner: /EconomySchedule/,
    grant: /^lambda:InvokeFunction /,
    reason: 'It starts the collector every minute, but the run may end before.',
  },
  {
    owner: /BurialFunction/,
    grant: /^(dynamodb|states|sqs:(SendMessage|GetQueueUrl))/,
    reason: 'A message becomes a dead letter only after workers have died a hundred times.',
  },
  {
    owner: /CallbacksDelivery/,
    grant: /^(secretsmanager:GetSecretValue|sqs:ChangeMessageVisibility|dynamodb:PutItem) /,
    reason: 'Documents have no callbacks. test/e2e/callbacks.test.ts has one that is delivered at its second attempt.',
  },
  {
    owner: /TaskApiOperate/,
    grant: /^sqs:GetQueueUrl /,
    reason: 'Two grants allow it: the one to send tasks, which the stack shares, and the one to look at queues.',
  },
  {
    owner: /TaskApiOperate/,
    grant: /^(dynamodb:Query .*\/index\/listing$|states:StopExecution )/,
    reason: 'It cancels the run of a state machine, as systems/documents/test/e2e/run-cancel.long.test.ts does.',
  },
  {
    owner: /Callbacks(Wake|Schedule)/,
    grant: /^(dynamodb|sqs|lambda):/,
    reason:
      'It wakes callbacks that waited for more than 15 minutes. test/e2e/callbacks-isolation.long.test.ts parks some.',
  },
  {
    owner: /Economy(Collector|Settle|Role|StateMachine)/,
    grant: /^(dynamodb|sqs|states|secretsmanager|lambda|s3|logs):/,
    reason: 'The run has no economy tasks. test/e2e/economy.long.test.ts has some, with the same roles.',
  },
];

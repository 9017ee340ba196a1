/** Why a grant is needed that a small run does not use. */
export interface Reason {
  /** Of the owner's `Stack/LogicalId`. */
  readonly owner: RegExp;
  /** Of `action resource`, whole. */
  readonly grant: RegExp;
  readonly reason: string;
}

const ANYONE = /./;

/** Every grant that the test's run leaves unused needs an entry; every entry needs a grant. */
export const REASONS: readonly Reason[] = [
  {
    owner: /WorkerFunction/,
    grant: /^s3:GetObject .*\/inputs\//,
    reason: 'Inputs too large for a request of the task API lie there; a run’s documents lie in its own bucket.',
  },
  {
    owner: /TaskApi(Submit|Operate)/,
    grant: /^sqs:\w+ .*-(contract-analyst|support-agent)-\w+/,
    reason: 'One function serves the pools of all agents; the run hands tasks to the assistant alone.',
  },
  {
    owner: /TaskApiOperate/,
    grant: /^sqs:SendMessage .*-assistant-high$/,
    reason: 'A task of high priority that is cancelled, or redriven.',
  },
  {
    owner: /TaskApiSubmit/,
    grant: /^s3:ListBucket /,
    reason: 'Without it an upload that is not there is answered as AccessDenied, and could not be told.',
  },
  {
    owner: ANYONE,
    grant: /^logs:(CreateLogStream|PutLogEvents) /,
    reason: 'Lambda writes the log on AWS; here the local cloud does, to files.',
  },
  { owner: ANYONE, grant: /^xray:/, reason: 'Tracing goes to the X-Ray daemon on AWS; this machine has none.' },
  {
    owner: /FanOutStateMachine/,
    grant: /^logs:/,
    reason: 'Step Functions sets up the delivery of its execution log with them; AWS allows no narrower resource.',
  },
  {
    owner: /FanOutStateMachine/,
    grant: /^states:(StartExecution|DescribeExecution|StopExecution|RedriveExecution) /,
    reason: 'AWS starts and redrives the children of a Distributed Map under the role; the local one needs no call.',
  },
  {
    owner: /FanOutStateMachine/,
    grant: /^s3:GetObject .*\/runs\//,
    reason: 'A map over the failed documents of a run reads its list from there.',
  },
  {
    owner: ANYONE,
    grant: /^s3:AbortMultipartUpload /,
    reason: 'Cleans up after a multipart upload that failed; small objects go up in one piece.',
  },
  {
    owner: /Worker|Aggregator/,
    grant: /^s3:ListBucket /,
    reason: 'Without it a missing object is answered as AccessDenied, and a lost upload could not be told.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^dynamodb:(GetItem|Query|DeleteItem) /,
    reason:
      'A task that is there already is read, and resumed after its finished steps; who waits for a tenant’s cap is let out of the line.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^s3:PutObject .*\/audit\//,
    reason: 'Tool calls are audited; this agent has no tools.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^sqs:(SendMessage|GetQueueUrl) /,
    reason: 'A task that was parked is sent anew, and one that waited for this one, be it another agent’s.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^sqs:ChangeMessageVisibility .*-high$/,
    reason: 'Runs go by the default queue; the high one is for single tasks.',
  },
  {
    owner: /FanOutAggregator/,
    grant: /^dynamodb:Query .*\/index\/run$/,
    reason: 'A run that broke off has no result files: its tasks are found by the index.',
  },
  {
    owner: /Sweeper/,
    grant: /^(dynamodb|sqs|states|lambda):/,
    reason: 'The sweeper comes every minute, and finds something only after a crash.',
  },
  {
    owner: /EconomySchedule/,
    grant: /^lambda:InvokeFunction /,
    reason: 'It starts the collector every minute, and the run may be over before.',
  },
  {
    owner: /BurialFunction/,
    grant: /^(dynamodb|states|sqs:(SendMessage|GetQueueUrl))/,
    reason: 'Dead letters come of workers that died a hundred times.',
  },
  {
    owner: /CallbacksDelivery/,
    grant: /^(secretsmanager:GetSecretValue|sqs:ChangeMessageVisibility) /,
    reason: 'Documents have no callbacks; test/e2e/callbacks.test.ts has one that is delivered at its second attempt.',
  },
  {
    owner: /IntakeFunction/,
    grant: /^sqs:SendMessage /,
    reason: 'An upload without a manifest is looked at again once it was quiet for a while.',
  },
  {
    owner: /Economy(Collector|Settle|Role|StateMachine)/,
    grant: /^(dynamodb|sqs|states|secretsmanager|lambda|s3|logs):/,
    reason: 'The run has no economy tasks; test/e2e/economy.long.test.ts has some, under the same roles.',
  },
];

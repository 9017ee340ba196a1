/** Why a grant is needed although the test's run does not use it. */
export interface Reason {
  /** Matches the owner's `Stack/LogicalId`. */
  readonly owner: RegExp;
  /** Matches `action resource`. */
  readonly grant: RegExp;
  readonly reason: string;
}

const ANYONE = /./;

/** Every grant that the test's run does not use needs an entry, and every entry needs a grant. */
export const REASONS: readonly Reason[] = [
  {
    owner: /FanOutEnd/,
    grant: /^sqs:(SendMessage|GetQueueAttributes) .*Unended/,
    reason: 'Lambda keeps the event of a run whose end could not be handled after three tries.',
  },
  {
    owner: /WorkerFunction/,
    grant: /^s3:GetObject .*\/inputs\//,
    reason:
      'It has inputs that are too large for a request of the task API. The documents of a run are in their own bucket.',
  },
  {
    owner: /TaskApi(Submit|Operate)/,
    grant: /^sqs:\w+ .*-(contract-analyst|support-agent|review-\w+)-\w+/,
    reason:
      'One function serves the pools of all agents, but the run submits tasks only to the assistant and to the supervisor of reviews.',
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
    owner: /FanOutStateMachine/,
    grant: /^logs:/,
    reason: 'Step Functions sets up the delivery of its execution logs with them. AWS allows no narrower resource.',
  },
  {
    owner: /FanOutStateMachine/,
    grant: /^states:(StartExecution|DescribeExecution|StopExecution|RedriveExecution) /,
    reason:
      'AWS starts and redrives the children of a Distributed Map under the role. The local cloud needs no call for it.',
  },
  {
    owner: /FanOutStateMachine/,
    grant: /^s3:GetObject .*\/runs\//,
    reason: 'A map over the failed documents of a run reads its list from this prefix.',
  },
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
    owner: /FanOutAggregator/,
    grant: /^dynamodb:Query .*\/index\/run$/,
    reason: 'A run that was aborted has no result files, so its tasks are found with the index.',
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
    grant: /^(dynamodb:Query .*\/index\/listing$|states:StopExecution )/,
    reason: 'It cancels the run of a state machine, as systems/documents/test/e2e/run-cancel.long.test.ts does.',
  },
  {
    owner: /FanOutBegin/,
    grant: /^dynamodb:(GetItem|UpdateItem) /,
    reason: 'It finds the run registered when Step Functions calls it again.',
  },
  {
    owner: /(FanOutBegin|Intake)Function/,
    grant: /^s3:ListBucket /,
    reason: 'Without it S3 reports a missing upload manifest as forbidden.',
  },
  {
    owner: /FanOutEnd/,
    grant: /^(dynamodb:(UpdateItem|Query)|sqs:(GetQueueUrl|SendMessage)|lambda:InvokeFunction) /,
    reason: 'It ends the tasks of a run that was stopped, as in systems/documents/test/e2e/run-cancel.long.test.ts.',
  },
  {
    owner: /FanOutStateMachine/,
    grant: /^s3:GetObject .*\/uploads\//,
    reason:
      'An execution that began under release 0.2 reads its upload manifest itself. Drop it after the next release.',
  },
  {
    owner: /Callbacks(Wake|Schedule)/,
    grant: /^(dynamodb|sqs|lambda):/,
    reason:
      'It wakes callbacks that waited for more than 15 minutes. test/e2e/callbacks-isolation.long.test.ts parks some.',
  },
  {
    owner: /FanOutStateMachine/,
    grant: /^s3:ListMultipartUploadParts /,
    reason: 'AWS documents it for the results of a Distributed Map. The local cloud writes them in one part.',
  },
  {
    owner: /IntakeFunction/,
    grant: /^sqs:SendMessage /,
    reason: 'Checks an upload without a manifest again when no file has arrived for a while.',
  },
  {
    owner: /Economy(Collector|Settle|Role|StateMachine)/,
    grant: /^(dynamodb|sqs|states|secretsmanager|lambda|s3|logs):/,
    reason: 'The run has no economy tasks. test/e2e/economy.long.test.ts has some, with the same roles.',
  },
];

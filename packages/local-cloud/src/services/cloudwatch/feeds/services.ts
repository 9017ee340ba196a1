import type { EmittedEvent } from '../../events/event-rules.ts';
import type { QueueStats } from '../../sqs/service.ts';
import type { Measure } from '../metrics/metric.ts';

/**
 * Measures a queue, as SQS does once a minute.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * @param now milliseconds since 1970
 */
export function measureQueue(measure: Measure, name: string, stats: QueueStats, now: number): void {
  const metric = { namespace: 'AWS/SQS', dimensions: { QueueName: name } };
  const age = stats.oldestSentAt === undefined ? 0 : Math.max(0, (now - stats.oldestSentAt) / 1_000);
  const counts = {
    ApproximateNumberOfMessagesVisible: stats.visible,
    ApproximateNumberOfMessagesNotVisible: stats.inFlight,
    ApproximateNumberOfMessagesDelayed: stats.delayed,
  };
  for (const [count, value] of Object.entries(counts)) measure({ ...metric, name: count, value, unit: 'Count' });
  measure({ ...metric, name: 'ApproximateAgeOfOldestMessage', value: age, unit: 'Seconds' });
}

const EXECUTIONS: Readonly<Record<string, string>> = {
  ABORTED: 'ExecutionsAborted',
  FAILED: 'ExecutionsFailed',
  SUCCEEDED: 'ExecutionsSucceeded',
  TIMED_OUT: 'ExecutionsTimedOut',
};

/**
 * Measures the end of an execution, from the event that Step Functions emits.
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export function measureExecution(measure: Measure, { detail, at }: EmittedEvent): void {
  const { stateMachineArn, status, startDate } = detail as Readonly<Record<string, unknown>>;
  const name = EXECUTIONS[String(status)];
  if (name === undefined || typeof stateMachineArn !== 'string') return;
  const metric = { namespace: 'AWS/States', dimensions: { StateMachineArn: stateMachineArn }, at };
  measure({ ...metric, name, value: 1, unit: 'Count' });
  if (typeof startDate === 'number')
    measure({ ...metric, name: 'ExecutionTime', value: at - startDate, unit: 'Milliseconds' });
}

/** A response of a REST API. */
export interface ApiOutcome {
  readonly api: string;
  readonly stage: string;
  readonly status: number;
  /** Milliseconds. */
  readonly latency: number;
}

/** Measures a request. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
export function measureRequest(measure: Measure, { api, stage, status, latency }: ApiOutcome): void {
  for (const dimensions of [{ ApiName: api }, { ApiName: api, Stage: stage }]) {
    const metric = { namespace: 'AWS/ApiGateway', dimensions };
    measure({ ...metric, name: 'Count', value: 1, unit: 'Count' });
    measure({ ...metric, name: '4XXError', value: status >= 400 && status < 500 ? 1 : 0, unit: 'Count' });
    measure({ ...metric, name: '5XXError', value: status >= 500 ? 1 : 0, unit: 'Count' });
    measure({ ...metric, name: 'Latency', value: latency, unit: 'Milliseconds' });
  }
}

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's CloudWatch Logs client, from the standard AWS environment. A search may take seconds. */
export const cloudwatchLogs = once(
  () => new CloudWatchLogsClient({ maxAttempts: 5, requestHandler: timeouts({ requestTimeout: 15_000 }) }),
);

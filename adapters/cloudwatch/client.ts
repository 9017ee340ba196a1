import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's CloudWatch client, from the standard AWS environment. */
export const cloudwatch = once(
  () => new CloudWatchClient({ maxAttempts: 5, requestHandler: timeouts({ requestTimeout: 15_000 }) }),
);

import { SQSClient } from '@aws-sdk/client-sqs';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's SQS client, from the standard AWS environment. It only sends: the event source mapping receives. */
export const sqs = once(() => new SQSClient({ requestHandler: timeouts({ requestTimeout: 5_000 }) }));

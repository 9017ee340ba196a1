import { LambdaClient } from '@aws-sdk/client-lambda';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's Lambda client, from the standard AWS environment. It waits as long as the function runs. */
export const lambda = once(() => new LambdaClient({ requestHandler: timeouts({ requestTimeout: 90_000 }) }));

import { SFNClient } from '@aws-sdk/client-sfn';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's Step Functions client, from the standard AWS environment. */
export const sfn = once(() => new SFNClient({ requestHandler: timeouts({ requestTimeout: 10_000 }) }));

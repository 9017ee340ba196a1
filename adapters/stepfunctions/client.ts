import { SFNClient } from '@aws-sdk/client-sfn';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's Step Functions client, from the standard AWS environment. */
export const sfn = once(() => new SFNClient({ requestHandler: timeouts({ requestTimeout: 10_000 }) }));

/** A client of another region of a global fleet. Whoever asks must not wait long for a region that may be lost. */
export const sfnIn = (region: string): SFNClient =>
  new SFNClient({ region, maxAttempts: 2, requestHandler: timeouts({ requestTimeout: 2_000 }) });

import { SFNClient, type SFNClientConfig } from '@aws-sdk/client-sfn';
import { direct } from '../aws/direct.ts';
import { once } from '../aws/once.ts';
import { Sha256 } from '../aws/sha256.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's Step Functions client, from the standard AWS environment. */
export const sfn = once(() => newSfn({ requestTimeout: 10_000 }));

/** A client of another region of a global fleet. Whoever asks must not wait long for a region that may be lost. */
export const sfnIn = (region: string): SFNClient => newSfn({ region, maxAttempts: 2, requestTimeout: 2_000 });

interface Settings extends Pick<SFNClientConfig, 'maxAttempts' | 'region'> {
  /** Of one attempt, in milliseconds. */
  readonly requestTimeout: number;
}

const newSfn = ({ requestTimeout, ...config }: Settings): SFNClient =>
  direct(new SFNClient({ ...config, sha256: Sha256, requestHandler: timeouts({ requestTimeout }) }));

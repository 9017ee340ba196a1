import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { direct } from '../aws/direct.ts';
import { once } from '../aws/once.ts';
import { Sha256 } from '../aws/sha256.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's SQS client, from the standard AWS environment. It only sends: the event source mapping receives. */
export const sqs = once(() => newSqs({ requestTimeout: 5_000 }));

/** A client of another region of a global fleet. Whoever asks must not wait long for a region that may be lost. */
export const sqsIn = (region: string | undefined): SQSClient =>
  newSqs({ ...(region !== undefined && { region }), maxAttempts: 2, requestTimeout: 2_000 });

interface Settings extends Pick<SQSClientConfig, 'maxAttempts' | 'region'> {
  /** Of one attempt, in milliseconds. */
  readonly requestTimeout: number;
}

const newSqs = ({ requestTimeout, ...config }: Settings): SQSClient =>
  direct(new SQSClient({ ...config, sha256: Sha256, requestHandler: timeouts({ requestTimeout }) }));

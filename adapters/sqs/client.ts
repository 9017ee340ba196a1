import { SQSClient } from '@aws-sdk/client-sqs';
import { direct } from '../aws/direct.ts';
import { once } from '../aws/once.ts';
import { Sha256 } from '../aws/sha256.ts';
import { timeouts } from '../aws/timeouts.ts';

/** The process's SQS client, from the standard AWS environment. It only sends: the event source mapping receives. */
export const sqs = once(() =>
  direct(new SQSClient({ sha256: Sha256, requestHandler: timeouts({ requestTimeout: 5_000 }) })),
);

/** A client of another region of a global fleet. Whoever asks must not wait long for a region that may be lost. */
export const sqsIn = (region: string | undefined): SQSClient =>
  direct(
    new SQSClient({
      ...(region !== undefined && { region }),
      maxAttempts: 2,
      sha256: Sha256,
      requestHandler: timeouts({ requestTimeout: 2_000 }),
    }),
  );

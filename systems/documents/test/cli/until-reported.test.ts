import { HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import type { DocumentsConnection } from '../../cli/connection.ts';
import { untilReported } from '../../cli/report.ts';

const at = (second: number): Date => new Date(1_700_000_000_000 + second * 1_000);
const missing = () => new NotFound({ message: 'missing', $metadata: {} });

/** Waits for a report, which is looked for again until `written` has one that counts. Returns how often it was looked for. */
async function looks(redriveDate: Date | undefined, written: readonly (Date | null)[]): Promise<number> {
  let asked = 0;
  const connection = {
    outputs: { StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:fan-out', UploadBucket: 'uploads' },
    sfn: {
      async send(command: unknown) {
        expect(command).toBeInstanceOf(DescribeExecutionCommand);
        return { status: 'FAILED', redriveDate };
      },
    },
    s3: {
      async send(command: unknown) {
        expect(command).toBeInstanceOf(HeadObjectCommand);
        const LastModified = written[asked];
        asked += 1;
        if (LastModified === undefined) throw new Error('Looked for it too often.');
        if (LastModified === null) throw missing();
        return { LastModified };
      },
    },
  } as unknown as DocumentsConnection;
  await untilReported(connection, 'spring', new AbortController().signal);
  return asked;
}

it('the first report of a run that was stopped is taken when it is there', async () => {
  expect(await looks(undefined, [null, at(1)])).toBe(2);
});

it('a redriven run’s report of an earlier attempt is not taken for the new one', async () => {
  expect(await looks(new Date(at(60).getTime() + 400), [at(1), at(60)])).toBe(2);
});

import type { Json } from '../../src/asl/json.ts';
import { Fakes, type StepFunctions } from '../../testing/stepfunctions.ts';
import { ListMapRunsCommand } from '@aws-sdk/client-sfn';

/** A state machine with a single Distributed Map that has this state as its only processor state. */
export function distributed(more: object, state: object = { Type: 'Pass' }) {
  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Do',
    States: { Do: { ...state, ...('Error' in state ? {} : { End: true }) } },
  };
  return {
    StartAt: 'Each',
    States: { Each: { Type: 'Map', Label: 'Each', ItemProcessor: processor, End: true, ...more } },
  };
}

/** A processor that fails for items whose `fail` is true. */
export function failingProcessor(more: object = {}) {
  return {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Check',
    States: {
      Check: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.fail %}', Next: 'Fail' }], Default: 'Good' },
      Fail: { Type: 'Fail', Error: 'Bad', Cause: 'as asked' },
      Good: { Type: 'Pass', Output: '{% $states.input.n %}', End: true, ...more },
    },
  };
}

export const reader = (action: string, Arguments: object, ReaderConfig?: object) => ({
  ItemReader: {
    Resource: `arn:aws:states:::s3:${action}`,
    Arguments,
    ...(ReaderConfig === undefined ? {} : { ReaderConfig }),
  },
});

export const writer = (WriterConfig?: object) => ({
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    Arguments: { Bucket: 'results', Prefix: 'out' },
    ...(WriterConfig === undefined ? {} : { WriterConfig }),
  },
});

/** A bucket in memory. */
export class Bucket {
  readonly objects = new Map<string, string>();
  readonly fakes: Fakes;

  constructor(objects: Record<string, string> = {}, pageSize = 1000) {
    for (const [key, body] of Object.entries(objects)) this.objects.set(key, body);
    this.fakes = new Fakes({
      's3:PutObject': ({ Key, Body }) => {
        this.objects.set(String(Key), Buffer.from(Body as Uint8Array).toString());
        return {};
      },
      's3:GetObject': ({ Key }) => ({ Body: Buffer.from(this.objects.get(String(Key)) ?? '') }),
      's3:ListObjectsV2': ({ Prefix, ContinuationToken }) => {
        const keys = [...this.objects.keys()].filter((key) => key.startsWith(String(Prefix)));
        const from = Number(ContinuationToken ?? 0);
        const Contents = keys.slice(from, from + pageSize).map((Key) => ({
          Key,
          Size: this.objects.get(Key)?.length,
          ETag: '"e"',
          LastModified: new Date(1_000_500),
          StorageClass: 'STANDARD',
        }));
        const next = from + pageSize < keys.length ? { NextContinuationToken: String(from + pageSize) } : {};
        return { Contents, IsTruncated: 'NextContinuationToken' in next, ...next };
      },
    });
  }

  json(key: string): Json {
    return JSON.parse(this.objects.get(key) ?? 'null') as Json;
  }
}

export async function onlyMapRun({ client }: Pick<StepFunctions, 'client'>, executionArn: string): Promise<string> {
  const { mapRuns } = await client.send(new ListMapRunsCommand({ executionArn }));
  return mapRuns?.[0]?.mapRunArn ?? '';
}

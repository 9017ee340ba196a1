import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/asl/json.ts';
import { Bucket, distributed, failingProcessor, onlyMapRun, writer } from './map-run.support.ts';
import { startStepFunctions } from '../../testing/stepfunctions.ts';

const items = [{ n: 1 }, { n: [2, 3] }, { n: 4, fail: true }].map((item) => ({ fail: false, ...item }));
const tolerant = { ItemProcessor: failingProcessor(), ToleratedFailureCount: 1 };

describe('results of a Distributed Map', () => {
  it('are written to S3 in AWS’s format, with a manifest', async () => {
    const bucket = new Bucket();
    const started = await startStepFunctions({ call: bucket.fakes.call });
    const ended = await started.run(distributed({ ...tolerant, ...writer() }), items);
    const mapRunArn = await onlyMapRun(started, ended.executionArn ?? '');
    const folder = `out/${mapRunArn.split(':').at(-1)}`;
    expect(JSON.parse(ended.output ?? '')).toEqual({
      MapRunArn: mapRunArn,
      ResultWriterDetails: { Bucket: 'results', Key: `${folder}/manifest.json` },
    });
    const size = (key: string) => Buffer.byteLength(bucket.objects.get(key) ?? '');
    const file = (name: string) => ({ Key: `${folder}/${name}`, Size: size(`${folder}/${name}`) });
    expect(bucket.json(`${folder}/manifest.json`)).toEqual({
      DestinationBucket: 'results',
      MapRunArn: mapRunArn,
      ResultFiles: { FAILED: [file('FAILED_0.json')], PENDING: [], SUCCEEDED: [file('SUCCEEDED_0.json')] },
    });
    const succeeded = bucket.json(`${folder}/SUCCEEDED_0.json`) as readonly JsonObject[];
    expect(succeeded).toHaveLength(2);
    expect(succeeded[0]).toMatchObject({
      ExecutionArn: expect.stringMatching(/:execution:m\d+\/Each:[\da-f-]{36}$/) as unknown,
      Input: '{"fail":false,"n":1}',
      InputDetails: { Included: true },
      Output: '1',
      OutputDetails: { Included: true },
      StateMachineArn: expect.stringMatching(/:stateMachine:m\d+\/Each$/) as unknown,
      Status: 'SUCCEEDED',
    });
    expect(bucket.json(`${folder}/FAILED_0.json`)).toMatchObject([
      { Error: 'Bad', Cause: 'as asked', Status: 'FAILED' },
    ]);
  });

  it.each([
    ['COMPACT', 'JSON', 'SUCCEEDED_0.json', '[1,[2,3]]'],
    ['FLATTEN', 'JSON', 'SUCCEEDED_0.json', '[1,2,3]'],
    ['FLATTEN', 'JSONL', 'SUCCEEDED_0.jsonl', '1\n2\n3'],
  ])('are transformed by %s into %s', async (Transformation, OutputType, name, expected) => {
    const bucket = new Bucket();
    const { run } = await startStepFunctions({ call: bucket.fakes.call });
    await run(distributed({ ...tolerant, ...writer({ Transformation, OutputType }) }), items);
    const file = [...bucket.objects].find(([key]) => key.endsWith(name));
    expect(file?.[1]).toBe(expected);
  });

  it('without S3 are the state’s result', async () => {
    const { run } = await startStepFunctions();
    const plain = await run(distributed(tolerant), items.slice(0, 2));
    expect(plain.output).toBe('[1,[2,3]]');
    const ResultWriter = { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSON' } };
    expect((await run(distributed({ ...tolerant, ResultWriter }), items.slice(0, 2))).output).toBe('[1,2,3]');
  });

  it('fail with States.ResultWriterFailed if they cannot be written', async () => {
    const { run } = await startStepFunctions();
    expect(await run(distributed(writer()), [1])).toMatchObject({
      status: 'FAILED',
      error: 'States.ResultWriterFailed',
    });
  });
});

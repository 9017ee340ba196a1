import { describe, expect, it } from 'vitest';
import { Bucket, distributed, reader } from './map-run.support.ts';
import { startStepFunctions } from '../../testing/stepfunctions.ts';

async function outputs(bucket: Bucket, more: object, input: unknown = {}) {
  const { run } = await startStepFunctions({ call: bucket.fakes.call });
  const { output, error, cause } = await run(distributed(more), input);
  return output === undefined ? { error, cause } : (JSON.parse(output) as unknown);
}

describe('items of a Distributed Map', () => {
  it('come from Items or the input', async () => {
    expect(await outputs(new Bucket(), { Items: '{% $states.input.list %}' }, { list: [1, 2] })).toEqual([1, 2]);
    expect(await outputs(new Bucket(), {}, ['a'])).toEqual(['a']);
    expect(await outputs(new Bucket(), {}, [])).toEqual([]);
  });

  it('are all objects of a listing, across pages', async () => {
    const objects = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`in/${index}`, 'x']));
    const ItemSelector = '{% $states.context.Map.Item.Value.Key %}';
    const more = { ...reader('listObjectsV2', { Bucket: 'b', Prefix: '{% $states.input.prefix %}' }), ItemSelector };
    const keys = Object.keys(objects);
    expect(await outputs(new Bucket(objects, 10), more, { prefix: 'in/' })).toEqual(keys);
    const limited = reader('listObjectsV2', { Bucket: 'b', Prefix: 'in/' }, { MaxItems: 12 });
    expect(await outputs(new Bucket(objects, 10), { ...limited, ItemSelector })).toEqual(keys.slice(0, 12));
    const given = reader('listObjectsV2', { Bucket: 'b', Prefix: 'in/' }, { MaxItems: '{% $states.input.most %}' });
    const most = { ...given, ItemSelector };
    expect(await outputs(new Bucket(objects, 10), most, { most: 3 })).toEqual(keys.slice(0, 3));
  });

  it('of a listing have AWS’s shape', async () => {
    const more = reader('listObjectsV2', { Bucket: 'b', Prefix: 'in/' });
    const expected = [{ Etag: '"e"', Key: 'in/a', LastModified: 1000, Size: 3, StorageClass: 'STANDARD' }];
    expect(await outputs(new Bucket({ 'in/a': 'abc' }), more)).toEqual(expected);
  });

  it('have key, value, index and source in the context', async () => {
    const ItemSelector = '{% $states.context.Map.Item %}';
    const read = async (InputType: string, body: string) =>
      outputs(new Bucket({ file: body }), {
        ...reader('getObject', { Bucket: 'b', Key: 'file' }, { InputType }),
        ItemSelector,
      });
    expect(await read('JSON', '{"a":{"x":1},"b":2}')).toEqual([
      { Index: 0, Key: 'a', Value: { x: 1 }, Source: 'S3://b/file' },
      { Index: 1, Key: 'b', Value: 2, Source: 'S3://b/file' },
    ]);
    expect(await read('JSON', '["a"]')).toEqual([{ Index: 0, Value: 'a', Source: 'S3://b/file' }]);
    expect(await read('JSONL', '{"a":1}\n')).toEqual([{ Index: 0, Value: { a: 1 }, Source: 'S3://b/file' }]);
    const listed = { ...reader('listObjectsV2', { Bucket: 'b', Prefix: 'in/' }), ItemSelector };
    expect(await outputs(new Bucket({ 'in/a': 'abc' }), listed)).toMatchObject([{ Index: 0, Source: 'S3://b' }]);
    expect(await outputs(new Bucket(), { ItemSelector }, ['a'])).toEqual([
      { Index: 0, Value: 'a', Source: 'STATE_DATA' },
    ]);
  });

  it('are the properties of an object in Items or the input', async () => {
    const item = (index: number, Key: string, Value: unknown) => ({ Index: index, Key, Value, Source: 'STATE_DATA' });
    const ItemSelector = '{% $states.context.Map.Item %}';
    const Items = '{% $states.input.items %}';
    const items = { a: 1, b: { x: 2 } };
    const expected = [item(0, 'a', 1), item(1, 'b', { x: 2 })];
    expect(await outputs(new Bucket(), { Items, ItemSelector }, { items })).toEqual(expected);
    expect(await outputs(new Bucket(), { ItemSelector }, items)).toEqual(expected);
    expect(await outputs(new Bucket(), { Items }, { items: { a: 1 } })).toEqual([{ Key: 'a', Value: 1 }]);
    expect(await outputs(new Bucket(), { Items }, { items: 7 })).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });

  it.each<[string, string, object, unknown]>([
    ['JSON', '[1,{"a":2}]', {}, [1, { a: 2 }]],
    ['JSON', '{"x":1}', {}, [{ Key: 'x', Value: 1 }]],
    ['JSONL', '{"a":1}\n{"a":2}\n', {}, [{ a: 1 }, { a: 2 }]],
    [
      'CSV',
      'id,text\n1,"a, ""b""\nc"\r\n2\n',
      { CSVHeaderLocation: 'FIRST_ROW' },
      [
        { id: '1', text: 'a, "b"\nc' },
        { id: '2', text: '' },
      ],
    ],
    [
      'CSV',
      '1;2\n',
      { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'], CSVDelimiter: 'SEMICOLON' },
      [{ a: '1', b: '2' }],
    ],
  ])('are read from a %s file: %s', async (InputType, body, config, expected) => {
    const more = reader('getObject', { Bucket: 'b', Key: 'file' }, { InputType, ...config });
    expect(await outputs(new Bucket({ file: body }), more)).toEqual(expected);
  });

  it('fail with States.ItemReaderFailed if they cannot be read', async () => {
    const more = reader('getObject', { Bucket: 'b', Key: 'file' }, { InputType: 'JSON' });
    expect(await outputs(new Bucket({ file: '{' }), more)).toMatchObject({ error: 'States.ItemReaderFailed' });
  });

  it('are batched by ItemBatcher, by number and by size', async () => {
    const ItemBatcher = {
      MaxItemsPerBatch: '{% $states.input.size %}',
      BatchInput: { run: '{% $states.input.run %}' },
    };
    const Items = '{% $states.input.items %}';
    const input = { size: 2, run: 'r', items: [1, 2, 3] };
    expect(await outputs(new Bucket(), { Items, ItemBatcher }, input)).toEqual([
      { BatchInput: { run: 'r' }, Items: [1, 2] },
      { BatchInput: { run: 'r' }, Items: [3] },
    ]);
    const byBytes = { Items: ['aaaa', 'bbbb', 'cccc'], ItemBatcher: { MaxInputBytesPerBatch: 28 } };
    expect(await outputs(new Bucket(), byBytes)).toEqual([{ Items: ['aaaa', 'bbbb'] }, { Items: ['cccc'] }]);
  });
});

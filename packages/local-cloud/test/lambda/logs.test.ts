import { expect, test } from 'vitest';
import { ROOT, ServiceError } from '../../src/services/service.ts';
import { lineFilter } from '../../src/services/logs/filter.ts';
import { functionResource, startFixture } from '../../testing/cloud.ts';

test('log events are found by log group, time and terms', async () => {
  const code = {
    talker: `export const handler = async (name) => { console.log('task', name); console.log('other'); };`,
  };
  const resources = {
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/fleet/talker' } },
    Talker: functionResource('talker', { LoggingConfig: { LogGroup: { Ref: 'Group' } } }),
  };
  await using cloud = await startFixture({ code, resources });
  const before = Date.now();
  for (const name of ['one', 'two']) {
    await cloud.call('lambda', 'Invoke', { FunctionName: 'talker', Payload: JSON.stringify(name) }, ROOT);
  }
  const groups = await cloud.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/fleet' }, ROOT);
  expect(groups).toMatchObject({ logGroups: [{ logGroupName: '/fleet/talker' }] });

  const find = async (extra: object) => {
    const input = { logGroupName: '/fleet/talker', filterPattern: 'task', ...extra };
    const { events, nextToken } = await cloud.call('logs', 'FilterLogEvents', input, ROOT);
    return { lines: (events as { message: string }[]).map(({ message }) => message.split('\t').at(-1)), nextToken };
  };
  await expect
    .poll(() => find({ startTime: before }))
    .toEqual({ lines: ['task one', 'task two'], nextToken: undefined });
  expect(await find({ endTime: before - 1 })).toEqual({ lines: [], nextToken: undefined });
  const { lines, nextToken } = await find({ limit: 1 });
  expect(lines).toEqual(['task one']);
  expect(await find({ nextToken })).toEqual({ lines: ['task two'], nextToken: undefined });
  await expect(find({ logGroupName: '/nowhere' })).rejects.toThrow('The log group /nowhere does not exist.');
});

test('the log of a CommonJS function that imports has its own lines alone', async () => {
  const code = { talker: `exports.handler = async () => console.log((await import('node:os')).EOL.length);` };
  await using cloud = await startFixture({ code, resources: { Talker: functionResource('talker') } });
  await cloud.call('lambda', 'Invoke', { FunctionName: 'talker', Payload: '{}' }, ROOT);
  const lines = async () => {
    const { events } = await cloud.call('logs', 'FilterLogEvents', { logGroupName: '/aws/lambda/talker' }, ROOT);
    return (events as { message: string }[]).map(({ message }) => message.split('\t').slice(2).join(' '));
  };
  // The last line is the report.
  await expect.poll(async () => (await lines()).at(-1)).toContain('Memory Size');
  expect((await lines()).slice(0, -1)).toEqual(['INFO 1']);
});

test.each([
  ['', 'anything'],
  ['a b', 'b and a'],
  ['"a b"', 'x a b y'],
  ['a -c', 'a b'],
  ['?x ?b', 'a b'],
])('the pattern %s finds "%s"', (pattern, text) => {
  expect(lineFilter(pattern)(text)).toBe(true);
});

test.each(['[ip, user, ...]', '%ERR.R%', '{ $.level = %ERR% }', '{ level = "ERROR" }', '{ $.level }', '{ $.a = 1'])(
  'the pattern %s is rejected',
  (pattern) => {
    expect(() => lineFilter(pattern)).toThrow(ServiceError);
  },
);

import { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepFunctionsExecutions } from '#adapters/stepfunctions/executions.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { sendJson, stubApi } from './support/stub-api.ts';
import { threeRegions } from './dynamodb/regions/three-regions.ts';

const US = 0;
const NOW = Date.now();

describe('a task token', () => {
  const at = threeRegions();
  const outcome = (taskId: string) => ({ id: `${taskId}/end`, taskId, status: 'succeeded' as const });
  const sfnAt = (endpoint: string) =>
    new SFNClient({ endpoint, region: 'x', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  /** Of the first region, with another one at an endpoint. */
  const notifierTo = (there: string) =>
    stepFunctionsNotifier({
      client: sfnAt('http://127.0.0.1:1'),
      regions: at().parts(US).regions,
      clientIn: () => sfnAt(there),
    });

  it('is answered in the region of its run, by whoever ended the task', async () => {
    const [here, there] = [await stubApi(answers({})), await stubApi(answers({}))];
    const asked: string[] = [];
    const notifier = stepFunctionsNotifier({
      client: sfnAt(here.url),
      regions: at().parts(US).regions,
      clientIn: (region) => (asked.push(region), sfnAt(there.url)),
    });
    expect(await notifier.answer('token', outcome('eu.task-1'))).toBe('answered');
    expect(await notifier.answer('token', outcome('task-1'))).toBe('answered');
    expect(await notifier.answer('token', outcome('none'))).toBe('answered');
    expect(asked).toEqual(['eu-west-1']);
    expect([here.requests.length, there.requests.length]).toEqual([2, 1]);
  });

  it('of a lost region is kept for later, and that region is not asked again at once', async () => {
    let now = NOW;
    let made = 0;
    const notifier = stepFunctionsNotifier({
      client: sfnAt('http://127.0.0.1:1'),
      regions: at().parts(US).regions,
      clientIn: () => ((made += 1), sfnAt('http://127.0.0.1:1')),
      now: () => now,
    });
    expect(await notifier.answer('token', outcome('eu.task-1'))).toBe('later');
    expect(await notifier.answer('token', outcome('eu.task-2'))).toBe('later');
    now += 31_000;
    expect(await notifier.answer('token', outcome('eu.task-1'))).toBe('later');
    expect(made).toBe(1);
  });

  it.each([
    ['cannot serve', 503, 'ServiceUnavailable'],
    ['is asked too often', 400, 'ThrottlingException'],
  ])('of a region that %s is kept for later', async (_, status, type) => {
    const api = await stubApi(answers({ __type: type, message: 'no' }, status));
    const notifier = notifierTo(api.url);
    expect(await notifier.answer('token', outcome('eu.task-1'))).toBe('later');
  });

  it('that may not be answered there is an error, each time', async () => {
    const api = await stubApi(answers(DENIED, 400));
    const notifier = notifierTo(api.url);
    for (const _ of [1, 2])
      await expect(notifier.answer('token', outcome('eu.task-1'))).rejects.toThrow('is not authorized');
  });

  it('that nobody waits for any more is dropped, there too', async () => {
    const api = await stubApi(answers({ __type: 'TaskTimedOut', message: 'over' }, 400));
    expect(await notifierTo(api.url).answer('token', outcome('eu.task-1'))).toBe('answered');
  });

  it('its execution is stopped in its region, or is out of reach', async () => {
    const there = await stubApi(answers({ stopDate: 1 }));
    const stop = (endpoint: string, region: string) =>
      stepFunctionsExecutions({
        client: sfnAt('http://127.0.0.1:1'),
        regions: at().parts(US).regions,
        clientIn: () => sfnAt(endpoint),
      }).stop(`arn:aws:states:${region}:1:execution:documents:batch-1`, 'why');
    expect(await stop(there.url, 'eu-west-1')).toBe('stopped');
    expect(await stop('http://127.0.0.1:1', 'eu-west-1')).toBe('out-of-reach');
    await expect(stop(there.url, 'us-east-1')).rejects.toThrow('ECONNREFUSED');
    const denying = await stubApi(answers(DENIED, 400));
    await expect(stop(denying.url, 'eu-west-1')).rejects.toThrow('is not authorized');
  });
});

const DENIED = { __type: 'AccessDeniedException', message: 'The role is not authorized.' };

const answers =
  (body: object, status = 200) =>
  (response: Parameters<Parameters<typeof stubApi>[0]>[0]) =>
    sendJson(response, status, body);

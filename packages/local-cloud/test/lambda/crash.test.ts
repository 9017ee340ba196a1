import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, startFixture } from '../../testing/cloud.ts';

const code = {
  worker: `export const handler = async (event) => {
    console.log('began ' + event.name);
    if (event.hang) await new Promise(() => {});
    return event.name;
  };`,
};

test('a killed worker fails its event, and the next event gets a new worker', async () => {
  await using cloud = await startFixture({ code, resources: { Worker: functionResource('worker', { Timeout: 60 }) } });
  const invoke = (event: object) =>
    cloud.call('lambda', 'Invoke', { FunctionName: 'worker', Payload: JSON.stringify(event) }, ROOT);
  const hanging = invoke({ name: 'first', hang: true });
  await cloud.event('lambda.log', ({ line }) => line.includes('began first'));
  await cloud.crashWorkers();
  expect(await hanging).toMatchObject({ FunctionError: 'Unhandled' });
  expect(cloud.events).toContainEqual(expect.objectContaining({ code: 'lambda.crash', function: 'worker' }));
  expect(await invoke({ name: 'second' })).not.toHaveProperty('FunctionError');
});

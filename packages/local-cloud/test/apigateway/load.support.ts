import { once } from 'node:events';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { functionResource, startFixture, type FixtureCloud } from '../../testing/cloud.ts';
import { apiFixture } from './support.ts';

const worker = `export const handler = async ({ body }) => ({ statusCode: 200, body: body ?? 'ok' });`;

/** Boots an API before the tests of a file and stops it after them. */
export function loadApi() {
  let cloud: FixtureCloud;
  beforeAll(async () => {
    // As many environments as a small machine can run. Further requests are throttled immediately.
    const more = { Worker: functionResource('worker', { ReservedConcurrentExecutions: 50 }) };
    cloud = await startFixture(apiFixture({ methods: { 'GET /': {}, 'POST /': {} }, worker, more }));
  });
  afterAll(() => cloud[Symbol.asyncDispose]());

  const url = (): URL => new URL(cloud.apis[0]?.url ?? '');
  return {
    url,
    /** Sends a GET request and returns the status. */
    get: async (agent: Agent): Promise<number> => {
      const sent = request(url(), { agent }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      return response.statusCode ?? 0;
    },
  };
}

import { describe, expect, it } from 'vitest';
import { FleetClient, FleetError } from '#client/index.ts';
import { homeOfKey } from '#core/regions/home.ts';
import { sendJson } from '../adapters/support/stub-api.ts';
import {
  accept,
  accepted,
  cutRegion,
  fail,
  refused,
  region,
  silent,
  type Serve,
  type StubRegion,
} from './stub-region.ts';

const task = { agent: 'assistant', instruction: 'Say hello.' };
const ended = { ...accepted, status: 'succeeded', output: { text: 'Hello.' } };
const NAMES = ['us', 'eu', 'ap'] as const;
const A_SECOND = 1_000;

function clientOf(stubs: readonly StubRegion[], options: { near?: string; patienceMs?: number } = {}): FleetClient {
  const regions = stubs.map(({ url }, index) => ({ name: NAMES[index] ?? '', url }));
  return new FleetClient({
    regions: regions as [(typeof regions)[0] & {}],
    near: 'us',
    key: 'flk_test',
    backoffMs: 1,
    ...options,
  });
}

async function timed<Result>(work: Promise<Result>): Promise<{ readonly result: Result; readonly ms: number }> {
  const startedAt = performance.now();
  return { result: await work, ms: performance.now() - startedAt };
}

describe('a request', () => {
  it('goes to the region that is near, with a key of that region', async () => {
    const [us, eu, ap] = [await region(accept), await region(accept), await region(accept)];
    await clientOf([us, eu, ap], { near: 'eu' }).submit(task);
    expect([us, eu, ap].map(({ requests }) => requests.length)).toEqual([0, 1, 0]);
    expect(homeOfKey(eu.requests[0]?.key ?? '', 0, NAMES)).toBe(1);
  });

  it('goes to the region that answers first if none is named', async () => {
    const [us, eu] = [await region(accept, { cut: true }), await region(accept)];
    const fleet = new FleetClient({
      regions: [
        { name: 'us', url: us.url },
        { name: 'eu', url: eu.url },
      ],
      key: 'flk_test',
    });
    await fleet.submit(task);
    expect([us, eu].map(({ requests }) => requests.length)).toEqual([0, 1]);
  });

  it('names the regions there are if the near one is none of them', async () => {
    const [us, eu] = [await region(accept), await region(accept)];
    expect(() => clientOf([us, eu], { near: 'mars' })).toThrow('near is "mars". Use one of us, eu.');
  });

  it('that was refused has no home yet: the next region becomes it', async () => {
    const [us, eu] = [await refused(), await region(accept)];
    const { ms } = await timed(clientOf([us, eu]).submit(task));
    expect(ms).toBeLessThan(A_SECOND);
    expect(eu.requests[0]?.key).toMatch(/^eu\./);
  });

  it('that may have arrived is repeated elsewhere under the same key, within a second', async () => {
    const [us, eu] = [await region(silent, { cut: true }), await region(accept)];
    const { result, ms } = await timed(clientOf([us, eu]).submit(task));
    expect(result).toEqual(accepted);
    expect(ms).toBeLessThan(A_SECOND);
    expect(eu.requests[0]?.key).toMatch(/^us\./);
    expect(eu.requests[0]?.key).toBe(us.requests[0]?.key);
  });

  it.each([500, 502, 503])('goes elsewhere after %d, under the same key', async (status) => {
    const [us, eu] = [await region(fail(status)), await region(accept)];
    const fleet = clientOf([us, eu]);
    await fleet.submit(task, { idempotencyKey: 'order-7' });
    expect([us, eu].map(({ requests }) => requests[0]?.key)).toEqual(['order-7', 'order-7']);
  });

  it('waits for a slow region that answers at all', async () => {
    // A dead region is given up at the first question.
    const asked = Promise.withResolvers<void>();
    const us = await region((response, ...rest) => void asked.promise.then(() => accept(response, ...rest)), {
      onHead: (count) => count === 2 && asked.resolve(),
    });
    const eu = await region(accept);
    expect(await clientOf([us, eu]).submit(task)).toEqual(accepted);
    expect(eu.requests).toEqual([]);
  });

  it('that is rejected is not repeated elsewhere', async () => {
    const [us, eu] = [await region(fail(422, 'cannot-accept')), await region(accept)];
    await expect(clientOf([us, eu]).submit(task)).rejects.toMatchObject({ status: 422 });
    expect(eu.requests).toEqual([]);
  });

  it('that is too many waits in its region: limits hold for the fleet', async () => {
    const us = await region((response, request, count) =>
      count === 1 ? fail(429, 'too-many')(response, request, count) : accept(response, request, count),
    );
    const eu = await region(accept);
    expect(await clientOf([us, eu]).submit(task)).toEqual(accepted);
    expect([us, eu].map(({ requests }) => requests.length)).toEqual([2, 0]);
  });

  it('starts over until its home is taken over', async () => {
    const us = await region(silent, { cut: true });
    const [eu, ap] = [
      await region((response, ...rest) => (rest[1] < 4 ? fail(503)(response, ...rest) : accept(response, ...rest))),
      await region(fail(503)),
    ];
    expect(await clientOf([us, eu, ap]).submit(task)).toEqual(accepted);
    const keys = [...us.requests, ...eu.requests, ...ap.requests].map(({ key }) => key);
    expect(new Set(keys).size).toBe(1);
    expect(us.requests).toHaveLength(1);
  });

  it('fails when the patience is over', async () => {
    const [us, eu] = [await refused(), await region(fail(503))];
    const failed: unknown = await clientOf([us, eu], { patienceMs: 50 })
      .submit(task)
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(FleetError);
    // Each region with its reason, also the one that is down and was not asked again.
    expect(failed).toMatchObject({
      status: expect.any(Number) as number,
      message: expect.stringMatching(
        /^No region served the request\. us: No valid response .* eu: Not here\.$/s,
      ) as string,
    });
  });
});

describe('a task of a session', () => {
  it.each([
    ['eu.talk', 1],
    ['ap.talk', 2],
    ['talk', 0],
  ])('%s has a key of the region of its session, whichever is nearest', async (sessionId, home) => {
    const us = await region((response) => sendJson(response, 202, accepted));
    const fleet = clientOf([us, await region(fail(503)), await region(fail(503))]);
    await fleet.submit({ ...task, sessionId });
    expect(us.requests.map(({ key }) => homeOfKey(key ?? '', 9, NAMES))).toEqual([home]);
  });
});

describe('a wait that regions ask for', () => {
  it('is kept, the longest of them', async () => {
    const us = await region(fail(503, 'unavailable', { 'retry-after': '1' }));
    const eu = await region(fail(500));
    const { ms } = await timed(
      clientOf([us, eu], { patienceMs: 1_700 })
        .submit(task)
        .catch(() => undefined),
    );
    expect(ms).toBeLessThan(1_700);
    expect(us.requests.length + eu.requests.length).toBeLessThanOrEqual(4);
  });
});

describe('a region that is down', () => {
  it('gets no further requests, and its waiting ones go elsewhere at once', async () => {
    const [us, eu] = [await region(silent, { cut: true }), await region(accept)];
    const fleet = clientOf([us, eu]);
    const { ms } = await timed(Promise.all([fleet.submit(task), fleet.submit(task), fleet.submit(task)]));
    expect(ms).toBeLessThan(A_SECOND);
    await fleet.submit(task);
    expect(us.requests).toHaveLength(3);
    expect(eu.requests.at(-1)?.key).toMatch(/^eu\./);
  });

  it('is used again after it has answered, by one new key at first, then by twice as many', async () => {
    const { us, heal } = await cutRegion();
    const fleet = clientOf([us, await region(accept)]);
    const submits = (count: number) => Promise.all(Array.from({ length: count }, () => fleet.submit(task)));
    expect(await fleet.submit(task)).toEqual(accepted);
    heal();
    await expect.poll(async () => (await fleet.submit(task)).id).toBe('task-of-us');
    const ofUs = (results: readonly { id: string }[]) => results.filter(({ id }) => id === 'task-of-us').length;
    expect(ofUs(await submits(5))).toBe(2);
    expect(ofUs(await submits(20))).toBe(8);
    expect(ofUs(await submits(100))).toBe(100);
  });

  it('is only busy if it has answered anything since it was asked', async () => {
    const us = await region(accept, { cut: true });
    const eu = await region(accept);
    const fleet = clientOf([us, eu]);
    const until = performance.now() + 1_500;
    // No question is answered in time, but other requests are.
    while (performance.now() < until) await fleet.submit(task);
    expect(eu.requests).toHaveLength(0);
  });

  it('that answers and cannot serve its own home gets no new keys for a while', async () => {
    const [us, eu] = [await region(fail(503)), await region(accept)];
    const fleet = clientOf([us, eu]);
    await fleet.submit(task);
    await fleet.submit(task);
    expect(us.requests).toHaveLength(1);
    expect(eu.requests.map(({ key }) => key?.slice(0, 3))).toEqual(['us.', 'eu.']);
  });
});

describe('waiting', () => {
  it('goes on elsewhere when its region dies in the middle of a long poll', async () => {
    const polled = Promise.withResolvers<void>();
    const us = await region(() => polled.resolve());
    const eu = await region((response) => sendJson(response, 200, ended));
    const waiting = clientOf([us, eu]).wait('eu.task-1');
    await polled.promise;
    us.die();
    const { result, ms } = await timed(waiting);
    expect(result).toEqual(ended);
    expect(ms).toBeLessThan(A_SECOND);
    expect(eu.requests[0]?.path).toBe('/v1/tasks/eu.task-1?wait=20');
  });

  it('goes on elsewhere when its response breaks off', async () => {
    const us = await region((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
      setImmediate(() => response.destroy());
    });
    const eu = await region((response) => sendJson(response, 200, ended));
    expect(await clientOf([us, eu]).wait('eu.task-1')).toEqual(ended);
  });

  it('finds a task that the near region does not know yet', async () => {
    const [us, eu] = [await region(fail(404, 'not-found')), await region((response) => sendJson(response, 200, ended))];
    const fleet = clientOf([us, eu]);
    expect(await fleet.get('eu.task-1')).toEqual(ended);
    expect(await fleet.wait('eu.task-1')).toEqual(ended);
  });

  it('finds a task whose home is back after an outage, though another region does not know it', async () => {
    const us = await region(fail(404, 'not-found'));
    const eu = await region((response, ...rest) =>
      rest[1] < 4 ? fail(503)(response, ...rest) : sendJson(response, 200, ended),
    );
    expect(await clientOf([us, eu]).get('eu.task-1')).toEqual(ended);
    expect(eu.requests).toHaveLength(4);
  });

  it('fails for a task that its home does not know, whatever the others say', async () => {
    const [us, eu, ap] = [
      await region(fail(404, 'not-found')),
      await region(fail(404, 'not-found')),
      await region(fail(503)),
    ];
    await expect(clientOf([us, eu, ap]).get('eu.task-1')).rejects.toMatchObject({ status: 404 });
  });
});

describe('a task that only a dead region can have', () => {
  it('is asked for until the region is back', async () => {
    const us = await region(fail(404, 'not-found'));
    const eu = await region(silent, { cut: true });
    const waiting = clientOf([us, eu], { patienceMs: 1_500 }).get('eu.task-1');
    await expect(waiting).rejects.toMatchObject({ kind: 'no-answer' });
    expect(us.requests.length).toBeGreaterThan(1);
    expect(eu.requests).toHaveLength(1);
  });
});

/** Accepts each task of a batch, and has every task ended. */
const acceptBatch: Serve = (response, { path, body }) =>
  path === '/v1/tasks/batch'
    ? sendJson(response, 200, {
        items: (JSON.parse(body) as { tasks: object[] }).tasks.map(() => ({ status: 202, task: accepted })),
      })
    : sendJson(response, 200, { ended: [ended], pending: [], problems: [] });

describe('dispatch', () => {
  it('makes keys of a region that answers', async () => {
    const [us, eu] = [await region(silent, { cut: true }), await region(acceptBatch)];
    const outcomes = await clientOf([us, eu]).dispatch([task, task]);
    expect(outcomes).toMatchObject([{ ended: true }, { ended: true }]);
    const { tasks } = JSON.parse(eu.requests[0]?.body ?? '') as { tasks: { idempotencyKey: string }[] };
    expect(tasks.map(({ idempotencyKey }) => homeOfKey(idempotencyKey, 0, NAMES))).toEqual([1, 1]);
    expect(us.requests).toEqual([]);
  });

  it('gives a region that could not accept a batch no new keys for a while', async () => {
    const [us, eu] = [await region(fail(503)), await region(acceptBatch)];
    const fleet = clientOf([us, eu]);
    await fleet.dispatch([task]);
    await fleet.dispatch([task]);
    const keys = eu.requests.flatMap(({ path, body }) =>
      path === '/v1/tasks/batch' ? (JSON.parse(body) as { tasks: { idempotencyKey: string }[] }).tasks : [],
    );
    expect(keys.map(({ idempotencyKey }) => idempotencyKey.slice(0, 3))).toEqual(['us.', 'eu.']);
    expect(us.requests.filter(({ path }) => path === '/v1/tasks/batch')).toHaveLength(1);
  });
});

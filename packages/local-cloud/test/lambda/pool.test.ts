import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Capacity, environmentsIn } from '../../src/lambda/capacity.ts';
import type { Environment } from '../../src/lambda/environment.ts';
import { LambdaFunction } from '../../src/lambda/function.ts';
import type { FunctionHost } from '../../src/lambda/pool.ts';
import type { FunctionError, Invocation, Outcome } from '../../src/lambda/protocol.ts';

/** An environment under control of the test, which decides when it is ready and how its events end. */
interface Driven extends Environment {
  becomeReady(error?: FunctionError): void;
  readonly running: Invocation | undefined;
  finish(outcome?: Outcome): void;
}

function driven(id: string): Driven {
  const ready = Promise.withResolvers<FunctionError | undefined>();
  const gone = Promise.withResolvers<void>();
  let running: { readonly invocation: Invocation; readonly settle: (outcome: Outcome) => void } | undefined;
  return {
    id,
    ready: ready.promise,
    gone: gone.promise,
    becomeReady: (error) => ready.resolve(error),
    get running() {
      return running?.invocation;
    },
    invoke: (invocation) =>
      new Promise((settle) => {
        running = { invocation, settle };
      }),
    finish: (outcome = { kind: 'success', payload: '"done"' }) => {
      running?.settle(outcome);
      running = undefined;
      if (outcome.kind === 'crash' || outcome.kind === 'timeout') gone.resolve();
    },
    stop: async () => {
      ready.resolve({
        errorType: 'Runtime.ExitError',
        errorMessage: 'Error: Runtime exited with error: exit status 1',
      });
      gone.resolve();
    },
  };
}

function rig(limits: ConstructorParameters<typeof Capacity>[0] = {}, isShared = false) {
  const environments: Driven[] = [];
  const reported: string[] = [];
  const host: FunctionHost = {
    capacity: new Capacity({ maxStarting: 100, ...limits }),
    isShared,
    onEvent: ({ code }) => void reported.push(code),
    measure: () => {},
    openLog: () => ({
      stream: () => ({ name: '', requestId: '', write: () => {}, end: () => {} }),
      close: async () => {},
    }),
    startEnvironment: () => {
      const environment = driven(String(environments.length));
      environments.push(environment);
      return environment;
    },
  };
  const fn = (functionName: string) =>
    new LambdaFunction(
      {
        functionName,
        arn: `arn:${functionName}`,
        roleArn: 'role',
        runtime: 'nodejs24.x',
        description: '',
        taskRoot: '/',
        handler: 'index.handler',
        memoryMb: 128,
        timeoutSeconds: 3,
        reservedConcurrency: undefined,
        variables: {},
        configuredVariables: {},
        logGroup: 'group',
        logFormat: 'Text',
      },
      host,
    );
  const at = (index: number): Driven => {
    const environment = environments[index];
    if (environment === undefined) throw new Error(`Only ${environments.length} environments were started.`);
    return environment;
  };
  return { environments, reported, fn, at };
}

test('2: the first free environment runs the event that has waited longest', async () => {
  const { fn, at, environments } = rig();
  const worker = fn('worker');
  const first = worker.invoke('1');
  const second = worker.invoke('2');
  expect(environments).toHaveLength(2);
  at(1).becomeReady();
  await turn();
  expect(at(1).running?.payload).toBe('1');
  at(1).finish();
  await first;
  await turn();
  // The other environment is still starting, so the one that just became free is earlier.
  expect(at(1).running?.payload).toBe('2');
  at(1).finish();
  await second;
});

test('4: the most recently used environment is used next, and the others are stopped', async () => {
  const { fn, at } = rig();
  const worker = fn('worker');
  const both = [worker.invoke('1'), worker.invoke('2')];
  for (const index of [0, 1]) at(index).becomeReady();
  await turn();
  at(0).finish();
  at(1).finish();
  await Promise.all(both);
  const third = worker.invoke('3');
  expect(at(1).running?.payload).toBe('3');
  worker.pool.reclaim(Date.now());
  await at(0).gone;
  at(1).finish();
  await third;
});

test('3: a handler that cannot be loaded fails one event, and a crash fails only its own event', async () => {
  const { fn, at, environments } = rig();
  const worker = fn('worker');
  const unloadable = worker.invoke('1');
  at(0).becomeReady({ errorType: 'Runtime.ImportModuleError', errorMessage: 'no module' });
  expect(await unloadable).toMatchObject({ failed: true, payload: expect.stringContaining('no module') });
  const crashing = worker.invoke('2');
  await turn();
  at(1).becomeReady();
  await turn();
  at(1).finish({ kind: 'crash', error: { errorType: 'Runtime.ExitError', errorMessage: 'exit status 1' } });
  expect(await crashing).toMatchObject({ failed: true, payload: expect.stringContaining('exit status 1') });
  const next = worker.invoke('3');
  await turn();
  expect(environments).toHaveLength(3);
  at(2).becomeReady();
  await turn();
  at(2).finish();
  expect(await next).toMatchObject({ failed: false });
});

test('provisioned environments start at once and are never stopped when idle', async () => {
  const { fn, at, environments } = rig();
  const worker = fn('worker');
  worker.pool.keepWarm(2);
  expect(environments).toHaveLength(2);
  for (const index of [0, 1]) at(index).becomeReady();
  await turn();
  worker.pool.reclaim(Infinity);
  const events = [worker.invoke('1'), worker.invoke('2')];
  expect(new Set([at(0).running?.payload, at(1).running?.payload])).toEqual(new Set(['1', '2']));
  for (const index of [0, 1]) at(index).finish();
  await Promise.all(events);
  expect(environments).toHaveLength(2);
});

test('events wait when the machine is full, and idle environments of other functions make room', async () => {
  const { fn, at, environments } = rig({ maxEnvironments: 1 });
  const [quiet, busy] = [fn('quiet'), fn('busy')];
  const before = quiet.invoke('q');
  at(0).becomeReady();
  await turn();
  const waiting = busy.invoke('b');
  expect(environments).toHaveLength(1);
  at(0).finish();
  await before;
  await turn();
  expect(environments).toHaveLength(2);
  at(1).becomeReady();
  await turn();
  expect(at(1).running?.payload).toBe('b');
  at(1).finish();
  await waiting;
  // The reverse: the environment of the busy function is idle when the quiet function needs one.
  const again = quiet.invoke('q');
  await turn();
  at(2).becomeReady();
  await turn();
  at(2).finish();
  await again;
});

test('the account runs at most 1,000 events at once', async () => {
  const { fn, at } = rig({ accountLimit: 1 });
  const [one, other] = [fn('one'), fn('other')];
  const running = one.invoke('1');
  await expect(other.invoke('2')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  at(0).becomeReady();
  await turn();
  at(0).finish();
  await running;
});

test('an environment that is still starting when the cloud closes is no handler that cannot be loaded', async () => {
  const { fn, at, reported, environments } = rig();
  const worker = fn('worker');
  const events = [worker.invoke('1'), worker.invoke('2')];
  at(0).becomeReady();
  for (const event of events) {
    await turn();
    at(0).finish();
    await event;
  }
  expect(environments).toHaveLength(2);
  await worker.close();
  await turn();
  expect(reported).toEqual(['lambda.cold-start']);
});

test("environments take at most 64 MB of 60% of a cloud's memory each, between 8 and 1,000", () => {
  const gib = 2 ** 30;
  expect(environmentsIn(24 * gib)).toBe(230);
  // Three regions on this machine have a third each.
  expect(environmentsIn((24 * gib) / 3)).toBe(76);
  expect(environmentsIn(0.5 * gib)).toBe(8);
  expect(environmentsIn(500 * gib)).toBe(1_000);
});

function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

test('5: an event waits a moment for a busy environment, then gets one of its own', async () => {
  stopTime();
  const { fn, at, environments } = rig();
  const worker = fn('worker');
  const first = worker.invoke('1');
  at(0).becomeReady();
  await turn();
  const second = worker.invoke('2');
  vi.advanceTimersByTime(20);
  at(0).finish();
  await first;
  await turn();
  expect(at(0).running?.payload).toBe('2');
  const third = worker.invoke('3');
  vi.advanceTimersByTime(29);
  expect(environments).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(environments).toHaveLength(2);
  at(1).becomeReady();
  await turn();
  expect(at(1).running?.payload).toBe('3');
  at(0).finish();
  at(1).finish();
  await Promise.all([second, third]);
});

test('5: where clouds share a machine, each environment in use doubles how long an event waits for one', async () => {
  stopTime();
  const { fn, at, environments } = rig({}, true);
  const worker = fn('worker');
  const all = ['1', '2', '3', '4'].map((payload) => worker.invoke(payload));
  // Also while the first one starts: it will take more than one event.
  expect(environments).toHaveLength(1);
  for (const [waitMs, count] of [
    [29, 1],
    [1, 2],
    [29, 2],
    [1, 3],
    [59, 3],
    [1, 4],
  ] as const) {
    vi.advanceTimersByTime(waitMs);
    expect(environments).toHaveLength(count);
  }
  for (const index of [0, 1, 2, 3]) at(index).becomeReady();
  await turn();
  for (const index of [0, 1, 2, 3]) at(index).finish();
  await Promise.all(all);
});

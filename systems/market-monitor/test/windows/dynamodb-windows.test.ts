import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbWindows } from '../../windows/dynamodb-windows.ts';
import type { Signal } from '../../windows/signal.ts';
import { MAX_SIGNALS, type WindowRef } from '../../windows/window.ts';
import { signal } from './signals.ts';

describe('windows in DynamoDB', () => {
  const at = stateTable();
  const ids = (found: Awaited<ReturnType<ReturnType<typeof dynamodbWindows>['close']>>) =>
    found?.window.signals.map(({ id }) => id);

  const make = () => {
    const windows = dynamodbWindows(at());
    const add = async (agent: string, one: Signal, now: number): Promise<WindowRef> => {
      const [ref] = await windows.add(agent, [one], now);
      if (ref === undefined) throw new Error('no window');
      return ref;
    };
    return { windows, add };
  };

  /** Windows of a router, where something else happens just before its write of the newest window with this number. */
  const meddled = (write: number, meddle: () => Promise<unknown>) => {
    const { client, table } = at();
    let writes = 0;
    const send = async (command: PutItemCommand): Promise<unknown> => {
      const isNewest = command instanceof PutItemCommand && command.input.Item?.['sk']?.S === 'NEWEST';
      if (isNewest && ++writes === write) await meddle();
      return client.send(command);
    };
    return dynamodbWindows({ client: { send } as unknown as typeof client, table });
  };

  it('W1 gathers signals in one window until it is closed, each once', async () => {
    const { windows, add } = make();
    const first = await add('w1', signal('a'), 0);
    expect(await add('w1', signal('b'), 1)).toEqual(first);
    expect(await add('w1', signal('a'), 2)).toEqual(first);
    expect(ids(await windows.close(first))).toEqual(['a', 'b']);
  });

  it('W2 reads the same after a crash, whatever came meanwhile, and says that newer signals did', async () => {
    const { windows, add } = make();
    const first = await add('w2', signal('a'), 0);
    expect(await windows.close(first)).toMatchObject({ isOvertaken: false });
    expect(await windows.close(first)).toMatchObject({ isOvertaken: false });
    const second = await add('w2', signal('b'), 1);
    expect(second).toEqual({ ...first, number: 2 });
    expect(await add('w2', signal('a'), 2)).toEqual(first);
    const again = await windows.close(first);
    expect([ids(again), again?.isOvertaken]).toEqual([['a'], true]);
    expect(ids(await windows.close(second))).toEqual(['b']);
  });

  it('W3 begins the next window when one is full', async () => {
    const { add } = make();
    const refs = [];
    for (let each = 0; each <= MAX_SIGNALS; each++) refs.push(await add('w3', signal(`s${each}`), each));
    expect(refs.map(({ number }) => number)).toEqual([...Array<number>(MAX_SIGNALS).fill(1), MAX_SIGNALS]);
  });

  it('W1 W3 takes many signals at once, as one after the other, and the text of their event once a window', async () => {
    const { windows } = make();
    const { event } = signal('event');
    const many = Array.from({ length: 2 * MAX_SIGNALS + 1 }, (_, each) =>
      signal(`m${each}`, { event, text: each === 0 ? 'Words.' : '' }),
    );
    const [first, ...others] = many as [Signal, ...Signal[]];
    const refs = await windows.add('w6', [first, ...others], 100);
    const numbers = [...new Set(refs.map(({ number }) => number))];
    expect(numbers).toEqual([100, 101, 102]);
    expect(await windows.add('w6', [first, ...others], 200)).toEqual(refs);
    const closed = await Promise.all(numbers.map((number) => windows.close({ ...(refs[0] as WindowRef), number })));
    expect(closed.flatMap((each) => ids(each) ?? [])).toEqual(many.map(({ id }) => id));
    const texts = closed.map((each) => each?.window.signals.map(({ text }) => text).filter((text) => text !== ''));
    expect(texts).toEqual([['Words.'], ['Words.'], ['Words.']]);
  });

  it('tells each of many portfolios: only a window whose alerts the newest one tells is overtaken', async () => {
    const { windows } = make();
    const { event } = signal('event');
    const many = Array.from({ length: 25 }, (_, each) => signal(`p${each}`, { event, portfolio: `p${each}` }));
    const [first, ...others] = many as [Signal, ...Signal[]];
    const refs = await windows.add('w8', [first, ...others], 100);
    const closed = await Promise.all(
      [100, 101, 102].map((number) => windows.close({ ...(refs[0] as WindowRef), number })),
    );
    expect(closed.map((each) => each?.window.signals.length)).toEqual([MAX_SIGNALS, MAX_SIGNALS, 1]);
    expect(closed.map((each) => each?.isOvertaken)).toEqual([false, false, false]);
  });

  it('W2 keeps what a task has read if a worker closes a window that a router is filling', async () => {
    const { windows, add } = make();
    const first = await add('w9', signal('a'), 990);
    // The task of the window begins after the router has read it, and before it writes.
    let read: ReturnType<typeof windows.close> | undefined;
    const router = meddled(1, () => (read = windows.close(first)));
    const batch = Array.from({ length: 2 * MAX_SIGNALS }, (_, each) => signal(`b${each}`));
    const [one, ...others] = batch as [Signal, ...Signal[]];
    const refs = await router.add('w9', [one, ...others], 1_000);
    expect(refs.map(({ number }) => number)).toEqual([
      ...Array<number>(MAX_SIGNALS).fill(1_000),
      ...Array<number>(MAX_SIGNALS).fill(1_001),
    ]);
    expect(ids((await read) ?? null)).toEqual(['a']);
    expect(ids(await windows.close(first))).toEqual(['a']);
  });

  it('has the text of an event in each window, also in one that another router began', async () => {
    const { windows, add } = make();
    const router = meddled(2, () => add('w11', signal('other'), 0));
    const { event } = signal('event');
    const many = Array.from({ length: MAX_SIGNALS + 2 }, (_, each) =>
      signal(`t${each}`, { event, text: each === 0 ? 'Words.' : '' }),
    );
    const [first, ...others] = many as [Signal, ...Signal[]];
    const refs = await router.add('w11', [first, ...others], 100);
    const closed = await windows.close(refs.at(-1) as WindowRef);
    expect(closed?.window.signals.map(({ id, text }) => [id, text])).toEqual([
      ['other', ''],
      ['t12', 'Words.'],
      ['t13', ''],
    ]);
  });

  it('W1 W2 each window has what its task read, and all have each signal once, when batches compete', async () => {
    const { windows, add } = make();
    const first = await add('w10', signal('first'), 1);
    const batches = Array.from({ length: 4 }, (_, router) =>
      Array.from({ length: 20 }, (_, each) => signal(`r${router}-${each}`)),
    );
    const adding = batches.map(async ([one, ...others]) => windows.add('w10', [one as Signal, ...others], 1));
    const [read, ...refs] = await Promise.all([windows.close(first), ...adding]);
    expect(ids(await windows.close(first))).toEqual(ids(read));
    const numbers = new Set([1, ...refs.flat().map(({ number }) => number)]);
    const closed = await Promise.all([...numbers].map(async (number) => windows.close({ ...first, number })));
    const all = ['first', ...batches.flat().map(({ id }) => id)];
    expect(closed.flatMap((each) => ids(each) ?? []).toSorted()).toEqual(all.toSorted());
  });

  it('W4 uses no number again after the windows of a subject have expired', async () => {
    const { add } = make();
    const before = await add('w7', signal('a'), 1_000);
    const item = { pk: { S: 'WINDOW#w7#cik:0000320193' }, sk: { S: 'NEWEST' } };
    await at().client.send(new DeleteItemCommand({ TableName: at().table, Key: item }));
    const after = await add('w7', signal('b'), 9 * 86_400_000);
    expect(after.number).toBeGreaterThan(before.number);
    // Also if the clock was set back meanwhile: an open chain goes on.
    expect((await add('w7', signal('c'), 5)).number).toBe(after.number);
  });

  it('W1 loses no signal when routers and a worker compete', async () => {
    const { windows, add } = make();
    const all = Array.from({ length: 8 }, (_, each) => signal(`c${each}`));
    const first = await add('w4', signal('first'), 0);
    const [closed, ...refs] = await Promise.all([windows.close(first), ...all.map(async (each) => add('w4', each, 1))]);
    const last = Math.max(...refs.map(({ number }) => number));
    const others = await Promise.all(
      Array.from({ length: last - 1 }, async (_, at) => windows.close({ ...first, number: at + 2 })),
    );
    const found = [closed, ...others].flatMap((each) => ids(each) ?? []);
    expect(found.toSorted()).toEqual(['first', ...all.map(({ id }) => id)].toSorted());
  });

  it('has no window that was never opened', async () => {
    const { windows, add } = make();
    expect(await windows.close({ agent: 'w5', subject: 'cik:0000000001', number: 1 })).toBeNull();
    const first = await add('w5', signal('a'), 0);
    expect(await windows.close({ ...first, number: 2 })).toBeNull();
  });
});

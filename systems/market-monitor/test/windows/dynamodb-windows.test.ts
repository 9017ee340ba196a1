import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbWindows } from '../../windows/dynamodb-windows.ts';
import { MAX_SIGNALS } from '../../windows/window.ts';
import { signal } from './signals.ts';

describe('windows in DynamoDB', () => {
  const at = stateTable();
  const ids = (found: Awaited<ReturnType<ReturnType<typeof dynamodbWindows>['close']>>) =>
    found?.window.signals.map(({ id }) => id);

  it('W1 gathers signals in one window until it is closed, each once', async () => {
    const windows = dynamodbWindows(at());
    const first = await windows.add('w1', signal('a'), 0);
    expect(await windows.add('w1', signal('b'), 1)).toEqual(first);
    expect(await windows.add('w1', signal('a'), 2)).toEqual(first);
    expect(ids(await windows.close(first))).toEqual(['a', 'b']);
  });

  it('W2 reads the same after a crash, whatever came meanwhile, and says that newer signals did', async () => {
    const windows = dynamodbWindows(at());
    const first = await windows.add('w2', signal('a'), 0);
    expect(await windows.close(first)).toMatchObject({ isOvertaken: false });
    expect(await windows.close(first)).toMatchObject({ isOvertaken: false });
    const second = await windows.add('w2', signal('b'), 1);
    expect(second).toEqual({ ...first, number: 2 });
    expect(await windows.add('w2', signal('a'), 2)).toEqual(first);
    const again = await windows.close(first);
    expect([ids(again), again?.isOvertaken]).toEqual([['a'], true]);
    expect(ids(await windows.close(second))).toEqual(['b']);
  });

  it('W3 begins the next window when one is full', async () => {
    const windows = dynamodbWindows(at());
    const refs = [];
    for (let each = 0; each <= MAX_SIGNALS; each++) refs.push(await windows.add('w3', signal(`s${each}`), each));
    expect(refs.map(({ number }) => number)).toEqual([...Array<number>(MAX_SIGNALS).fill(1), 2]);
  });

  it('W1 loses no signal when routers and a worker compete', async () => {
    const windows = dynamodbWindows(at());
    const all = Array.from({ length: 8 }, (_, each) => signal(`c${each}`));
    const first = await windows.add('w4', signal('first'), 0);
    const [closed, ...refs] = await Promise.all([
      windows.close(first),
      ...all.map(async (each) => windows.add('w4', each, 1)),
    ]);
    const last = Math.max(...refs.map(({ number }) => number));
    const others = await Promise.all(
      Array.from({ length: last - 1 }, async (_, at) => windows.close({ ...first, number: at + 2 })),
    );
    const found = [closed, ...others].flatMap((each) => ids(each) ?? []);
    expect(found.toSorted()).toEqual(['first', ...all.map(({ id }) => id)].toSorted());
  });

  it('has no window that was never opened', async () => {
    const windows = dynamodbWindows(at());
    expect(await windows.close({ agent: 'w5', subject: 'cik:0000000001', number: 1 })).toBeNull();
    const first = await windows.add('w5', signal('a'), 0);
    expect(await windows.close({ ...first, number: 2 })).toBeNull();
  });
});

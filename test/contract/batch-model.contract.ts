import { describe, expect, it } from 'vitest';
import { isFree, type Failure } from '#core/failures/failure.ts';
import type { BatchEntry, BatchModel, BatchResult, BatchStatus } from '#core/ports/batch-model.ts';
import { ANSWER, sampleRequest } from './model.contract.ts';

/** What happens to the first creation. */
export type Fate = '429' | '500' | 'disconnect' | 'cut';

export interface BatchModelUnderTest {
  readonly model: BatchModel;
  /** Resolves when the batch has ended. */
  readonly ended: (id: string) => Promise<unknown>;
}

const { timeoutMs: _ms, stepId: _id, ...request } = sampleRequest();
const entry = (customId: string, model = request.model): BatchEntry => ({ customId, request: { ...request, model } });
/** A model that does not exist. */
export const UNKNOWN_MODEL = 'claude-nobody';

/** The contract of every batch model. @param open opens a model whose first creation ends like this; with `held` its batches do not end on their own */
export function batchModelContract(
  open: (options: { readonly fate?: Fate; readonly held?: boolean }) => Promise<BatchModelUnderTest>,
): void {
  const resultsOf = async (model: BatchModel, id: string): Promise<Map<string, BatchResult>> => {
    const results = new Map<string, BatchResult>();
    for await (const result of model.results(id)) results.set(result.customId, result);
    return results;
  };
  const listed = async (model: BatchModel): Promise<BatchStatus[]> => {
    const all: BatchStatus[] = [];
    for await (const status of model.list()) all.push(status);
    return all;
  };

  it('returns a result per custom id, and the reason for an invalid entry', async () => {
    const { model, ended } = await open({});
    const made = await model.create([entry('task-1_0'), entry('task-2_0', UNKNOWN_MODEL)]);
    expect(made).toMatchObject({ status: 'in-progress', entries: 2, createdAt: expect.any(Number) as number });
    await ended(made.id);
    expect(await model.get(made.id)).toMatchObject({ id: made.id, status: 'ended', entries: 2 });
    const results = await resultsOf(model, made.id);
    expect([...results.keys()].toSorted()).toEqual(['task-1_0', 'task-2_0']);
    const good = results.get('task-1_0');
    if (good?.kind !== 'succeeded') throw new Error(`task-1_0 ${good?.kind}`);
    const text = good.answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    expect(JSON.parse(text)).toEqual(ANSWER);
    expect(good.answer.usage.output).toBeGreaterThan(0);
    expect(good.answer.requestId).not.toBe('');
    expect(results.get('task-2_0')).toMatchObject({ kind: 'failed', failure: { kind: 'permanent', notBilled: true } });
  });

  it('lists its batches, newest first', async () => {
    const { model } = await open({ held: true });
    const first = await model.create([entry('a')]);
    const second = await model.create([entry('b')]);
    const ids = (await listed(model)).map(({ id }) => id);
    expect(ids.indexOf(second.id)).toBe(0);
    expect(ids.indexOf(first.id)).toBe(1);
    expect(await model.get('msgbatch_none')).toBeNull();
  });

  it('cancels unanswered entries, and does not change an ended batch', async () => {
    const { model, ended } = await open({ held: true });
    const { id } = await model.create([entry('a')]);
    await model.cancel(id);
    await ended(id);
    expect((await resultsOf(model, id)).get('a')).toEqual({ customId: 'a', kind: 'cancelled' });
    await expect(model.cancel(id)).resolves.toBeUndefined();
  });

  describe('a creation that fails', () => {
    const failed = async (fate: Fate): Promise<{ failure: Failure; batches: number }> => {
      const { model } = await open({ fate, held: true });
      const error: unknown = await model.create([entry('a')]).catch((thrown: unknown) => thrown);
      return { failure: (error as { failure: Failure }).failure, batches: (await listed(model)).length };
    };

    it('I5: because of throttling reports the requested delay and creates no batch', async () => {
      expect(await failed('429')).toEqual({
        failure: expect.objectContaining({ kind: 'throttled', retryAfterMs: 1_000 }) as Failure,
        batches: 0,
      });
    });

    it('is transient after a server error or a broken connection, and the list shows whether the batch exists', async () => {
      expect(await failed('500')).toMatchObject({ failure: { kind: 'transient' }, batches: 0 });
      expect(await failed('disconnect')).toMatchObject({ failure: { kind: 'transient' }, batches: 1 });
    });

    it.each(['disconnect', 'cut'] as const)('I4: by %s may have created the batch, so it is not free', async (fate) => {
      const { failure, batches } = await failed(fate);
      expect(isFree(failure)).toBe(false);
      expect(batches).toBe(1);
    });
  });
}

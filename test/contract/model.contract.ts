import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isFree, type Failure } from '#core/failures/failure.ts';
import type { Model, ModelRequest } from '#core/ports/model.ts';

/** What happens to a call. */
export type Fate = '429' | '529' | '500' | 'disconnect' | 'cut';

/** A request that every model under test answers with `ANSWER`, or, when it has tools, by calling the first one. */
export const sampleRequest = (change: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'claude-haiku-5-5',
  system: 'You read contracts and answer in JSON.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What is its title?' }] }],
  tools: [],
  outputSchema: z.toJSONSchema(z.object({ title: z.string().min(1).max(200), pages: z.int().min(1) })),
  maxTokens: 1_024,
  timeoutMs: 20_000,
  stepId: 'contract-analyst-1/0',
  ...change,
});

export const ANSWER = { title: 'Mutual NDA', pages: 3 };

export const LOOKUP = {
  name: 'lookup',
  description: 'Looks up a company.',
  inputSchema: z.toJSONSchema(z.object({ company: z.string() })),
};
export const LOOKUP_INPUT = { company: 'Acme' };

export interface ModelUnderTest {
  readonly model: Model;
  /** Number of calls that reached the provider. */
  readonly calls: () => Promise<number>;
}

/**
 * The contract of every model.
 * @param open opens a model whose first calls end like this
 * @param namesDelay whether a rate limit says how long to wait
 */
export function modelContract(
  open: (fates?: readonly Fate[]) => Promise<ModelUnderTest>,
  { namesDelay = true }: { readonly namesDelay?: boolean } = {},
): void {
  it('returns one JSON value, its usage, and the model that answered', async () => {
    const { model } = await open();
    const answer = await model.invoke(sampleRequest());
    expect(answer).toMatchObject({ stopReason: 'end', model: expect.stringMatching(/^claude-haiku-5-5/) as string });
    const said = answer.content.filter((part) => part.type !== 'thinking');
    expect(said.map((part) => part.type)).toEqual(['text']);
    expect(JSON.parse(said.map((part) => (part.type === 'text' ? part.text : '')).join(''))).toEqual(ANSWER);
    expect(answer.requestId).not.toBe('');
    expect(answer.usage.input + answer.usage.cacheRead + answer.usage.cacheWrite).toBeGreaterThan(0);
    expect(answer.usage.output).toBeGreaterThan(0);
  });

  it('calls a tool, and continues with its result', async () => {
    const { model } = await open();
    const request = sampleRequest({ tools: [LOOKUP] });
    const asked = await model.invoke(request);
    expect(asked.stopReason).toBe('tool-use');
    const use = asked.content.find((part) => part.type === 'tool-use');
    expect(use).toMatchObject({ name: 'lookup', input: LOOKUP_INPUT });
    const result = { type: 'tool-result', toolUseId: use?.id ?? '', content: 'Acme Corp.', isError: false } as const;
    const messages = [
      ...request.messages,
      { role: 'assistant', content: asked.content } as const,
      { role: 'user', content: [result] } as const,
    ];
    expect((await model.invoke({ ...request, messages })).stopReason).toBe('end');
  });

  it('counts the tokens of a request', async () => {
    const { model } = await open();
    expect(await model.countTokens(sampleRequest())).toBeGreaterThan(10);
  });

  describe('I4: fails after one call, with the kind of the failure', () => {
    const failed = async (fate: Fate, maxTokens = 1_024): Promise<Failure> => {
      const { model, calls } = await open([fate]);
      const error: unknown = await model.invoke(sampleRequest({ maxTokens })).catch((thrown: unknown) => thrown);
      expect(await calls()).toBe(1);
      return (error as { failure: Failure }).failure;
    };

    it('I5: throttled by a rate limit, with the requested delay', async () => {
      const { kind, retryAfterMs } = await failed('429');
      expect([kind, retryAfterMs]).toEqual(['throttled', namesDelay ? 1_000 : undefined]);
    });

    it('I5: throttled by an overload', async () => {
      expect(await failed('529')).toMatchObject({ kind: 'throttled' });
    });

    it('transient after a server error or a broken connection', async () => {
      expect(await failed('500')).toMatchObject({ kind: 'transient' });
      expect(await failed('disconnect')).toMatchObject({ kind: 'transient' });
    });

    it('free if the provider rejected it', async () => {
      for (const fate of ['429', '529'] as const) expect(isFree(await failed(fate))).toBe(true);
    });

    it.each(['500', 'disconnect', 'cut'] as const)('not free after %s, whole or streamed', async (fate) => {
      for (const maxTokens of [1_024, 16_000]) {
        const failure = await failed(fate, maxTokens);
        expect(failure).toMatchObject({ kind: 'transient' });
        expect(isFree(failure)).toBe(false);
      }
    });
  });

  it('rejects with the signal’s reason when the caller aborts', async () => {
    const { model, calls } = await open();
    const reason = new Error('claim lost');
    const signal = AbortSignal.abort(reason);
    await expect(model.invoke(sampleRequest({ signal }))).rejects.toBe(reason);
    await expect(model.countTokens(sampleRequest({ signal }))).rejects.toBe(reason);
    expect(await calls()).toBe(0);
  });
}

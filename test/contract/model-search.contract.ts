import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { unsealSearch } from '#adapters/anthropic/searching.ts';
import type { ModelAnswer } from '#core/ports/model.ts';
import { ANSWER, LOOKUP, sampleRequest, type ModelUnderTest } from './model.contract.ts';

const PAGE = { url: 'http://acme.test/news', title: 'Acme in the news' };

/** A search on this machine that finds one page for everything. It ends with the test file. */
export async function smallSearch(): Promise<string> {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ results: [{ ...PAGE, page_age: null }] }));
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const found = ({ content }: ModelAnswer) => content.flatMap((part) => (part.type === 'search' ? part.found : []));
const said = ({ content }: ModelAnswer) => content.map((part) => (part.type === 'text' ? part.text : '')).join('');

type Open = (script?: readonly 'pause'[]) => Promise<ModelUnderTest>;

/** The contract of every model that can search the web. @param open opens a model whose first calls end like this */
export function searchContract(open: Open): void {
  const searching = sampleRequest({ search: { maxUses: 2 } });

  it('searches: the answer fits the schema, with what was found and how often it was searched', async () => {
    const { model } = await open();
    const answer = await model.invoke(searching);
    expect(answer.stopReason).toBe('end');
    expect(JSON.parse(said(answer))).toEqual(ANSWER);
    expect(found(answer)).toEqual([PAGE]);
    expect(answer.usage.searches).toBe(1);
    expect((await model.invoke(sampleRequest())).usage).not.toHaveProperty('searches');
  });

  it('takes an answer with its searches back, for a repair', async () => {
    const { model } = await open();
    const answer = await model.invoke(searching);
    const messages = [
      ...searching.messages,
      { role: 'assistant', content: answer.content } as const,
      { role: 'user', content: [{ type: 'text', text: 'Answer again.' }] } as const,
    ];
    expect(JSON.parse(said(await model.invoke({ ...searching, messages })))).toEqual(ANSWER);
  });

  it('goes on after a pause, whole or streamed, with what it found before', async () => {
    for (const maxTokens of [1_024, 16_000]) {
      const { model } = await open(['pause']);
      const paused = await model.invoke({ ...searching, maxTokens });
      expect(paused.stopReason).toBe('paused');
      expect(found(paused)).toEqual([PAGE]);
      const messages = [...searching.messages, { role: 'assistant', content: paused.content } as const];
      const answer = await model.invoke({ ...searching, maxTokens, messages });
      expect(answer.stopReason).toBe('end');
      expect(answer.usage).not.toHaveProperty('searches');
    }
  });

  it('counts the tokens of a request that searches, beside tools of its own', async () => {
    const { model } = await open();
    const request = { ...searching, tools: [LOOKUP] };
    expect(await model.countTokens(request)).toBeGreaterThan(await model.countTokens(sampleRequest()));
    expect((await model.invoke(request)).usage.searches).toBe(1);
  });

  it('keeps a search exactly as the provider made it', async () => {
    const { content } = await (await open(['pause'])).model.invoke(searching);
    const blocks = content.flatMap((part) => (part.type === 'search' ? [unsealSearch(part.sealed)] : []));
    expect(blocks).toMatchObject([
      { type: 'server_tool_use', input: { query: 'Acme' }, caller: { type: 'direct' } },
      { type: 'web_search_tool_result', content: [{ ...PAGE, encrypted_content: expect.any(String) as string }] },
    ]);
  });
}

/** The contract of every model that cannot. */
export function noSearchContract(open: Open): void {
  it('refuses to search before it is asked', async () => {
    const { model, calls } = await open();
    const before = await calls();
    const refused = model.invoke(sampleRequest({ search: { maxUses: 1 } }));
    await expect(refused).rejects.toMatchObject({ failure: { kind: 'permanent', notBilled: true } });
    expect(await calls()).toBe(before);
  });
}

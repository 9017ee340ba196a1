import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, rulePath, simulate } from './support.ts';

const TOOL = {
  type: 'web_search_20260318' as const,
  name: 'web_search' as const,
  max_uses: 2,
  allowed_callers: ['direct' as const],
};
const QUESTION = 'Search:\nAcme news\nAcme prices';
const PAGES = ['http://acme.test/1', 'http://news.test/2'];

let server: Server;
let asked: string[] = [];
let url: string;

/** A search that finds two pages for everything. */
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    const results = PAGES.map((page) => ({ url: page, title: `About ${page}`, page_age: null }));
    response.end(JSON.stringify({ results }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const start = (more: Parameters<typeof simulate>[0] = {}) =>
  simulate({ rules: [rulePath('search'), rulePath('echo')], search: { url }, ...more });
const request = (tool: object = TOOL) => ask(QUESTION, { tools: [tool as Anthropic.ToolUnion] });
const said = ({ content }: Anthropic.Message) =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');

describe('web search', () => {
  it('finds pages by the search of this machine, and counts what it asked', async () => {
    asked = [];
    const { client, stats } = await start();
    const message = await client.messages.create(request());
    expect(message.content.map(({ type }) => type)).toEqual([
      'server_tool_use',
      'web_search_tool_result',
      'server_tool_use',
      'web_search_tool_result',
      'text',
    ]);
    expect(said(message)).toBe(`${PAGES.join(' ')}; ${PAGES.join(' ')}`);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.server_tool_use).toEqual({ web_search_requests: 2, web_fetch_requests: 0 });
    expect(asked).toEqual([
      'search.test /search?q=Acme%20news&count=10',
      'search.test /search?q=Acme%20prices&count=10',
    ]);
    expect(await stats()).toMatchObject({ searches: 2 });
  });

  it('bills what it reads again after each search', async () => {
    const { client } = await start();
    const { input_tokens: prompt } = await client.messages.countTokens({
      model: request().model,
      messages: request().messages,
      tools: [TOOL],
    });
    const { usage } = await client.messages.create(request());
    expect(usage.input_tokens).toBeGreaterThan(3 * prompt);
    expect((await client.messages.create(ask('Say it', { tools: [TOOL] }))).usage.server_tool_use).toBeNull();
  });

  it('is streamed like any answer', async () => {
    const { client } = await start();
    const message = await client.messages.stream(request()).finalMessage();
    expect(message.content).toHaveLength(5);
    expect(message.content[0]).toMatchObject({ type: 'server_tool_use', input: { query: 'Acme news' } });
    expect(message.usage.server_tool_use?.web_search_requests).toBe(2);
  });

  it('fails within an answer: no more uses, and nobody who answers', async () => {
    const { client } = await start();
    const one = await client.messages.create(request({ ...TOOL, max_uses: 1 }));
    expect(said(one)).toBe(`${PAGES.join(' ')}; max_uses_exceeded`);
    expect(one.usage.server_tool_use?.web_search_requests).toBe(1);
    const nowhere = await (await start({ search: undefined })).client.messages.create(request());
    expect(said(nowhere)).toBe('unavailable; unavailable');
    expect(nowhere.usage.server_tool_use).toBeNull();
  });

  it('shows only the domains that are asked for', async () => {
    const { client } = await start();
    const only = await client.messages.create(request({ ...TOOL, allowed_domains: ['acme.test'] }));
    expect(said(only)).toBe(`${PAGES[0]}; ${PAGES[0]}`);
    const without = await client.messages.create(request({ ...TOOL, blocked_domains: ['acme.test'] }));
    expect(said(without)).toBe(`${PAGES[1]}; ${PAGES[1]}`);
  });

  it('goes on after a pause with what was found before it', async () => {
    asked = [];
    const { client } = await start({ faults: { script: ['pause'] } });
    const paused = await client.messages.create(request());
    expect(paused.stop_reason).toBe('pause_turn');
    expect(paused.content.map(({ type }) => type)).toEqual(['server_tool_use', 'web_search_tool_result']);
    const messages = [...request().messages, { role: 'assistant' as const, content: paused.content }];
    const message = await client.messages.create({ ...request(), messages });
    expect(said(message)).toBe(`${PAGES.join(' ')}; ${PAGES.join(' ')}`);
    expect(message.usage.server_tool_use?.web_search_requests).toBe(1);
    expect(asked).toHaveLength(2);
  });
});

describe('a request is rejected', () => {
  it.each([
    ['that filters results by code', { ...TOOL, allowed_callers: undefined }, /allowed_callers/],
    ['with both lists of domains', { ...TOOL, allowed_domains: ['a.test'], blocked_domains: ['b.test'] }, /domains/],
    ['without a use', { ...TOOL, max_uses: 0 }, /max_uses/],
  ])('%s', async (_name, tool, message) => {
    const { client } = await start();
    await expect(client.messages.create(request(tool))).rejects.toThrow(message);
  });

  it('whose results were changed, or whose tool is gone', async () => {
    const { client } = await start({ faults: { script: ['pause'] } });
    const { content } = await client.messages.create(request());
    const again = (blocks: unknown, tools = [TOOL]) =>
      client.messages.create({
        ...request(),
        tools,
        messages: [...request().messages, { role: 'assistant', content: blocks as Anthropic.ContentBlockParam[] }],
      });
    const changed = JSON.parse(JSON.stringify(content).replaceAll('acme.test', 'evil.test')) as unknown;
    await expect(again(changed)).rejects.toThrow(/encrypted_content/);
    await expect(again(content, [])).rejects.toThrow(/must define the tool/);
  });
});

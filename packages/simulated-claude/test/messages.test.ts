import { NotFoundError } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { ask, MODEL, simulate, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

describe('messages', () => {
  it('come from the first rule that matches, in the format of the API', async () => {
    const { client } = await echo();
    const { data, response, request_id } = await client.messages
      .create(ask('Good morning', { system: 'Be brief.' }))
      .withResponse();
    expect(textOf(data)).toBe('Be brief.\nGood morning');
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: `${MODEL}-simulated`,
      stop_reason: 'end_turn',
    });
    expect(data.id).toMatch(/^msg_\w{24}$/);
    expect(request_id).toMatch(/^req_\w{24}$/);
    expect(response.headers.get('x-simulated-claude')).toBe('true');
  });

  it('give the rules the text of the first user turn, of blocks and of the system prompt', async () => {
    const { client } = await echo();
    const message = await client.messages.create({
      ...ask([
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ]),
      system: [{ type: 'text', text: 'sys' }],
    });
    expect(textOf(message)).toBe('sys\none\n\ntwo');
  });

  it('require an API key, with any value', async () => {
    const { url } = await echo();
    const headers = { 'anthropic-version': '2023-06-01' };
    const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(ask('hello')) });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { type: 'authentication_error' } });
  });

  it('are counted, and marked as a simulation', async () => {
    const { client, stats, url } = await simulate();
    const { usage } = await client.messages.create(ask('hello'));
    expect(await stats()).toMatchObject({
      simulation: true,
      requests: 1,
      answered: 1,
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      throttled: 0,
      errors: {},
    });
    expect((await stats()).cpuMs).toBeGreaterThan(0);
    expect(await (await fetch(url)).json()).toMatchObject({ simulation: true });
  });

  it('name an operation that is not implemented', async () => {
    const { client } = await echo();
    const upload = client.post('/v1/files', { body: {}, maxRetries: 3 });
    await expect(upload).rejects.toThrow('does not implement POST /v1/files');
    await expect(upload).rejects.toMatchObject({ status: 501 });
  });

  it('accept the models in the list and reject others', async () => {
    const { client } = await echo();
    const models = await Array.fromAsync(client.models.list());
    expect(models.map(({ id }) => id)).toContain(MODEL);
    expect(await client.models.retrieve(MODEL)).toMatchObject({ id: MODEL, max_tokens: 64_000 });
    await expect(client.messages.create(ask('hi', { model: 'claude-2' }))).rejects.toThrow(NotFoundError);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnthropicAws } from '@anthropic-ai/aws-sdk';
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { startSimulatedClaude, type SimulatedClaude } from '../src/index.ts';
import { ask, rulePath, textOf } from './support.ts';

const KEY = { accessKeyId: 'AKIAKNOWN', secretAccessKey: 'the/secret+of=it' };
let claude: SimulatedClaude;
beforeAll(async () => {
  claude = await startSimulatedClaude({ rules: [rulePath('echo')], awsKeys: [KEY] });
});
afterAll(() => claude.close());

interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const bedrock = (key: Signer = KEY) =>
  new AnthropicBedrock({
    baseURL: claude.url,
    awsRegion: 'eu-west-1',
    apiKey: null,
    maxRetries: 0,
    providerChainResolver: async () => async () => key,
    defaultHeaders: { 'anthropic-version': 'bedrock-2023-05-31' },
  });
const platform = (key: Signer = KEY) =>
  new AnthropicAws({
    baseURL: claude.url,
    awsRegion: 'eu-west-1',
    workspaceId: 'wrkspc_1',
    maxRetries: 0,
    providerChainResolver: async () => async () => key,
  });
const hello = (model: string) => ask('hello', { model });

describe('the door of Amazon Bedrock', () => {
  const MODEL = 'global.anthropic.claude-sonnet-5-5';

  it('answers whole and in an event stream, by model ids with a profile, a version, or neither', async () => {
    for (const model of [MODEL, 'anthropic.claude-sonnet-5-5', 'eu.anthropic.claude-sonnet-5-5-v1:0']) {
      expect(textOf((await bedrock().messages.create(hello(model))) as never)).toBe('hello');
      expect(textOf((await bedrock().messages.stream(hello(model)).finalMessage()) as never)).toBe('hello');
    }
  });

  it('counts tokens as CountTokens does', async () => {
    const { max_tokens, messages } = hello(MODEL);
    const asked = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens, messages });
    const body = { input: { invokeModel: { body: Buffer.from(asked).toString('base64') } } };
    const headers = { 'anthropic-version': null };
    const counted = await bedrock().post(`/model/${MODEL}/count-tokens`, { body, headers });
    expect(counted).toEqual({ inputTokens: expect.any(Number) as number });
  });

  it('has errors in AWS’s words', async () => {
    const unknown = bedrock().messages.create(hello('global.anthropic.claude-nobody'));
    await expect(unknown).rejects.toMatchObject({ status: 404, error: { message: expect.any(String) as string } });
    const headers = { 'anthropic-version': '2023-06-01' };
    const old = bedrock().messages.create(hello(MODEL), { headers });
    await expect(old).rejects.toMatchObject({
      status: 400,
      error: { message: expect.stringContaining('bedrock-2023') as string },
    });
    const busy = bedrock().messages.create(hello(MODEL), { headers: { 'x-simulated-fault': '529' } });
    const error: unknown = await busy.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 503 });
    const sent = (error as { headers: Headers }).headers;
    expect(sent.get('x-amzn-errortype')).toBe('ServiceUnavailableException');
    expect(sent.get('x-amzn-requestid')).toMatch(/^req_/);
  });

  it('rejects what is a feature of Anthropic’s own API', async () => {
    const request = { ...hello(MODEL), cache_control: { type: 'ephemeral' as const } };
    await expect(bedrock().messages.create(request)).rejects.toMatchObject({ status: 400 });
  });
});

describe('the door of Claude Platform on AWS', () => {
  it('answers whole and streamed, and has batches', async () => {
    const model = 'claude-sonnet-5-5';
    expect(textOf(await platform().messages.create(hello(model)))).toBe('hello');
    expect(textOf(await platform().messages.stream(hello(model)).finalMessage())).toBe('hello');
    const batch = await platform().messages.batches.create({ requests: [{ custom_id: 'a', params: hello(model) }] });
    expect((await platform().messages.batches.retrieve(batch.id)).id).toBe(batch.id);
  });

  it('requires the workspace', async () => {
    const headers = { 'anthropic-workspace-id': null };
    const without = platform().messages.create(hello('claude-sonnet-5-5'), { headers });
    await expect(without).rejects.toMatchObject({ status: 400 });
  });
});

describe('a signature', () => {
  it.each([
    ['by a wrong secret', { ...KEY, secretAccessKey: 'another' }],
    ['by an unknown key', { ...KEY, accessKeyId: 'AKIAOTHER' }],
  ])('%s is rejected at both doors', async (_, key) => {
    await expect(bedrock(key).messages.create(hello('anthropic.claude-sonnet-5-5'))).rejects.toMatchObject({
      status: 403,
    });
    await expect(platform(key).messages.create(hello('claude-sonnet-5-5'))).rejects.toMatchObject({ status: 403 });
  });

  it('for another service, or none at all, is rejected', async () => {
    const signed: string[] = [];
    const spy: typeof fetch = async (url, init) => {
      signed.push(new Headers(init?.headers).get('authorization') ?? '');
      return fetch(url, init);
    };
    await platform().withOptions({ fetch: spy }).messages.create(hello('claude-sonnet-5-5'));
    const path = `${claude.url}/model/anthropic.claude-sonnet-5-5/invoke`;
    for (const authorization of [signed[0] ?? '', '', 'Bearer key']) {
      const response = await fetch(path, { method: 'POST', headers: { authorization }, body: '{}' });
      expect(response.status).toBe(403);
    }
  });

  it('does not cover another body', async () => {
    const tampering: typeof fetch = (url, init) => fetch(url, { ...init, body: JSON.stringify({ of: 'another' }) });
    for (const client of [bedrock().withOptions({ fetch: tampering }), platform().withOptions({ fetch: tampering })])
      await expect(
        client.messages.create(
          hello(client instanceof AnthropicBedrock ? 'anthropic.claude-sonnet-5-5' : 'claude-sonnet-5-5'),
        ),
      ).rejects.toMatchObject({ status: 403 });
  });
});

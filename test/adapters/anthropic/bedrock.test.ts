import { describe, expect, it, vi } from 'vitest';
import { bedrockApi } from '#adapters/anthropic/bedrock.ts';
import { awsPlatformApi } from '#adapters/anthropic/aws-platform.ts';
import { claudeModel } from '#adapters/anthropic/model.ts';
import { inputBound } from '#core/agents/input-bound.ts';
import { isFree, type FailureError } from '#core/failures/failure.ts';
import type { Model, ModelRequest } from '#core/ports/model.ts';
import { eventStreamMessage } from '../../../packages/simulated-claude/src/doors/event-stream.ts';
import { LOOKUP, sampleRequest } from '../../contract/model.contract.ts';
import { sendJson, stubApi, type ReceivedRequest } from '../support/stub-api.ts';

const AWS = { credentials: { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' }, region: 'eu-west-1' };
const PROVIDER = { provider: 'bedrock', profile: 'eu', ids: { 'claude-opus-5-5': 'arn:aws:bedrock:x/y' } } as const;
const modelAt = (baseURL: string): Model => claudeModel(bedrockApi({ ...AWS, provider: PROVIDER, baseURL }));

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text: '{}' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 5 },
};

/** What Bedrock receives for a request. */
async function sent(
  change: Partial<ModelRequest> = {},
): Promise<ReceivedRequest & { readonly json: Record<string, unknown> }> {
  const api = await stubApi((response) => sendJson(response, 200, MESSAGE, { 'x-amzn-requestid': 'aws-1' }));
  const answer = await modelAt(api.url).invoke(sampleRequest(change));
  expect(answer.requestId).toBe('aws-1');
  const [request] = api.requests;
  if (!request) throw new Error('no request');
  return { ...request, json: JSON.parse(request.body) as Record<string, unknown> };
}

describe('a call at Amazon Bedrock', () => {
  it('names the model in the path, and the version in the body', async () => {
    const { path, json, headers } = await sent();
    expect(path).toBe('/model/eu.anthropic.claude-haiku-5-5/invoke');
    expect(json['anthropic_version']).toBe('bedrock-2023-05-31');
    expect(json).not.toHaveProperty('model');
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=A\/\d{8}\/eu-west-1\/bedrock\/aws4_request/);
    expect(headers['x-amz-security-token']).toBe('C');
    expect(headers).not.toHaveProperty('x-api-key');
    const { path: other } = await sent({ model: 'claude-opus-5-5' });
    expect(other).toBe('/model/arn:aws:bedrock:x%2Fy/invoke');
  });

  it('caches the conversation at its last block, since the request itself cannot', async () => {
    const { json } = await sent({ tools: [LOOKUP] });
    expect(json).not.toHaveProperty('cache_control');
    expect(json['messages']).toMatchObject([{ content: [{ type: 'text', cache_control: { type: 'ephemeral' } }] }]);
  });

  it('counts tokens by the upper bound where the model has no CountTokens', async () => {
    const message = 'The provided model doesn’t support counting tokens.';
    const api = await stubApi((response) =>
      sendJson(response, 400, { message }, { 'x-amzn-errortype': 'ValidationException' }),
    );
    expect(await modelAt(api.url).countTokens(sampleRequest())).toBe(inputBound(sampleRequest()));
    expect(api.requests[0]?.path).toBe('/model/eu.anthropic.claude-haiku-5-5/count-tokens');
    expect(JSON.parse(api.requests[0]?.body ?? '')).not.toHaveProperty('anthropic_version');
  });

  it('is refused before it is sent if its document makes it larger than 20 MB', async () => {
    const api = await stubApi((response) => sendJson(response, 200, MESSAGE));
    const pdf = (megabytes: number) =>
      ({
        type: 'document',
        mediaType: 'application/pdf',
        bytes: new Uint8Array(megabytes * 1e6),
        pages: 1,
        textBytes: 0,
      }) as const;
    const ask = (megabytes: number) =>
      modelAt(api.url).invoke(sampleRequest({ messages: [{ role: 'user', content: [pdf(megabytes)] }] }));
    await expect(ask(16)).rejects.toMatchObject({
      failure: {
        kind: 'permanent',
        notBilled: true,
        reason: expect.stringContaining('Amazon Bedrock accepts requests of 20.0 MB') as string,
      },
    });
    expect(api.requests).toHaveLength(0);
    await expect(ask(14)).resolves.toMatchObject({ stopReason: 'end' });
  });
});

describe('a failure at Amazon Bedrock', () => {
  const failure = async (status: number, type: string, message = 'no') => {
    const api = await stubApi((response) =>
      sendJson(response, status, { message }, { 'x-amzn-errortype': `${type}:http://x`, 'x-amzn-requestid': 'aws-9' }),
    );
    const thrown: unknown = await modelAt(api.url)
      .invoke(sampleRequest())
      .catch((error: unknown) => error);
    return (thrown as FailureError).failure;
  };

  it.each([
    [429, 'ThrottlingException', 'throttled', true],
    [503, 'ServiceUnavailableException', 'throttled', true],
    [500, 'InternalServerException', 'transient', false],
    [408, 'ModelTimeoutException', 'transient', false],
    [424, 'ModelErrorException', 'transient', false],
    [400, 'ValidationException', 'permanent', true],
    [403, 'AccessDeniedException', 'permanent', true],
    [404, 'ResourceNotFoundException', 'permanent', true],
  ])('with %i %s is %s', async (status, type, kind, free) => {
    const found = await failure(status, type);
    expect([found.kind, isFree(found)]).toEqual([kind, free]);
    expect(found.reason).toContain('(request aws-9)');
  });

  it('says what to do', async () => {
    expect((await failure(403, 'AccessDeniedException')).reason).toContain('allow bedrock:InvokeModel');
    expect((await failure(404, 'ResourceNotFoundException')).reason).toContain('model.ids');
    expect((await failure(400, 'ValidationException', 'Input is too long for requested model.')).reason).toContain(
      'shorten or split',
    );
    expect((await failure(400, 'ValidationException', 'max_tokens: must be at least 1')).reason).toContain(
      'max_tokens: must be',
    );
  });

  it.each([
    ['throttlingException', 'throttled'],
    ['modelStreamErrorException', 'transient'],
  ])('%s in the middle of a stream is %s, and may be billed', async (exception, kind) => {
    const api = await stubApi((response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      const headers = {
        ':exception-type': exception,
        ':content-type': 'application/json',
        ':message-type': 'exception',
      };
      response.end(eventStreamMessage(headers, { message: 'no' }));
    });
    const thrown: unknown = await modelAt(api.url)
      .invoke(sampleRequest({ maxTokens: 16_000 }))
      .catch((error: unknown) => error);
    const { failure: found } = thrown as FailureError;
    expect([found.kind, isFree(found)]).toEqual([kind, false]);
  });

  it('without credentials is free, at both providers', async () => {
    // Replacing process.env would leave the tests after this one in the process with an object that no library reads.
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    try {
      const options = { region: 'eu-west-1', baseURL: 'http://127.0.0.1:1' };
      const models = [
        claudeModel(bedrockApi({ ...options, provider: PROVIDER })),
        claudeModel(awsPlatformApi({ ...options, workspaceId: 'wrkspc_1' })),
      ];
      for (const model of models) {
        const thrown: unknown = await model.invoke(sampleRequest()).catch((error: unknown) => error);
        const { failure: found } = thrown as FailureError;
        expect(found.kind).toBe('transient');
        expect(isFree(found)).toBe(true);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

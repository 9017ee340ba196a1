import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { awsPlatformApi } from '#adapters/anthropic/aws-platform.ts';
import { bedrockApi } from '#adapters/anthropic/bedrock.ts';
import { anthropicModel, claudeModel } from '#adapters/anthropic/model.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { costUsd, savedUsd } from '#core/models/price.ts';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { scriptedModel, type Line } from '../support/fakes/scripted-model.ts';
import { noSearchContract, searchContract, smallSearch } from './model-search.contract.ts';
import { ANSWER, LOOKUP_INPUT, modelContract, sampleRequest, type Fate } from './model.contract.ts';

describe('prompt caching with the simulated Claude', () => {
  it('writes the tools and the system prompt once, reads them in the next call, and costs less', async () => {
    const rules = [new URL('./model-rule.ts', import.meta.url).pathname];
    const claude = await startSimulatedClaude({ rules });
    onTestFinished(() => claude.close());
    const model = anthropicModel({ apiKey: 'simulated', baseURL: claude.url });
    const system = 'You read contracts and answer in JSON. '.repeat(600);
    const ask = async (question: string) => {
      const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: question }] }];
      return (await model.invoke(sampleRequest({ system, messages }))).usage;
    };
    const first = await ask('What is its title?');
    const second = await ask('How many pages has it?');
    expect(first.cacheWrite).toBeGreaterThan(4_096);
    expect(second).toMatchObject({ cacheRead: first.cacheWrite, cacheWrite: 0 });
    const saved = [first, second].map((usage) => savedUsd(CATALOGUE, 'claude-haiku-5-5', usage));
    expect(saved[0]).toBeLessThan(0);
    expect((saved[0] ?? 0) + (saved[1] ?? 0)).toBeGreaterThan(0);
    expect(costUsd(CATALOGUE, 'claude-haiku-5-5', second)).toBeLessThan(
      costUsd(CATALOGUE, 'claude-haiku-5-5', first) / 5,
    );
  });
});

describe('scripted model', () => {
  const FAILURES: Readonly<Record<Fate, Line>> = {
    429: { failure: { kind: 'throttled', reason: 'rate limit', retryAfterMs: 1_000 } },
    529: { failure: { kind: 'throttled', reason: 'overloaded' } },
    500: { failure: { kind: 'transient', reason: 'server error' } },
    disconnect: { failure: { kind: 'transient', reason: 'broken connection' } },
    cut: { failure: { kind: 'transient', reason: 'half an answer' } },
  };
  const toolUse = { type: 'tool-use', id: 'toolu_1', name: 'lookup', input: LOOKUP_INPUT } as const;
  const speak: Line = ({ tools, messages }) =>
    tools.length > 0 && messages.length === 1
      ? { answer: { content: [toolUse], stopReason: 'tool-use' } }
      : { json: ANSWER };

  modelContract(async ([fate] = []) => {
    const model = scriptedModel(fate === undefined ? [speak] : [FAILURES[fate], speak]);
    return { model, calls: async () => model.requests.length };
  });
});

const KEY = { accessKeyId: 'ASIACONTRACT', secretAccessKey: 'secret/of+the=contract' };
const AWS = { credentials: { ...KEY, sessionToken: 'token' }, region: 'eu-central-1' };
const BEDROCK = { provider: 'bedrock', profile: 'eu', ids: {} } as const;

describe.each([
  {
    name: 'Claude over the Messages API',
    thinkingTokens: 0,
    modelAt: (baseURL: string) => anthropicModel({ apiKey: 'simulated', baseURL }),
  },
  // The API rejects a tool-calling turn that is sent back without its thinking.
  {
    name: 'Claude that thinks',
    thinkingTokens: 50,
    modelAt: (baseURL: string) => anthropicModel({ apiKey: 'simulated', baseURL }),
  },
  {
    name: 'Claude at Amazon Bedrock',
    thinkingTokens: 50,
    modelAt: (baseURL: string) => claudeModel(bedrockApi({ ...AWS, provider: BEDROCK, baseURL })),
    namesDelay: false,
    searches: false,
  },
  {
    name: 'Claude Platform on AWS',
    thinkingTokens: 50,
    modelAt: (baseURL: string) => claudeModel(awsPlatformApi({ ...AWS, workspaceId: 'wrkspc_1', baseURL })),
  },
])('$name', ({ thinkingTokens, modelAt, namesDelay = true, searches = true }) => {
  let healthy: SimulatedClaude;
  const started: SimulatedClaude[] = [];
  const start = async (script: readonly (Fate | 'pause')[]): Promise<SimulatedClaude> => {
    const rules = [new URL('./model-rule.ts', import.meta.url).pathname];
    const claude = await startSimulatedClaude({
      rules,
      thinkingTokens,
      search: { url: await smallSearch() },
      awsKeys: [KEY],
      faults: { script: [...script] },
    });
    started.push(claude);
    return claude;
  };
  beforeAll(async () => {
    healthy = await start([]);
  });
  afterAll(() => Promise.all(started.map((claude) => claude.close())));

  const search = searches ? searchContract : noSearchContract;
  search(async (script = []) => {
    const claude = script.length === 0 ? healthy : await start(script);
    return { model: modelAt(claude.url), calls: async () => (await claude.stats()).requests };
  });

  modelContract(
    async (fates = []) => {
      const claude = fates.length === 0 ? healthy : await start(fates);
      const before = (await claude.stats()).requests;
      return {
        model: modelAt(claude.url),
        calls: async () => (await claude.stats()).requests - before,
      };
    },
    { namesDelay },
  );
});

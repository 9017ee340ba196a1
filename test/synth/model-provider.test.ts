import { afterEach, expect, test } from 'vitest';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { loadConfig } from '#lib/config.ts';
import { nagFindings } from './nag.ts';
import { quickApp, synthesize, synthesizePlatform, synthesizeStack } from './synthesize.ts';

const BEDROCK = { model: '{"provider":"bedrock","profile":"us"}' };
const PLATFORM = { model: '{"provider":"claude-platform-aws","workspaceId":"wrkspc_01"}' };
const SECRETS = 'AWS::SecretsManager::Secret';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

/** The statements of all policies of a stack whose actions begin so, by the policy's logical id. */
function granted(stack: ReturnType<typeof synthesize>, prefix: string): Record<string, unknown[]> {
  const found = Object.entries(stack.resources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) => {
    const { Statement } = Properties['PolicyDocument'] as { Statement: { Action: string | string[] }[] };
    const own = Statement.filter(({ Action }) => [Action].flat()[0]?.startsWith(prefix));
    return own.length === 0 ? [] : [[id.replace(/RoleDefaultPolicy.*/, ''), own] as const];
  });
  return Object.fromEntries(found);
}

function assistantWith(context: Readonly<Record<string, unknown>>) {
  const app = quickApp('dev', context);
  const [stack] = app.add(AssistantStack);
  if (stack === undefined) throw new Error('The app has no assistant stack.');
  const [pool] = app.platform('us-east-1').pools;
  return { pool, stack: synthesizeStack(app, stack) };
}

const variablesOf = (stack: ReturnType<typeof synthesize>, id: string): Record<string, unknown> => {
  const { Environment } = stack.resource('AWS::Lambda::Function', id).Properties;
  return (Environment as { Variables: Record<string, unknown> }).Variables;
};

test('with Anthropic, which is the default, workers read the key from its secret', () => {
  expect(Object.keys(synthesizePlatform('dev').resources(SECRETS))).toHaveLength(2);
  const stack = synthesize('dev');
  const variables = variablesOf(stack, 'AssistantWorker');
  expect(variables).toHaveProperty('MODEL_SECRET');
  expect(variables).not.toHaveProperty('MODEL_PROVIDER');
  expect(granted(stack, 'bedrock')).toEqual({});
});

test('with Amazon Bedrock there is no key, and only workers may invoke the models of the tiers', () => {
  expect(Object.keys(synthesizePlatform('dev', BEDROCK).resources(SECRETS))).toHaveLength(1);
  const stack = synthesize('dev', BEDROCK);
  const variables = variablesOf(stack, 'AssistantWorker');
  expect(variables).not.toHaveProperty('MODEL_SECRET');
  expect(JSON.parse(String(variables['MODEL_PROVIDER']))).toEqual({ provider: 'bedrock', profile: 'us', ids: {} });
  const grants = granted(stack, 'bedrock');
  expect(Object.keys(grants)).toEqual(['AssistantWorker']);
  const text = JSON.stringify(grants);
  expect(text).toContain('["bedrock:CountTokens","bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"]');
  for (const name of ['haiku', 'sonnet', 'opus']) {
    expect(text).toContain(`:inference-profile/us.anthropic.claude-${name}-5-5"`);
    expect(text).toContain(`:bedrock:*::foundation-model/anthropic.claude-${name}-5-5"`);
  }
});

test('with Amazon Bedrock, which has no batches, an agent takes no economy tasks and says why', () => {
  const { pool, stack } = assistantWith(BEDROCK);
  expect(pool?.agent.noEconomy).toBe('the model is served by Amazon Bedrock, which has no Message Batches');
  expect(stack.resources('AWS::StepFunctions::StateMachine')).toEqual({});
});

test('a model’s id at Amazon Bedrock can be given, also as the ARN of an application inference profile', () => {
  const arn = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc';
  const ids = { 'claude-haiku-5-5': arn, 'claude-sonnet-5-5': 'anthropic.claude-sonnet-5-5-v1:0' };
  const text = JSON.stringify(
    granted(synthesize('dev', { model: JSON.stringify({ provider: 'bedrock', ids }) }), 'bedrock'),
  );
  expect(text).toContain(`"${arn}"`);
  // The profile's own ARN is not enough: the model behind it is checked too.
  expect(text).toContain(':bedrock:*::foundation-model/anthropic.claude-haiku-5-5*"');
  expect(text).not.toContain('foundation-model/arn:');
  expect(text).toContain(':bedrock:*::foundation-model/anthropic.claude-sonnet-5-5-v1:0"');
  expect(text).not.toContain('inference-profile/anthropic.');
  expect(text).toContain('inference-profile/global.anthropic.claude-opus-5-5"');
});

test.each<[string, string | null]>([
  [
    'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-5-5-v1:0',
    'anthropic.claude-haiku-5-5-v1:0',
  ],
  ['arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-5-5-v2:0', 'anthropic.claude-haiku-5-5-v2:0'],
  ['arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc', null],
])('%s needs the foundation model %s', (arn, foundation) => {
  const model = JSON.stringify({ provider: 'bedrock', ids: { 'claude-haiku-5-5': arn } });
  const text = JSON.stringify(granted(synthesize('dev', { model }), 'bedrock'));
  expect(text).toContain(`"${arn}"`);
  const haiku = text.match(/foundation-model\/anthropic\.claude-haiku[^"]*/g)?.map((each) => each.split('/')[1]) ?? [];
  expect([...new Set(haiku)]).toEqual(foundation === null ? [] : [foundation]);
});

test('with Claude Platform on AWS, workers may call in the workspace, and only collectors and settlers use batches', () => {
  expect(Object.keys(synthesizePlatform('dev', PLATFORM).resources(SECRETS))).toHaveLength(1);
  const { pool, stack } = assistantWith(PLATFORM);
  expect(pool?.agent.noEconomy).toBeUndefined();
  const grants = granted(stack, 'aws-external-anthropic');
  expect(Object.keys(grants).toSorted()).toEqual([
    'AssistantEconomyCollector',
    'AssistantEconomySettle',
    'AssistantWorker',
  ]);
  expect(JSON.stringify(grants['AssistantWorker'])).not.toContain('Batch');
  expect(JSON.stringify(grants['AssistantEconomyCollector'])).toContain('CreateBatchInference');
  expect(JSON.stringify(grants)).toContain(':workspace/wrkspc_01');
});

test('the configuration of a provider is checked', () => {
  const of = (model: object) => () => loadConfig('dev', { model: JSON.stringify(model) });
  expect(of({ provider: 'vertex' })).toThrow(/model/);
  expect(of({ provider: 'claude-platform-aws' })).toThrow(/model\.workspaceId/);
  expect(of({ provider: 'bedrock', profile: 'US!' })).toThrow(/model\.profile must be an inference profile/);
});

const APPLICATION = {
  model:
    '{"provider":"bedrock","ids":{"claude-haiku-5-5":"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a"}}',
};

test.each([BEDROCK, APPLICATION, PLATFORM])('cdk-nag has no unexplained finding with $model', (context) => {
  const app = quickApp('dev', context);
  app.add(AssistantStack);
  expect(nagFindings(app)).toEqual([]);
});

import { anthropicBatchModel, claudeBatchModel } from '#adapters/anthropic/batch-model.ts';
import { anthropicModel, claudeModel } from '#adapters/anthropic/model.ts';
import { registerProvider } from '#adapters/otel/provider.ts';
import { ANTHROPIC, modelProviderSchema, PROVIDERS, type ModelProvider } from '#core/models/provider.ts';
import { FailureError } from '#core/failures/failure.ts';
import type { BatchModel } from '#core/ports/batch-model.ts';
import type { Model } from '#core/ports/model.ts';
import type { ModelEnv } from '#functions/run-agent/env.ts';
import { spans } from '../observability/tracing.ts';
import { parseJson } from '../parse/json.ts';
import { fleetSecret } from './fleet-secret.ts';

/** The model of the environment's provider. Its SDK records into this process's tracer. */
export function modelOf(env: ModelEnv): Model {
  if (spans) registerProvider(spans);
  const provider = providerOf(env);
  switch (provider.provider) {
    case 'anthropic':
      return anthropicModel({ apiKey: keyOf(env) });
    // Loaded when first used: most environments need only one of the SDKs.
    case 'bedrock':
      return loaded(async () => claudeModel((await import('#adapters/anthropic/bedrock.ts')).bedrockApi({ provider })));
    case 'claude-platform-aws':
      return loaded(async () => {
        const { awsPlatformApi } = await import('#adapters/anthropic/aws-platform.ts');
        return claudeModel(awsPlatformApi({ workspaceId: provider.workspaceId }));
      });
  }
}

/** In the place of the model for an agent that code answers. Its tasks fail if they call it. */
export function noModel(agent: string): Model {
  const reason = `The agent ${agent} has the model "none", but its code did not answer. Leave \`model\` out of its definition.`;
  const fail = () => Promise.reject(new FailureError({ kind: 'permanent', reason }));
  return { invoke: fail, countTokens: fail };
}

/** The batches of the environment's provider. Throws for a provider without them. */
export function batchModelOf(env: ModelEnv): BatchModel {
  const provider = providerOf(env);
  switch (provider.provider) {
    case 'anthropic':
      return anthropicBatchModel({ apiKey: keyOf(env) });
    case 'claude-platform-aws':
      return loadedBatches(async () => {
        const { awsPlatformClient } = await import('#adapters/anthropic/aws-platform.ts');
        return claudeBatchModel(awsPlatformClient({ workspaceId: provider.workspaceId }));
      });
    case 'bedrock':
      throw new Error(`MODEL_PROVIDER: ${PROVIDERS.bedrock.title} has no Message Batches.`);
  }
}

function providerOf({ MODEL_PROVIDER: json }: ModelEnv): ModelProvider {
  if (json === undefined) return ANTHROPIC;
  const parsed = modelProviderSchema.safeParse(parseJson(json));
  if (!parsed.success) throw new Error(`MODEL_PROVIDER: ${parsed.error.message}`);
  return parsed.data;
}

function keyOf({ MODEL_SECRET: secret }: ModelEnv): () => Promise<string> {
  if (secret === undefined) throw new Error('MODEL_SECRET is required where MODEL_PROVIDER is Anthropic.');
  return () => fleetSecret(secret, 'model key');
}

function loaded(load: () => Promise<Model>): Model {
  const model = once(load);
  return {
    invoke: async (request) => (await model()).invoke(request),
    countTokens: async (request) => (await model()).countTokens(request),
  };
}

function loadedBatches(load: () => Promise<BatchModel>): BatchModel {
  const model = once(load);
  return {
    create: async (entries) => (await model()).create(entries),
    get: async (id) => (await model()).get(id),
    cancel: async (id) => (await model()).cancel(id),
    async *list() {
      yield* (await model()).list();
    },
    async *results(id) {
      yield* (await model()).results(id);
    },
  };
}

function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= load());
}

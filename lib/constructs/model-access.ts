import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { bedrockId, PROVIDERS, tierModels, type ModelEnv, type ModelProvider } from '#functions/run-agent/env.ts';
import type { Config } from '../config.ts';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire, Wiring } from '../wiring.ts';
import { ModelSecret } from './model-secret.ts';

/** What a function does with the model: its workers make calls, and a collector and its settler use batches too. */
export type ModelUse = 'calls' | 'batches';

/** How an environment's functions reach the model: who serves it, and by a key in a secret or by IAM. */
export class ModelAccess {
  /** The API key. Undefined where IAM takes its place: then there is no such secret. */
  readonly secret: ModelSecret | undefined;
  readonly #scope: Construct;

  /** @param scope the platform's stack */
  constructor(scope: Construct) {
    this.#scope = scope;
    this.secret = this.#config.model.provider === 'anthropic' ? new ModelSecret(scope, 'ModelSecret') : undefined;
  }

  get #config(): Config {
    return FleetStack.of(this.#scope).config;
  }

  /** Why tasks with the priority `economy` are rejected; undefined where they are accepted. */
  get noEconomy(): string | undefined {
    const { title, hasBatches } = PROVIDERS[this.#config.model.provider];
    return hasBatches ? undefined : `the model is served by ${title}, which has no Message Batches`;
  }

  /** The variables of a function that uses the model, with the permissions for that alone. */
  environment(use: ModelUse): Wiring<ModelEnv> {
    const { model, modelBaseUrl, modelOverrides } = this.#config;
    const overrides = { MODEL_OVERRIDES: JSON.stringify(modelOverrides) };
    switch (model.provider) {
      case 'anthropic':
        return {
          ...overrides,
          ...(this.secret && { MODEL_SECRET: this.secret.reading() }),
          ...(modelBaseUrl !== undefined && { ANTHROPIC_BASE_URL: modelBaseUrl }),
        };
      case 'bedrock':
        return {
          ...overrides,
          MODEL_PROVIDER: this.#invoking(model),
          ...(modelBaseUrl !== undefined && { ANTHROPIC_BEDROCK_BASE_URL: modelBaseUrl }),
        };
      case 'claude-platform-aws':
        return {
          ...overrides,
          MODEL_PROVIDER: this.#inWorkspace(model, use),
          ...(modelBaseUrl !== undefined && { ANTHROPIC_AWS_BASE_URL: modelBaseUrl }),
        };
    }
  }

  /** For the models of the tiers alone. */
  #invoking(model: Extract<ModelProvider, { provider: 'bedrock' }>): Wire {
    const { region, account, partition } = Stack.of(this.#scope);
    const arns = tierModels(this.#config.modelOverrides).flatMap((name) => {
      const id = bedrockId(model, name);
      const profile = `arn:${partition}:bedrock:${region}:${account}:inference-profile/${id}`;
      const anywhere = foundationModels(id, name).map((each) => `arn:${partition}:bedrock:*::foundation-model/${each}`);
      if (id.startsWith('arn:')) return [id, ...anywhere];
      return id.startsWith('anthropic.') ? anywhere : [profile, ...anywhere];
    });
    return granting(model, BEDROCK_ACTIONS, [...new Set(arns)]);
  }

  #inWorkspace(model: Extract<ModelProvider, { provider: 'claude-platform-aws' }>, use: ModelUse): Wire {
    const { region, account, partition } = Stack.of(this.#scope);
    const workspace = `arn:${partition}:aws-external-anthropic:${region}:${account}:workspace/${model.workspaceId}`;
    return granting(model, use === 'calls' ? PLATFORM_CALLS : [...PLATFORM_CALLS, ...PLATFORM_BATCHES], [workspace]);
  }
}

/**
 * The foundation models behind an id. A call through an inference profile needs the permission for the model too, in every
 * region that the profile routes to (Amazon Bedrock, "Prerequisites for inference profiles"). The ARN of an application
 * inference profile does not say which model it is; it must be the one that it is configured for, in any of its versions.
 */
function foundationModels(id: string, name: string): string[] {
  if (id.includes(':application-inference-profile/')) return [`anthropic.${name}*`];
  const inArn = /^arn:[^/]*:(inference-profile|foundation-model)\//.test(id);
  if (id.startsWith('arn:') && !inArn) return [];
  return [id.replace(/^.*\b(?=anthropic\.)/, '')];
}

const BEDROCK_ACTIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'bedrock:CountTokens'];
/** Source: "IAM actions for Claude Platform on AWS". */
const PLATFORM_CALLS = ['aws-external-anthropic:CreateInference', 'aws-external-anthropic:CountTokens'];
const PLATFORM_BATCHES = [
  'CreateBatchInference',
  'GetBatchInference',
  'ListBatchInferences',
  'CancelBatchInference',
].map((action) => `aws-external-anthropic:${action}`);

const granting = (model: ModelProvider, actions: string[], resourceArns: string[]): Wire => ({
  value: JSON.stringify(model),
  grantTo(grantee: IGrantable & Construct) {
    Grant.addToPrincipal({ grantee, actions, resourceArns });
    for (const arn of resourceArns.filter((arn) => arn.includes('*')))
      explainStar(grantee, arn, 'An inference profile routes a call to any of its regions.');
  },
});

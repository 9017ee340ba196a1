import { z } from 'zod';
import { MAX_REQUEST_BYTES } from './request-size.ts';

/** The models' own ids at the provider, by their names in the catalogue. */
const ids = z.record(z.string().min(1), z.string().min(1)).default({});

/** Who serves Claude, as `config/*.json` names it. */
export const modelProviderSchema = z.discriminatedUnion('provider', [
  /** Anthropic's own API, with an API key. */
  z.strictObject({ provider: z.literal('anthropic') }),
  /** Amazon Bedrock, by the function's role. */
  z.strictObject({
    provider: z.literal('bedrock'),
    /** The inference profile that begins each model's id: `global`, or a geography such as `us` or `eu`. */
    profile: z
      .string()
      .regex(/^[a-z]+(-[a-z]+)*$/, 'must be an inference profile such as global, us or eu')
      .default('global'),
    /** Ids that do not follow the pattern `<profile>.anthropic.<name>`. */
    ids,
  }),
  /** Claude Platform on AWS: Anthropic's API by the function's role. */
  z.strictObject({
    provider: z.literal('claude-platform-aws'),
    workspaceId: z.string().regex(/^wrkspc_\w+$/, 'must be a workspace id such as wrkspc_0123456789'),
  }),
]);
export type ModelProvider = z.infer<typeof modelProviderSchema>;

export const ANTHROPIC: ModelProvider = { provider: 'anthropic' };

/** The largest InvokeModel request (Amazon Bedrock, "Anthropic Claude Messages API": 20 MB). */
const MAX_BEDROCK_BYTES = 20_000_000;

/** What differs between the providers. */
interface ProviderTraits {
  /** For people. */
  readonly title: string;
  /** Whether it has Message Batches, which economy tasks need. */
  readonly hasBatches: boolean;
  /** Whether Claude can search the web there. */
  readonly hasSearch: boolean;
  /** The largest request, in bytes. */
  readonly maxRequestBytes: number;
}

export const PROVIDERS: Readonly<Record<ModelProvider['provider'], ProviderTraits>> = {
  anthropic: { title: 'the Claude API', hasBatches: true, hasSearch: true, maxRequestBytes: MAX_REQUEST_BYTES },
  bedrock: { title: 'Amazon Bedrock', hasBatches: false, hasSearch: false, maxRequestBytes: MAX_BEDROCK_BYTES },
  'claude-platform-aws': {
    title: 'Claude Platform on AWS',
    hasBatches: true,
    hasSearch: true,
    maxRequestBytes: MAX_REQUEST_BYTES,
  },
};

/** A model's id at Amazon Bedrock, e.g. `global.anthropic.claude-haiku-5-5`. */
export const bedrockId = ({ profile, ids }: Extract<ModelProvider, { provider: 'bedrock' }>, name: string): string =>
  ids[name] ?? `${profile}.anthropic.${name}`;

import { ApiError } from './api-error.ts';

export interface SimulatedModel {
  readonly id: string;
  /** Shorter prompt prefixes are not cached. Source: the prompt caching guide. The 5-5 models: as their predecessors. */
  readonly minCacheTokens: number;
  /** Maximum input tokens of one request. */
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
}

const model = (id: string, minCacheTokens: number, contextWindow = 1_000_000): SimulatedModel => ({
  id,
  minCacheTokens,
  contextWindow,
  maxOutputTokens: 64_000,
});

/** The ids in @anthropic-ai/sdk 1.12 that the fleet's tiers may use. */
const MODELS: readonly SimulatedModel[] = [
  model('claude-opus-5-5', 512),
  model('claude-sonnet-5-5', 1_024),
  model('claude-haiku-5-5', 4_096),
  model('claude-fable-5-2', 512),
  model('claude-fable-5-1', 512),
  model('claude-opus-5', 512),
  model('claude-sonnet-5', 1_024),
  model('claude-fable-5', 512),
  model('claude-opus-4-8', 1_024),
  model('claude-opus-4-7', 2_048),
  model('claude-sonnet-4-6', 1_024),
  model('claude-haiku-4-5', 4_096, 200_000),
];

/** Returns a model. Throws a 404 that lists the supported ids. */
export function findModel(id: string): SimulatedModel {
  const found = MODELS.find((model) => model.id === id);
  if (found) return found;
  const known = MODELS.map((model) => model.id).join(', ');
  throw new ApiError('not_found_error', `model: ${id} (the simulated Claude supports ${known})`);
}

/** A model as GET /v1/models returns it. Fields that are not simulated are null. */
function modelInfo(model: SimulatedModel): Record<string, unknown> {
  return {
    type: 'model',
    id: model.id,
    display_name: `${model.id} (simulated)`,
    created_at: '2026-01-01T00:00:00Z',
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line: model.id.split('-')[1] ?? null,
    capabilities: null,
    max_input_tokens: model.contextWindow,
    max_tokens: model.maxOutputTokens,
  };
}

/** GET /v1/models: all models on one page. */
export const listModels = (): Record<string, unknown> => ({
  data: MODELS.map(modelInfo),
  has_more: false,
  first_id: MODELS.at(0)?.id ?? null,
  last_id: MODELS.at(-1)?.id ?? null,
});

/** GET /v1/models/{id} */
export const retrieveModel = (id: string): Record<string, unknown> => modelInfo(findModel(id));

import type { Usage } from '../models/price.ts';
import type { Attributes } from '../ports/tracer.ts';

/** An answer of a model, as a step or as the model gave it. */
export interface Answered {
  readonly model: string;
  readonly requestId: string;
  readonly stopReason: string;
  readonly usage: Usage;
}

/** The counters of the conventions: `input_tokens` is all input, cached or not. */
export function usageAttributes({ model, stopReason, requestId, usage }: Answered): Attributes {
  const { input, output, cacheRead, cacheWrite } = usage;
  return {
    'gen_ai.response.model': model,
    'gen_ai.response.id': requestId,
    'gen_ai.response.finish_reasons': stopReason,
    'gen_ai.usage.input_tokens': input + cacheRead + cacheWrite,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cacheRead,
    'gen_ai.usage.cache_write.input_tokens': cacheWrite,
  };
}

/** As open-telemetry/semantic-conventions-genai#443 proposes it: computed here, from list prices. */
export const costAttributes = (usd: number): Attributes => ({
  'gen_ai.usage.cost.amount': usd,
  'gen_ai.usage.cost.currency': 'USD',
  'gen_ai.usage.cost.source': 'local',
});

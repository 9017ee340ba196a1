import { FailureError, type Failure } from '#core/failures/failure.ts';
import { NO_USAGE } from '#core/models/price.ts';
import type { Model, ModelAnswer, ModelRequest } from '#core/ports/model.ts';

/** What the model does with one call: answer (what is left out has a default), fail, or decide by the request. */
export type Line =
  | { readonly answer: Partial<ModelAnswer> }
  | { readonly json: unknown }
  | { readonly failure: Failure }
  | ((request: ModelRequest) => Line | Promise<Line>);

export interface ScriptedModel extends Model {
  /** Every request to `invoke`, in order. */
  readonly requests: readonly ModelRequest[];
}

/**
 * A model that speaks its lines in order and repeats the last one for ever.
 * Honours: failures by kind, aborted calls, a record of all requests. Does not honour: `maxTokens`, caching, time.
 * @param inputTokens what `countTokens` answers
 */
export function scriptedModel(lines: readonly [Line, ...Line[]], inputTokens = 1_000): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    requests,
    async invoke(request) {
      request.signal?.throwIfAborted();
      const line = lines[Math.min(requests.length, lines.length - 1)] ?? lines[0];
      requests.push(request);
      return speak(line, request, requests.length);
    },
    async countTokens(request) {
      request.signal?.throwIfAborted();
      return inputTokens;
    },
  };
}

async function speak(line: Line, request: ModelRequest, call: number): Promise<ModelAnswer> {
  if (typeof line === 'function') return speak(await line(request), request, call);
  if ('failure' in line) throw new FailureError(line.failure);
  const spoken =
    'json' in line ? { content: [{ type: 'text' as const, text: JSON.stringify(line.json) }] } : line.answer;
  return {
    content: [{ type: 'text', text: '{}' }],
    stopReason: 'end',
    usage: { ...NO_USAGE, input: 1_000, output: 100 },
    model: request.model,
    requestId: `req_${call}`,
    ...spoken,
  };
}

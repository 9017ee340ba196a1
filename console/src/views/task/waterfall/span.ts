/** One span of a trace, as `GET /tasks/{id}/trace` returns it. Times are milliseconds since the epoch. */
export interface Span {
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a span stands for: the colour and the pattern of its bar. */
export type Lane = 'request' | 'wait' | 'turn' | 'model' | 'tool' | 'callback' | 'other';

/** The lane of a span, by its names of the GenAI conventions. */
export function laneOf({ name, attributes }: Pick<Span, 'name' | 'attributes'>): Lane {
  const operation = attributes['gen_ai.operation.name'];
  if (name === 'queued' || name.startsWith('parked')) return 'wait';
  if (operation === 'invoke_agent' || name.startsWith('invoke_')) return 'turn';
  if (operation === 'execute_tool' || name.startsWith('execute_tool')) return 'tool';
  if (operation === 'chat' || name.startsWith('anthropic.') || name.startsWith('chat ')) return 'model';
  if (name === 'POST' || name.startsWith('callback')) return 'callback';
  return /^(GET|POST|PUT|DELETE) \//.test(name) ? 'request' : 'other';
}

/** US dollars of the span itself, without those below it. */
export function ownUsd({ attributes }: Pick<Span, 'attributes'>): number {
  const amount = attributes['gen_ai.usage.cost.amount'];
  return typeof amount === 'number' && Number.isFinite(amount) ? amount : 0;
}

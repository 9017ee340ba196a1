import type { SpanView } from '#core/api/traces/messages.ts';

/** A span at its place in the tree. */
export interface Placed {
  readonly span: SpanView;
  /** How many spans lie above it. */
  readonly depth: number;
  /** US dollars of the span and everything below it. */
  readonly usd: number;
}

/**
 * The spans in the order of a tree: each below its parent, siblings by their start. Spans whose parent is not there are
 * roots. Each is placed once, whatever the parents say, so a cycle ends.
 */
export function inTree(spans: readonly SpanView[]): readonly Placed[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const inOrder = spans.toSorted((one, other) => one.startMs - other.startMs);
  const children = Map.groupBy(inOrder, ({ parentSpanId = '' }) => (known.has(parentSpanId) ? parentSpanId : ''));
  const placed: Placed[] = [];
  const seen = new Set<SpanView>();
  const place = (span: SpanView, depth: number): number => {
    if (seen.has(span)) return 0;
    seen.add(span);
    const at = placed.push({ span, depth, usd: 0 }) - 1;
    let usd = usdOf(span);
    for (const child of children.get(span.spanId) ?? []) usd += place(child, depth + 1);
    placed[at] = { span, depth, usd };
    return usd;
  };
  for (const span of [...(children.get('') ?? []), ...inOrder]) place(span, 0);
  return placed;
}

/** What a model call cost. The sum of a turn has another name, so that nothing is counted twice. */
function usdOf({ attributes }: SpanView): number {
  const usd = attributes['gen_ai.usage.cost.amount'];
  return typeof usd === 'number' ? usd : 0;
}

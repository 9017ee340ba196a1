import type { Attributes, Span } from '#core/ports/tracer.ts';

/** A span recorded in two parts, by a library and by us: the later part is right where both say something. */
export function merged(before: Span | undefined, later: Span): Span {
  if (before === undefined) return later;
  return {
    ...before,
    ...later,
    startMs: Math.min(before.startMs, later.startMs),
    endMs: Math.max(before.endMs, later.endMs),
    status: later.status === 'unset' ? before.status : later.status,
    attributes: { ...before.attributes, ...later.attributes },
  };
}

/** Which of a root's attributes the spans below it have too. */
const IDS = new Set(['fleet.task.id', 'fleet.tenant', 'fleet.run.id', 'gen_ai.agent.name', 'gen_ai.conversation.id']);

/** Gives the spans of libraries the ids of the work that they belong to. */
export function withIdsOf(spans: readonly Span[], root: string): readonly Span[] {
  const from: Attributes = spans.find(({ spanId }) => spanId === root)?.attributes ?? {};
  const ids = Object.fromEntries(Object.entries(from).filter(([name]) => IDS.has(name)));
  return spans.map((span) => ({ ...span, attributes: { ...ids, ...span.attributes } }));
}

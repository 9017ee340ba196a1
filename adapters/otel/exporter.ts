import type { Span } from '#core/ports/tracer.ts';

/** Sends spans to whoever keeps them. */
export interface SpanExporter {
  /** Sends them, or throws. Spans are never sent again: they are worth less than the time. */
  send(spans: readonly Span[]): Promise<void>;
}

/** What all spans of a process have in common. */
export interface Resource {
  /** `service.name`, such as `fleet-dev-assistant`. */
  readonly service: string;
  /** The service's version. @default unknown */
  readonly version?: string | undefined;
}

/** The name and version of what creates the spans. */
export const SCOPE = { name: 'agent-fleet', version: '0.2.0' } as const;

/** Splits spans, so that a request or datagram holds at most `size`. */
export function inChunks(spans: readonly Span[], size: number): readonly (readonly Span[])[] {
  const chunks: (readonly Span[])[] = [];
  for (let at = 0; at < spans.length; at += size) chunks.push(spans.slice(at, at + size));
  return chunks;
}

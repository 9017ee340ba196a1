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

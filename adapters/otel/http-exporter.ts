import { inChunks } from '#core/concurrency/in-chunks.ts';
import type { Resource, SpanExporter } from './exporter.ts';
import { otlpHeaders } from './headers.ts';
import { otlpJson } from './otlp-json.ts';

export interface HttpExporterOptions {
  readonly resource: Resource;
  /** The base URL, as OTEL_EXPORTER_OTLP_ENDPOINT has it: `/v1/traces` is added. */
  readonly endpoint: string;
  /** As OTEL_EXPORTER_OTLP_HEADERS has them. @default none */
  readonly headers?: string | undefined;
  /** @default Node's fetch */
  readonly fetch?: typeof fetch;
  /** Milliseconds that an invocation waits for its spans at most. @default 2,000 */
  readonly timeoutMs?: number;
  /** Milliseconds of a clock. @default the process's */
  readonly now?: () => number;
}

/** Spans in one request. */
const MAX_SPANS = 500;
const TIMEOUT_MS = 2_000;
/** A receiver that did not answer in time is left alone for so long: its spans are dropped, and nobody waits for it. */
const LEFT_ALONE_MS = 30_000;

/**
 * Posts spans as OTLP in JSON. All requests of one call together end within the timeout, since a function that waits for
 * a receiver does no other work.
 */
export function httpExporter(options: HttpExporterOptions): SpanExporter {
  const { resource, endpoint, headers, fetch: post = fetch, timeoutMs = TIMEOUT_MS, now = performanceNow } = options;
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const sent = { ...otlpHeaders(headers), 'content-type': 'application/json' };
  let quietUntil = -Infinity;
  return {
    async send(spans) {
      if (now() < quietUntil) throw new Error('The receiver of traces did not answer in time and is left alone.');
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        for (const chunk of inChunks(spans, MAX_SPANS)) {
          const body = JSON.stringify(otlpJson(resource, chunk));
          const response = await post(url, { method: 'POST', headers: sent, body, signal });
          await response.body?.cancel();
          if (!response.ok) throw new Error(`The receiver of traces answered ${response.status}.`);
        }
      } catch (error) {
        if (signal.aborted) quietUntil = now() + LEFT_ALONE_MS;
        throw error;
      }
    },
  };
}

const performanceNow = (): number => performance.now();

import { inChunks, type Resource, type SpanExporter } from './exporter.ts';
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
}

/** Spans in one request. */
const MAX_SPANS = 500;
/** An invocation waits for its spans at most this long. */
const TIMEOUT_MS = 2_000;

/** Posts spans as OTLP in JSON. */
export function httpExporter(options: HttpExporterOptions): SpanExporter {
  const { resource, endpoint, headers, fetch: post = fetch } = options;
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const sent = { ...otlpHeaders(headers), 'content-type': 'application/json' };
  return {
    async send(spans) {
      for (const chunk of inChunks(spans, MAX_SPANS)) {
        const body = JSON.stringify(otlpJson(resource, chunk));
        const response = await post(url, {
          method: 'POST',
          headers: sent,
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.body?.cancel();
        if (!response.ok) throw new Error(`The receiver of traces answered ${response.status}.`);
      }
    },
  };
}

import type {
  Attributes as ApiAttributes,
  AttributeValue,
  Span as ApiSpan,
  SpanContext as ApiSpanContext,
  SpanOptions,
  SpanStatus as ApiStatus,
  TimeInput,
} from '@opentelemetry/api';
import type { SpanContext, SpanKind, SpanStatus, Tracer } from '#core/ports/tracer.ts';

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error'];

/** What libraries might say of prompts and answers. It stays out of traces, whatever they are set to. */
const CONTENT = /messages|instructions|definitions|content|prompt|completion|arguments|result/;
const MAX_TEXT = 512;

export const apiContextOf = ({ traceId, spanId, sampled }: SpanContext): ApiSpanContext => ({
  traceId,
  spanId,
  traceFlags: sampled ? 1 : 0,
});

/** A span that a library creates. Its events and links are not kept. */
export class LibrarySpan implements ApiSpan {
  readonly #tracer: Pick<Tracer, 'record'>;
  readonly #context: SpanContext;
  readonly #parentSpanId: string | undefined;
  readonly #kind: SpanKind;
  readonly #startMs: number;
  readonly #attributes: Record<string, string | number | boolean> = {};
  #name: string;
  #status: SpanStatus = 'unset';
  #ended = false;

  constructor(
    tracer: Pick<Tracer, 'record'>,
    own: SpanContext,
    parentSpanId: string | undefined,
    name: string,
    { kind = 0, startTime, attributes }: SpanOptions,
  ) {
    this.#tracer = tracer;
    this.#context = own;
    this.#parentSpanId = parentSpanId;
    this.#name = name;
    this.#kind = KINDS[kind] ?? 'internal';
    this.#startMs = milliseconds(startTime);
    if (attributes) this.setAttributes(attributes);
  }

  spanContext(): ApiSpanContext {
    return apiContextOf(this.#context);
  }

  setAttribute(name: string, value: AttributeValue): this {
    if (CONTENT.test(name)) return this;
    const plain = Array.isArray(value) ? value.join(',') : value;
    if (typeof plain === 'string') this.#attributes[name] = plain.slice(0, MAX_TEXT);
    else if (typeof plain === 'number' || typeof plain === 'boolean') this.#attributes[name] = plain;
    return this;
  }

  setAttributes(attributes: ApiAttributes): this {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.setAttribute(name, value);
    }
    return this;
  }

  setStatus({ code }: ApiStatus): this {
    this.#status = STATUSES[code] ?? 'unset';
    return this;
  }

  updateName(name: string): this {
    this.#name = name;
    return this;
  }

  /** An exception's message may quote what was sent, so only its name is kept. */
  recordException(exception: unknown): void {
    if (exception instanceof Error) this.setAttribute('error.type', exception.name);
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  isRecording(): boolean {
    return !this.#ended;
  }

  end(endTime?: TimeInput): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#tracer.record({
      ...this.#context,
      ...(this.#parentSpanId !== undefined && { parentSpanId: this.#parentSpanId }),
      name: this.#name,
      kind: this.#kind,
      startMs: this.#startMs,
      endMs: milliseconds(endTime),
      status: this.#status,
      attributes: this.#attributes,
    });
  }
}

function milliseconds(time: TimeInput | undefined): number {
  if (time === undefined) return Date.now();
  if (time instanceof Date) return time.getTime();
  return Array.isArray(time) ? time[0] * 1_000 + time[1] / 1e6 : time;
}

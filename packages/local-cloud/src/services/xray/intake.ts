import { Forwarder, type ForwardOptions } from './forward.ts';
import { spansInJson } from './read-json.ts';
import { spansInProtobuf } from './read-protobuf.ts';
import type { StoredSpan } from './span.ts';
import { SpanStore, type SpanStoreOptions } from './store.ts';

/** Spans are written together: this long after the first of them, or when they are read. */
const WRITE_AFTER_MS = 100;

export interface IntakeOptions extends SpanStoreOptions {
  /** A receiver of OTLP that gets every span too. @default none */
  readonly forward?: ForwardOptions | undefined;
}

/** Takes spans in, writes them in groups, and sends them on. */
export class Intake {
  readonly #store: SpanStore;
  readonly #forwarder: Forwarder | undefined;
  #waiting: StoredSpan[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ forward, ...store }: IntakeOptions) {
    this.#store = new SpanStore(store);
    this.#forwarder = forward && new Forwarder(forward);
  }

  /** Takes an `ExportTraceServiceRequest`. Throws `RangeError` for bytes that are none. */
  protobuf(request: Buffer): void {
    this.#keep(spansInProtobuf(request));
    this.#forwarder?.take(request);
  }

  /** Takes an `ExportTraceServiceRequest` in JSON. Throws for anything else. */
  json(request: unknown): void {
    this.#keep(spansInJson(request));
  }

  /** The spans of a trace, in the order of their start. */
  of(traceId: string): StoredSpan[] {
    this.#write();
    return this.#store.of(traceId);
  }

  async close(): Promise<void> {
    await this.#forwarder?.close();
    this.#write();
    this.#store.close();
  }

  #keep(spans: readonly StoredSpan[]): void {
    this.#waiting.push(...spans);
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const spans = this.#waiting;
    this.#waiting = [];
    this.#store.add(spans);
  }
}

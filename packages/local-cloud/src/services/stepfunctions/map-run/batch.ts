import type { MapState } from '../../../asl/definition.ts';
import { ERRORS, StateError } from '../../../asl/errors.ts';
import type { Frame } from '../../../asl/frame.ts';
import type { Json } from '../../../asl/json.ts';
import { LIMITS, serialize } from '../../../asl/limits.ts';
import { evaluateWhole } from '../../../asl/numbers.ts';

/** A child's input as JSON text, and its number of items. */
export interface ChildInput {
  readonly input: string;
  readonly items: number;
}

/** Makes child inputs from items: one each, or `{ BatchInput, Items }` with an ItemBatcher. */
export interface Batcher {
  /** Adds an item and returns the inputs that are now complete. */
  add(item: Json): ChildInput[];
  /** Returns the last input when there are no more items. */
  end(): ChildInput[];
}

export async function createBatcher(state: MapState, frame: Frame): Promise<Batcher> {
  const batcher = state.distributed?.batcher;
  if (batcher === undefined) {
    return { add: (item) => [{ input: serialize(item, state.name), items: 1 }], end: () => [] };
  }
  const bindings = frame.bindings({ input: frame.state.input });
  const maxItems = (await evaluateWhole(batcher.maxItems, bindings)) ?? Infinity;
  const maxBytes = (await evaluateWhole(batcher.maxBytes, bindings)) ?? LIMITS.payloadBytes;
  const batchInput = await batcher.batchInput?.evaluate(bindings);
  const head = batchInput === undefined ? '{' : `{"BatchInput":${JSON.stringify(batchInput)},`;
  return new Batches(`${head}"Items":[`, maxItems, Math.min(maxBytes, LIMITS.payloadBytes));
}

/** Batches are concatenated as text, so that each item is serialized once. */
class Batches implements Batcher {
  readonly #head: string;
  readonly #maxItems: number;
  readonly #maxBytes: number;
  #items: string[] = [];
  #bytes: number;

  constructor(head: string, maxItems: number, maxBytes: number) {
    this.#head = head;
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
    this.#bytes = this.#emptyBytes();
  }

  add(item: Json): ChildInput[] {
    const text = JSON.stringify(item);
    const bytes = Buffer.byteLength(text) + 1;
    if (this.#emptyBytes() + bytes > this.#maxBytes) {
      throw new StateError(
        ERRORS.itemReaderFailed,
        `An item of ${bytes} bytes is larger than a batch of ${this.#maxBytes} bytes.`,
      );
    }
    const full = this.#bytes + bytes > this.#maxBytes ? this.end() : [];
    this.#items.push(text);
    this.#bytes += bytes;
    return this.#items.length >= this.#maxItems ? [...full, ...this.end()] : full;
  }

  end(): ChildInput[] {
    if (this.#items.length === 0) return [];
    const batch = { input: `${this.#head}${this.#items.join(',')}]}`, items: this.#items.length };
    this.#items = [];
    this.#bytes = this.#emptyBytes();
    return [batch];
  }

  #emptyBytes(): number {
    return Buffer.byteLength(this.#head) + 2;
  }
}

/** What `Waiting` orders. */
export interface Due {
  /** Milliseconds since 1970. */
  visibleAt: number;
  /** Where the item stands in the heap; kept by the heap, -1 outside. */
  heapIndex: number;
}

/** Messages that become visible later, the earliest first: a binary heap that knows each item's place. */
export class Waiting<T extends Due> {
  readonly #items: T[] = [];

  get earliest(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    item.heapIndex = this.#items.length;
    this.#items.push(item);
    this.#rise(item);
  }

  remove(item: T): void {
    const hole = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#put(last, hole);
    this.#rise(last);
    this.#sink(last);
  }

  #put(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #rise(item: T): void {
    for (;;) {
      const above = (item.heapIndex - 1) >> 1;
      const parent = this.#items[above];
      if (item.heapIndex === 0 || parent === undefined || parent.visibleAt <= item.visibleAt) return;
      const index = item.heapIndex;
      this.#put(item, above);
      this.#put(parent, index);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#items[item.heapIndex * 2 + 1];
      const right = this.#items[item.heapIndex * 2 + 2];
      const child = right !== undefined && left !== undefined && right.visibleAt < left.visibleAt ? right : left;
      if (child === undefined || child.visibleAt >= item.visibleAt) return;
      const index = item.heapIndex;
      this.#put(item, child.heapIndex);
      this.#put(child, index);
    }
  }
}

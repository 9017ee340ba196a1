/** An item that `DueHeap` orders. */
export interface Due {
  /** Milliseconds since 1970. */
  visibleAt: number;
  /** The item's index in the heap, maintained by the heap; -1 outside it. */
  heapIndex: number;
}

/** Messages that become visible later, earliest first: a binary heap in which each item stores its own index. */
export class DueHeap<T extends Due> {
  readonly #items: T[] = [];

  get earliest(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    item.heapIndex = this.#items.length;
    this.#items.push(item);
    this.#siftUp(item);
  }

  remove(item: T): void {
    const hole = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#put(last, hole);
    this.#siftUp(last);
    this.#siftDown(last);
  }

  #put(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #siftUp(item: T): void {
    for (;;) {
      const above = (item.heapIndex - 1) >> 1;
      const parent = this.#items[above];
      if (item.heapIndex === 0 || parent === undefined || parent.visibleAt <= item.visibleAt) return;
      const index = item.heapIndex;
      this.#put(item, above);
      this.#put(parent, index);
    }
  }

  #siftDown(item: T): void {
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

/** Something that happens at a moment of simulated time. Returns `idle` when nothing came of it. */
type Action = () => 'idle' | void;

interface Event {
  readonly at: number;
  readonly order: number;
  readonly action: Action;
}

/**
 * Simulated time.
 * 1. One event happens at a time, in the order of their moments; those of one moment in the order they were asked for.
 * 2. After an event, every continuation it woke has run before the next one happens: the code under test runs in
 *    nothing but microtasks, so that no real time, timer or I/O has a say.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #order = 0;
  #now = 0;

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Lets `action` happen at a moment, at once when that has passed. */
  at(time: number, action: Action): void {
    this.#push({ at: Math.max(time, this.#now), order: (this.#order += 1), action });
  }

  /** Goes from event to event until none is left or `done` says so, asked after each. */
  async run(done: () => boolean): Promise<void> {
    for (let event = this.#pop(); event; event = this.#pop()) {
      this.#now = event.at;
      if (event.action() !== 'idle') await continuations();
      if (done()) return;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || before(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      const child = smaller(heap, 2 * index + 1);
      const below = heap[child];
      if (!below || before(last, below)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function smaller(heap: readonly Event[], left: number): number {
  const [a, b] = [heap[left], heap[left + 1]];
  return a && b && before(b, a) ? left + 1 : left;
}

/** Node runs a tick only when the queue of microtasks is empty: by then everything that could go on has gone on. */
const continuations = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

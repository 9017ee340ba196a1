/** An event's action. Returns `idle` when it had no effect. */
type Action = () => 'idle' | void;

interface Event {
  readonly at: number;
  readonly order: number;
  readonly action: Action;
}

/**
 * Simulated time.
 * 1. One event happens at a time, in order of time. Events of the same time happen in the order they were scheduled.
 * 2. All continuations of an event run before the next event. The code under test runs only in microtasks, so no real
 *    time, timer or I/O is involved.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #order = 0;
  #now = 0;

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Schedules `action`, or runs it next if the time has passed. */
  at(time: number, action: Action): void {
    this.#push({ at: Math.max(time, this.#now), order: (this.#order += 1), action });
  }

  /** Runs events until none is left or `done` returns true after one. */
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

/** Node runs a tick only when the microtask queue is empty. By then every continuation has run. */
const continuations = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

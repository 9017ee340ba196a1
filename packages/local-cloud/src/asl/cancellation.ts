import { Aborted } from './errors.ts';

/**
 * Stops a branch. Stopping an execution, or the failure of a sibling, cancels everything below.
 *
 * Invariants
 * 1. A cancellation is final. Every listener is called exactly once, in no particular order.
 * 2. Cancelling a parent cancels its children. Cancelling a child never cancels its parent.
 */
export class Cancellation {
  readonly #listeners = new Set<() => void>();
  #cancelled = false;

  /** Creates a cancellation below this one. `release` unlinks it when its branch has ended. */
  child(): { readonly cancellation: Cancellation; readonly release: () => void } {
    const cancellation = new Cancellation();
    return { cancellation, release: this.listen(() => cancellation.cancel()) };
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** Calls back on cancellation, immediately if already cancelled. Returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    if (this.#cancelled) {
      listener();
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  throwIfCancelled(): void {
    if (this.#cancelled) throw new Aborted();
  }

  /**
   * Returns a promise that rejects with `Aborted` on cancellation. `start` receives resolve and reject and returns a
   * cleanup function, which runs exactly once, however the promise ends.
   */
  wait<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cleanups: (() => void)[] = [];
      let ended = false;
      const end = (settle: () => void): void => {
        if (ended) return;
        ended = true;
        for (const cleanup of cleanups) cleanup();
        settle();
      };
      cleanups.push(this.listen(() => end(() => reject(new Aborted()))));
      if (ended) return;
      const cleanup = start(
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      );
      // If `start` already ended the promise, `end` ran before the cleanup was registered.
      if (ended) cleanup();
      else cleanups.push(cleanup);
    });
  }
}

import { Aborted } from './errors.ts';

/**
 * What stops a branch: an execution that is stopped, or a sibling that failed, cancels everything below.
 *
 * Invariants
 * 1. Once cancelled, for ever cancelled; every listener is called exactly once, in no particular order.
 * 2. A child is cancelled with its parent and never the other way round.
 */
export class Cancellation {
  readonly #listeners = new Set<() => void>();
  #cancelled = false;

  /** A cancellation below this one. `release` unlinks it when its branch has ended. */
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

  /** Calls back on cancellation, at once where that has been; the answer takes it back. */
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
   * A promise that ends with the cancellation at the latest. `start` gets resolve and reject and answers with what
   * takes its waiting back; that runs exactly once, however the promise ends.
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
      // Where `start` itself ended the promise, nobody else will clean up.
      if (ended) cleanup();
      else cleanups.push(cleanup);
    });
  }
}

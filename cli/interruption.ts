import { Interrupted, UserError } from './user-error.ts';

/** Ctrl-C as an abort signal. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Resolves at the first interruption. */
  readonly fired: Promise<void>;
}

/** npm forwards the terminal's SIGINT, so a program receives it twice. A second one this soon is the same Ctrl-C. */
const SAME_KEYPRESS_MS = 1_000;
const EXIT_INTERRUPTED = 130;

/**
 * Watches for SIGINT and SIGTERM. A second Ctrl-C ends the process immediately.
 * @param onFirst called at the first interruption, before anything stops
 */
export function watchInterruption(onFirst: () => void = () => undefined): Interruption {
  const controller = new AbortController();
  const { promise: fired, resolve } = Promise.withResolvers<void>();
  let firstAt = 0;
  const stop = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAt > SAME_KEYPRESS_MS) process.exit(EXIT_INTERRUPTED);
      return;
    }
    firstAt = performance.now();
    onFirst();
    controller.abort();
    resolve();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, fired };
}

/**
 * Aborts a part of a command at SIGINT or SIGTERM. Afterwards the signals do what they did before, unless one came: npm
 * sends it twice, and the second must not end the process before it says what happened.
 * @public commands of systems use it
 */
export async function interruptible<Done>(act: (signal: AbortSignal) => Promise<Done>): Promise<Done> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const done = await act(controller.signal);
    if (!controller.signal.aborted) return done;
  } catch (error) {
    // Whatever the abort made fail. An error for the user says what became of the work.
    if (!controller.signal.aborted || error instanceof UserError) throw error;
  } finally {
    if (!controller.signal.aborted) process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  throw new Interrupted('Interrupted.', 'Run the command again to start over.', 3);
}

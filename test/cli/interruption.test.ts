import { describe, expect, it } from 'vitest';
import { interruptible } from '#cli/interruption.ts';
import { Interrupted, UserError } from '#cli/user-error.ts';

/** Waits until its signal aborts, then fails as libraries do. */
const aborted = (signal: AbortSignal, error: Error): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(error)));

describe('a part that is interrupted', () => {
  const listeners = (): number => process.listenerCount('SIGINT');

  it('ends as interrupted, whatever the abort made fail', async () => {
    const work = interruptible((signal) =>
      aborted(signal, new DOMException('The operation was aborted', 'AbortError')),
    );
    process.emit('SIGINT');
    await expect(work).rejects.toBeInstanceOf(Interrupted);
  });

  it('lets an error for the user say what became of the work', async () => {
    const work = interruptible((signal) => aborted(signal, new UserError('Half is done.', 'Go on.')));
    process.emit('SIGINT');
    await expect(work).rejects.toThrow('Half is done.');
  });

  it('fails as it failed if nobody interrupted it, and leaves no listener', async () => {
    const before = listeners();
    await expect(interruptible(() => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault');
    expect(await interruptible(() => Promise.resolve(3))).toBe(3);
    expect(listeners()).toBe(before);
  });
});

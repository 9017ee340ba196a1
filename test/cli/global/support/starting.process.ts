import { lockStart } from '#cli/global/registry.ts';

/** Begins to start regions, as `fleet global up` does, and goes no further. Says why if it may not. */
try {
  lockStart();
  process.send?.('begun');
} catch (error) {
  process.send?.(error instanceof Error ? error.message : String(error));
}
// Until it is killed.
process.on('message', () => undefined);

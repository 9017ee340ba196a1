import { setTimeout as delay } from 'node:timers/promises';
import { untilFound } from '../until-found.ts';
import type { GamedayFleet } from '../fleet.ts';

export interface Broken {
  /** A task that the commands of the runbook may name. */
  readonly task: string;
  /** What others do meanwhile: the receiver is up again, the provider has capacity. */
  readonly mend: () => Promise<void>;
}

/** One way to break a fleet. */
export interface Scenario {
  readonly name: string;
  /** A part of the name of the alarm that must ring. */
  readonly alarm: string;
  break(fleet: GamedayFleet): Promise<Broken>;
}

/** Does something again and again until it is stopped, such as callers that go on to submit tasks. */
export function repeating(everyMs: number, act: () => Promise<unknown>): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // What is broken may refuse: that is what the game day is about.
      await act().catch(() => undefined);
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const looping = loop();
  return {
    async stop() {
      stopping.abort();
      await looping;
    },
  };
}

const PATIENCE_MS = 60_000;

/** Waits until something holds. Throws after a minute: then a scenario does not break what it should. */
export async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  const held = await untilFound(async () => (await holds()) || null, PATIENCE_MS);
  if (held === null) throw new Error('What the scenario waits for did not happen within a minute.');
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Agent } from '#core/agents/define-agent.ts';
import type { Arrival } from '#systems/support/load/day.ts';
import type { Judged, Result } from '#systems/support/load/judge.ts';

/** What a fleet needs of its systems; handed over in bin/fleet.ts, where both sides meet. */
export interface FleetSystems {
  /** Module paths of the rules by which the simulated Claude answers for all of them; the first that matches does. */
  readonly claudeRules: readonly string[];
}

/** What the command line needs of the documents system beside that. */
export interface DocumentsSystem extends FleetSystems {
  readonly agent: Agent;
  /** Writes the sample contracts into a folder; answers with how many files it wrote. */
  writeSamples(folder: string): Promise<number>;
}

/** What the command line needs of the support system: its load, with what is known of it. */
export interface SupportSystem extends FleetSystems {
  /** Name of the agent that answers. */
  readonly agent: string;
  rehearse(options: RehearsalOptions): Rehearsal;
}

export interface RehearsalOptions {
  /** Begins all ids of its customers, threads and messages. */
  readonly id: string;
  readonly seed: number;
  /** Milliseconds since the epoch: what the shop's days are reckoned from. */
  readonly now: number;
  /** Times the expected volume, which systems/support/load/volume.ts states; or messages a second. */
  readonly volume: number | { readonly rate: number };
  readonly seconds: number;
  /** By the hours of a day, or all the time alike. */
  readonly curve: 'day' | 'even';
}

/** A stretch of time, in milliseconds from the start. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Messages of customers as they arrive, and the judge of what became of them. */
export interface Rehearsal {
  readonly arrivals: readonly Arrival[];
  /** The busiest hour or so, and the way there from the night. */
  readonly peak: Stretch;
  readonly climb: Stretch;
  /** Puts the customers, their orders and the articles into the shop. */
  fill(shop: ShopPlace): Promise<void>;
  /**
   * Holds the results against what is known of the messages, and the shop's orders.
   * @param sent ids of the messages that were sent
   */
  judge(shop: ShopPlace, results: readonly Result[], sent: ReadonlySet<string>): Promise<Judged>;
}

/** The shop's table. */
export interface ShopPlace {
  readonly table: string;
  readonly client: DynamoDBClient;
}

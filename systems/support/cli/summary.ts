import type { Sample } from './drive-day.ts';
import type { Figures, Reply } from './figures.ts';
import type { SupportOptions } from './options.ts';

/** The summary of a day, as `--json` prints it. */
export interface SupportSummary extends Figures, Pick<SupportOptions, 'minutes' | 'volume' | 'seed'> {
  readonly id: string;
  /** Describes the model. */
  readonly model: string;
  /** 429 responses of the simulated model; null if a fleet outside this process was used. */
  readonly modelThrottles: number | null;
  readonly machine: {
    readonly cores: number;
    /** One-minute load average before and after. */
    readonly load: readonly [before: number, after: number];
    /**
     * Milliseconds of processor time per message, including the fleet, its simulated model and this command; null if a
     * fleet outside this process was used.
     */
    readonly cpuMsAMessage: number | null;
  };
  /** The folder of support.html and support.json. */
  readonly out: string;
}

export interface DayRecord {
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly replies: readonly Reply[];
}

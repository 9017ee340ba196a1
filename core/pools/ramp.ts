import { z } from 'zod';
import { stored } from '../stored/record.ts';

/**
 * A resume in growing steps: how many tasks may run at once, by time. It lies in the state table, so it holds whatever
 * becomes of whoever asked for it. Times are milliseconds since the epoch.
 */
export const rampSchema = stored({
  /** What 100 % are, by agent; for a tenant's tasks of all agents, under `*`. */
  of: z.record(z.string(), z.number().int().positive()),
  steps: z.array(stored({ percent: z.number(), until: z.number() })),
});
export type Ramp = z.infer<typeof rampSchema>;

/** The key of a ramp over the tasks of all agents. */
export const ANY_AGENT = '*';

/** After the last step the full number is a limit for so long, so that tasks that wait for their turn are woken in order. */
const DRAIN_MS = 15 * 60_000;

/**
 * A ramp that begins now.
 * @param percents growing, above 0, at most 100
 * @param everyMs milliseconds of each step
 */
export function newRamp(of: Ramp['of'], percents: readonly number[], everyMs: number, now: number): Ramp {
  const below = percents.filter((percent) => percent < 100);
  const steps = below.map((percent, index) => ({ percent, until: now + (index + 1) * everyMs }));
  return { of, steps: [...steps, { percent: 100, until: now + below.length * everyMs + DRAIN_MS }] };
}

/** How many tasks of an agent may run at once; infinite without a ramp, after its end, and for an agent that it does not name. */
export function limitAt(ramp: Ramp | undefined, agent: string, now: number): number {
  const step = ramp?.steps.find(({ until }) => now < until);
  const all = ramp?.of[agent];
  if (step === undefined || all === undefined) return Infinity;
  return Math.max(1, Math.ceil((all * step.percent) / 100));
}

/** Whether a step below 100 % is under way. */
export const isInStep = (ramp: Ramp | undefined, now: number): boolean =>
  (ramp?.steps.find(({ until }) => now < until)?.percent ?? 100) < 100;

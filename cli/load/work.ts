import type { Target } from '../api/target.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import type { CliSystem } from '../system.ts';
import type { LoadOptions } from './options.ts';
import type { ListedTask } from './tally.ts';

/** The tasks of a load test. */
export interface Work {
  /** Returns the nth task's part of its request body; undefined when there are no more. */
  of(nth: number): Readonly<Record<string, unknown>> | undefined;
  /** Judges the ended tasks, by their number; absent where nothing is known of them. */
  judge?(ended: ReadonlyMap<string, ListedTask>): Promise<Verdict>;
  close(): void;
}

/** What a system's judge says of a load test. */
export interface Verdict {
  /** Added to the JSON report. */
  readonly report: Readonly<Record<string, unknown>>;
  /** Label and text, for a person. */
  readonly facts: Readonly<Record<string, string>>;
  /** What must not be, one phrase each; empty when all is well. */
  readonly violations: readonly string[];
}

const SUM = { instruction: 'What is 6 times 7?' };

/** The instruction or input that was given, else what the agent's system has for load tests, else a small sum. */
export async function workOf(
  request: { readonly id: string; readonly target: Target; readonly options: LoadOptions; readonly raw: unknown },
  systems: readonly CliSystem[],
  tasks: number,
): Promise<Work> {
  const { id, target, options, raw } = request;
  if (options.work !== null) return { of: () => options.work ?? undefined, close: () => undefined };
  const load = systems.find((system) => system.load?.agent === options.agent)?.load;
  if (load === undefined) return { of: () => SUM, close: () => undefined };
  const running = findRunningFleet();
  return load.work({ id, options, raw, tasks, running: running?.api.url === target.url ? running : null });
}

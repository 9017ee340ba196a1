import type { Target } from '../api/target.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import type { LoadOptions } from './options.ts';
import type { SystemLoad, Work } from './system-load.ts';

const SUM = { instruction: 'What is 6 times 7?' };

/** The instruction or input that was given, else what the agent's system has for load tests, else a small sum. */
export async function workOf(
  request: { readonly id: string; readonly target: Target; readonly options: LoadOptions; readonly raw: unknown },
  loads: readonly SystemLoad[],
  tasks: number,
): Promise<Work> {
  const { id, target, options, raw } = request;
  const { work } = options;
  if (work !== null) return { of: () => work, close: () => undefined };
  const load = loads.find(({ agent }) => agent === options.agent);
  if (load === undefined) return { of: () => SUM, close: () => undefined };
  const running = findRunningFleet();
  return load.work({ id, options, raw, tasks, running: running?.api.url === target.url ? running : null });
}

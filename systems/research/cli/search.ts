import { modelKey } from '#cli/fleet/model-key.ts';
import type { RunningFleet } from '#cli/fleet/registry.ts';
import { UserError } from '#cli/user-error.ts';
import type { Company } from '../companies/company.ts';
import { isSimulated } from './which-web.ts';

/** What a fleet is booted with for `--search`. @param url of the simulated web, which has a search of its own */
export const withSearch = (url: string) => ({ settings: { 'research.search': 'true' }, search: { url } });

interface Searching {
  readonly companies: readonly Company[];
  /** Null: one is booted. */
  readonly running: Pick<RunningFleet, 'model' | 'outputs'> | null;
  /** Whether a fleet that is booted has the real model. */
  readonly hasKey?: boolean;
}

/**
 * Throws a `UserError` if a search would fail, or would bring pages of the wrong web: invented companies are searched for
 * in the simulated web by a simulated model that this command starts, companies elsewhere by the real model.
 */
export function requireSearch({ companies, running, hasKey = modelKey() !== null }: Searching): void {
  const isReal = running === null ? hasKey : !running.model.startsWith('simulated');
  if (companies.some(isSimulated)) {
    if (running !== null)
      throw new UserError(
        'A fleet runs on this machine, and its model cannot search the simulated web.',
        'Stop it with npm run fleet -- down: then this command starts a fleet that can.',
      );
    if (isReal)
      throw new UserError(
        'The real model would search the real web for companies whose news is invented.',
        'Unset ANTHROPIC_API_KEY, leave out --search, or use --companies with companies that exist.',
      );
    return;
  }
  if (!isReal)
    throw new UserError(
      'The simulated model searches only the simulated web, which does not know these companies.',
      'Set ANTHROPIC_API_KEY, or leave out --search.',
    );
  if (running !== null && running.outputs['research']?.['Searches'] !== 'true')
    throw new UserError(
      'The fleet that runs on this machine does not search the web.',
      'Stop it with npm run fleet -- down: then this command starts one that does. Or set systems.research.search in config/dev.json to true and start it again.',
    );
}

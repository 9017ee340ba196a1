import type { Wave } from './waves.ts';

export interface RollOut {
  readonly waves: readonly Wave[];
  readonly say: (line: string) => void;
  /** Deploys the stacks of a wave. Resolves to whether all of them were deployed. */
  readonly deploy: (wave: Wave) => Promise<boolean>;
  /** Watches a wave for the bake time. Resolves to the alarms that ring, and rejects if it cannot look. */
  readonly watch: (wave: Wave) => Promise<readonly string[]>;
}

/**
 * Deploys region by region. A wave begins only when the one before it was deployed and has worked for the bake time
 * without an alarm. Resolves to whether all waves were deployed.
 */
export async function rollOut({ waves, say, deploy, watch }: RollOut): Promise<boolean> {
  for (const [index, wave] of waves.entries()) {
    const next = waves[index + 1];
    const rest = next === undefined ? 'Nothing else was to be deployed.' : `${next.name} was not touched.`;
    say(`${wave.name}: deploying ${wave.stacks.length} stacks …`);
    if (!(await deploy(wave))) {
      say(`${wave.name}: the deploy failed. ${rest} Fix the cause, then deploy again with --from ${wave.name}.`);
      return false;
    }
    if (next === undefined) break;
    const concern = await watch(wave).then(ringingAs, unreadAs);
    if (concern !== null) {
      const { what, remedy } = concern;
      say(`${wave.name}: ${what} ${rest} ${remedy(wave.name, next.name)}`);
      return false;
    }
  }
  say('All regions are deployed.');
  return true;
}

interface Concern {
  readonly what: string;
  readonly remedy: (wave: string, next: string) => string;
}

const ringingAs = (alarms: readonly string[]): Concern | null =>
  alarms.length === 0
    ? null
    : {
        what: `${alarms.join(', ')}.`,
        remedy: (wave) => `Deploy the release before to ${wave}, or fix the cause.`,
      };

const unreadAs = (error: unknown): Concern => ({
  what: `deployed, but its alarms cannot be read. ${error instanceof Error ? error.message : String(error)}`,
  remedy: (_, next) => `If no alarm rings, go on with --from ${next}.`,
});

/** The waves from one on. Throws for a name that none has. */
export function wavesFrom(waves: readonly Wave[], from: string | undefined): readonly Wave[] {
  if (from === undefined) return waves;
  const index = waves.findIndex(({ name }) => name === from);
  if (index !== -1) return waves.slice(index);
  throw new RangeError(`"${from}" is not one of ${waves.map(({ name }) => name).join(', ')}.`);
}

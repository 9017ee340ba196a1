import type { Wave } from './waves.ts';

export interface RollOut {
  readonly waves: readonly Wave[];
  readonly say: (line: string) => void;
  /** Deploys the stacks of a wave. Resolves to whether all of them were deployed. */
  readonly deploy: (wave: Wave) => Promise<boolean>;
  /** Watches a wave for the bake time. Resolves to the alarms that ring. */
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
    const ringing = await watch(wave);
    if (ringing.length > 0) {
      say(`${wave.name}: ${ringing.join(', ')}. ${rest} Deploy the release before to ${wave.name}, or fix the cause.`);
      return false;
    }
  }
  say('All regions are deployed.');
  return true;
}

/** The waves from one on. Throws for a name that none has. */
export function wavesFrom(waves: readonly Wave[], from: string | undefined): readonly Wave[] {
  if (from === undefined) return waves;
  const index = waves.findIndex(({ name }) => name === from);
  if (index !== -1) return waves.slice(index);
  throw new RangeError(`"${from}" is not one of ${waves.map(({ name }) => name).join(', ')}.`);
}

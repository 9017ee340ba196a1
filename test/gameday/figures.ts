import { z } from 'zod';

/** Seconds within which an alarm must ring. */
const FIRES_S = 120;
/** Seconds that a whole game day may take: half an hour. */
const WHOLE_S = 1_800;

/** What `npm run gameday -- --json` prints. */
const figuresSchema = z.object({
  totalS: z.number(),
  scenarios: z.array(
    z.object({
      name: z.string(),
      alarm: z.string(),
      firedAfterS: z.number().nullable(),
      clearedAfterS: z.number().nullable(),
      commands: z.array(z.object({ part: z.string(), command: z.string(), code: z.number() })),
    }),
  ),
});

/**
 * What the figures of a game day lack: a scenario that was not played, an alarm that rang late or never or did not clear,
 * a section without an act, a command that failed, more than half an hour in all. Throws if they are not figures of a game day.
 * @param names the scenarios that must have been played
 */
export function lacks(figures: unknown, names: readonly string[]): string[] {
  const { totalS, scenarios } = figuresSchema.parse(figures);
  const missing = names.filter((name) => !scenarios.some((each) => each.name === name));
  return [
    ...(totalS > WHOLE_S ? [`the game day took ${totalS} s, more than ${WHOLE_S}`] : []),
    ...missing.map((name) => `${name}: was not played`),
    ...scenarios.flatMap(({ name, alarm, firedAfterS, clearedAfterS, commands }) => [
      ...(firedAfterS === null || firedAfterS > FIRES_S ? [`${name}: ${alarm} rang after ${firedAfterS} s`] : []),
      ...(clearedAfterS === null ? [`${name}: ${alarm} did not clear`] : []),
      ...(commands.some(({ part }) => part === 'act') ? [] : [`${name}: no act of the runbook was run`]),
      ...commands.filter(({ code }) => code !== 0).map(({ command, code }) => `${name}: ${command} ended with ${code}`),
    ]),
  ];
}

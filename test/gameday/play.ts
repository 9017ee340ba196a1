import { z } from 'zod';
import type { Output } from '#cli/terminal/output.ts';
import { poolListSchema } from '#core/api/pools/messages.ts';
import { startGamedayFleet, type GamedayFleet } from './fleet.ts';
import { filledIn, sectionOf } from './runbook.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { untilFound } from './until-found.ts';

/** An alarm rings within two minutes, or users notice first. It clears when what is broken is mended. */
const FIRES_MS = 120_000;
const CLEARS_MS = 1_500_000;
/** What a scenario left behind is worked off within this time. */
const CALM_MS = 300_000;

export interface Played {
  readonly name: string;
  /** The alarm that rang; the one that should have if none did. */
  readonly alarm: string;
  /** Seconds from the break to the alarm, and from the mend to its end. Null: it did not. */
  readonly firedAfterS: number | null;
  readonly clearedAfterS: number | null;
  /** Commands of its section, as they were run, with their exit codes. */
  readonly commands: readonly PlayedCommand[];
  readonly complaints: readonly string[];
}

interface Stage {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * Plays scenarios one after the other on one fleet. The next one begins when what was broken is mended and its tasks have
 * ended. Its alarm may clear later: one over half an hour takes that long.
 */
export async function playGameday(scenarios: readonly Scenario[], stage: Stage): Promise<readonly Played[]> {
  stage.output.progress('Starting the fleet …');
  const fleet = await startGamedayFleet();
  const clearing: Promise<Played>[] = [];
  try {
    for (const scenario of scenarios) {
      stage.signal.throwIfAborted();
      const { mended } = await play(fleet, scenario, stage);
      // Handled when all are waited for.
      mended.catch(() => undefined);
      clearing.push(mended);
    }
    return await Promise.all(clearing);
  } finally {
    await fleet.close();
  }
}

async function play(
  fleet: GamedayFleet,
  scenario: Scenario,
  { output, signal }: Stage,
): Promise<{ readonly mended: Promise<Played> }> {
  const { name, alarm } = scenario;
  if (!(await untilCalm(fleet, signal))) output.line(`${name}: begins although earlier tasks have not ended.`);
  await untilState(fleet, alarm, (state) => state !== 'ALARM', CLEARS_MS, signal);
  const brokenAt = performance.now();
  const { task, mend } = await scenario.break(fleet);
  output.line(`${name}: broken. Waiting for the alarm ${alarm} …`);
  const rang = await untilState(fleet, alarm, (state) => state === 'ALARM', FIRES_MS, signal);
  const firedAfterS = rang && secondsSince(brokenAt);
  if (rang) output.line(`${name}: ${rang.name} rang after ${firedAfterS} s: ${rang.reason}`);
  const commands = rang ? await handle(fleet, rang.runbook, task, output) : [];
  const mendedAt = performance.now();
  await mend();
  const clear = async (): Promise<Played> => {
    const cleared = rang && (await untilState(fleet, alarm, (state) => state !== 'ALARM', CLEARS_MS, signal));
    const clearedAfterS = cleared && secondsSince(mendedAt);
    if (clearedAfterS !== null) output.line(`${name}: cleared after ${clearedAfterS} s.`);
    return { name, alarm: rang?.name ?? alarm, firedAfterS, clearedAfterS, ...judged(alarm, rang, cleared, commands) };
  };
  return { mended: clear() };
}

function judged(alarm: string, rang: Alarm | null, cleared: Alarm | null, commands: readonly RanCommand[]) {
  const complaints = [
    ...(rang ? [] : [`${alarm} did not ring within ${FIRES_MS / 1_000} s`]),
    ...(rang && !cleared ? [`${rang.name} did not clear within ${CLEARS_MS / 1_000} s`] : []),
    ...(rang && !commands.some(({ part }) => part === 'act') ? [`the section of ${rang.name} has no act to run`] : []),
    ...commands.filter(({ code }) => code !== 0).map(({ command, said }) => `${command}: ${said}`),
  ];
  return { commands: commands.map(({ part, command, code }) => ({ part, command, code })), complaints };
}

interface PlayedCommand {
  readonly part: 'look' | 'act' | 'undo' | 'verify';
  readonly command: string;
  readonly code: number;
}

interface RanCommand extends PlayedCommand {
  /** What it printed, the first lines: some commands give their reasons on stdout. */
  readonly said: string;
}

const secondsSince = (start: number): number => Math.round((performance.now() - start) / 1_000);

/** Runs the commands of a section as written: looks, acts, and undoes each act, since the game goes on. */
async function handle(fleet: GamedayFleet, runbook: string, task: string, output: Output) {
  const { look, act, verify } = sectionOf(runbook.slice(runbook.indexOf('#')));
  const done: RanCommand[] = [];
  const run = async (part: PlayedCommand['part'], written: string, named: string, patienceMs = 0): Promise<string> => {
    const command = filledIn(written, named);
    const until = performance.now() + patienceMs;
    for (;;) {
      output.progress(command);
      const { code, stdout, stderr } = await fleet.run(command);
      // A task whose cancel came after its last step has succeeded: there is nothing to undo.
      if (code !== 0 && part === 'undo' && (await hasSucceeded(fleet, named))) return stdout;
      if (code !== 0 && performance.now() < until) continue;
      done.push({
        part,
        command,
        code,
        said: [...stdout.trim().split('\n').slice(0, 2), ...stderr.trim().split('\n').slice(0, 2)].join(' '),
      });
      return stdout;
    }
  };
  for (const command of look) await run('look', command, task);
  for (const { command, undo } of act) {
    const printed = await run('act', command, task);
    const id = idOfUndo(command, printed, task);
    for (const each of undo) if (id !== null || !NAMES_ID.test(each)) await run('undo', each, id ?? task, UNDO_MS);
  }
  for (const command of verify) await run('verify', command, task);
  return done;
}

const hasSucceeded = async (fleet: GamedayFleet, id: string): Promise<boolean> => {
  const task = await fleet.get(`/tasks/${id}`).catch(() => null);
  return z.object({ status: z.literal('succeeded') }).safeParse(task).success;
};

/** An undo may have to wait for what it undoes: a task that is being cancelled is retried when it has ended. */
const UNDO_MS = 60_000;
const NAMES_ID = /\b(?:TASK|ID)\b/;
/** Of a task or a key. */
const PRINTED_ID = /\b(?:task-[\da-f]{32}|key-[\da-f]{12})\b/;

/**
 * What an undo names: what its command printed, else what the command named. Null: a command for many, such as a cancel of
 * all tasks, found none, so there is nothing to undo.
 */
export const idOfUndo = (command: string, printed: string, task: string): string | null =>
  PRINTED_ID.exec(printed)?.[0] ?? (NAMES_ID.test(command) ? task : null);

const alarmsSchema = z.object({
  alarms: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string(), runbook: z.string() })),
});
type Alarm = z.infer<typeof alarmsSchema>['alarms'][number];

/** None if the API does not answer, as when its own workers die too. */
async function alarmsOf(fleet: GamedayFleet): Promise<readonly Alarm[]> {
  const answer = await fleet.get('/alarms').catch(() => ({ alarms: [] }));
  return alarmsSchema.parse(answer).alarms;
}

/** Looks until no task is left and the pool works as it should. False if that was not in time. */
async function untilCalm(fleet: GamedayFleet, signal: AbortSignal): Promise<boolean> {
  const isCalm = async (): Promise<boolean> => {
    const { pools } = poolListSchema.parse(await fleet.get('/pools?tasks=true'));
    return pools.every(
      ({ status, tasks }) =>
        (status === 'active' || status === 'resuming') &&
        tasks !== undefined &&
        tasks.running + tasks.queued + Object.keys(tasks.parked).length === 0,
    );
  };
  return (await untilFound(async () => (await isCalm()) || null, CALM_MS, signal)) !== null;
}

/** Looks until an alarm of this name is in a state. Null if it was not in time. */
function untilState(
  fleet: GamedayFleet,
  name: string,
  isWanted: (state: string) => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Alarm | null> {
  const find = async (): Promise<Alarm | null> => {
    const alarms = await alarmsOf(fleet);
    const found = alarms.filter((alarm) => alarm.name.includes(name));
    if (alarms.length > 0 && found.length === 0)
      throw new Error(`No alarm is called ${name}. There are: ${alarms.map((each) => each.name).join(', ')}.`);
    const wanted = found.find(({ state }) => isWanted(state));
    return wanted && (found.every(({ state }) => isWanted(state)) || wanted.state === 'ALARM') ? wanted : null;
  };
  return untilFound(find, timeoutMs, signal);
}

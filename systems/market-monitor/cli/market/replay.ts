import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { interruptible } from '#cli/interruption.ts';
import { count } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { Interrupted, UserError } from '#cli/user-error.ts';
import { reasonWords } from '../../set-aside/view.ts';
import { caughtUp } from './caught-up.ts';
import type { ReplayOptions } from './options.ts';
import { marketOf, type MarketOfFleet } from './own-fleet.ts';
import { paced } from './player.ts';
import { readReplayFile, type ReplayFile, type WrongLine } from './replay-file.ts';
import { setAsideSince, type SetAsideCounts } from './set-aside.ts';

/** How long it waits for the router after the last line. */
const ROUTER_MS = 30_000;

/** `fleet market replay`: the router judges what is valid, so each line is sent as it is, and said if it is not. */
export async function replayCommand(file: string, { minutes, json }: ReplayOptions): Promise<void> {
  const day = readReplayFile(file, Date.now());
  const fleet = findRunningFleet();
  if (fleet === null) throw new UserError('No fleet is running on this machine.', 'Start one with npm start.');
  const market = marketOf(fleet.endpoint, fleet.outputs);
  const notes = terminalOutput(json);
  const startedAt = Date.now();
  let setAside: SetAsideCounts | null;
  try {
    await send(market, day, minutes, notes);
    notes.progress('All is sent: waiting for the router …');
    setAside = await interruptible(async (signal) => setAsideOf(market, day, startedAt, signal));
  } finally {
    market.close();
    notes.progress('');
  }
  const { records, rejected, tooBig } = day;
  if (json) return notes.json({ events: records.length - rejected.length, rejected, tooBig, setAside });
  for (const line of said(day, setAside)) notes.line(line);
}

/** What the router set aside of a file. Null: it has not read all of it yet. */
async function setAsideOf(
  market: MarketOfFleet,
  { records }: ReplayFile,
  startedAt: number,
  signal: AbortSignal,
): Promise<SetAsideCounts | null> {
  if (!(await caughtUp(market, signal, ROUTER_MS))) return null;
  const nameOf = (key: string, bytes: number): string => JSON.stringify([key, bytes]);
  const own = new Set(records.map(({ key, bytes }) => nameOf(key, bytes.length)));
  return setAsideSince(market, startedAt, ({ key, bytes }) => own.has(nameOf(key, bytes)));
}

/** Lines that a second has, if nothing is asked for. */
const DEFAULT_RATE = 50;
const DEFAULT_MINUTES = 3;

async function send(
  market: MarketOfFleet,
  { records }: ReplayFile,
  minutes: number | undefined,
  notes: Output,
): Promise<void> {
  const rate = records.length / ((minutes ?? DEFAULT_MINUTES) * 60);
  const perSecond = minutes === undefined ? Math.max(DEFAULT_RATE, rate) : rate;
  let sent = 0;
  try {
    await interruptible(async (signal) =>
      paced(
        records,
        perSecond,
        async (batch) => {
          await putInOrder(market.kinesis, market.stream, batch, signal);
          sent += batch.length;
          notes.progress(`${sent} of ${count(records.length, 'line')} sent`);
        },
        signal,
      ),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(
      `Interrupted: ${sent} of ${count(records.length, 'line')} were sent.`,
      'Send the file again for the rest: events that were handled are ignored.',
      1,
    );
  }
}

/** What became of the lines, for people. */
export function said({ records, rejected, tooBig }: ReplayFile, setAside: SetAsideCounts | null): string[] {
  return [
    `${count(records.length - rejected.length, 'valid event')} sent. npm run fleet -- alerts list shows the alerts.`,
    ...(setAside === null
      ? [`The router is still reading. What it sets aside: ${SEE}`]
      : setAside.count === 0
        ? []
        : [
            `Set aside by the router: ${count(setAside.count, 'record')} (${reasonWords(setAside.reasons)}). See them: ${SEE}`,
          ]),
    ...wrong(rejected, 'not valid, and sent as they are'),
    ...wrong(tooBig, 'not sent'),
  ];
}

const SEE = 'npm run fleet -- market rejected --details';

const wrong = (lines: readonly WrongLine[], what: string): string[] =>
  lines[0] === undefined
    ? []
    : [`${count(lines.length, 'line')} ${what}. The first one is line ${lines[0].line}: ${lines[0].why}`];

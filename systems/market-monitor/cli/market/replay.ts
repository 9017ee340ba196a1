import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { interruptible } from '#cli/interruption.ts';
import { count } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { Interrupted, UserError } from '#cli/user-error.ts';
import type { ReplayOptions } from './options.ts';
import { marketOf, type MarketOfFleet } from './own-fleet.ts';
import { paced } from './player.ts';
import { readReplayFile, type ReplayFile, type WrongLine } from './replay-file.ts';

/** `fleet market replay`: the router judges what is valid, so each line is sent as it is, and said if it is not. */
export async function replayCommand(file: string, { minutes, json }: ReplayOptions): Promise<void> {
  const day = readReplayFile(file, Date.now());
  const fleet = findRunningFleet();
  if (fleet === null) throw new UserError('No fleet is running on this machine.', 'Start one with npm start.');
  const market = marketOf(fleet.endpoint, fleet.outputs);
  const notes = terminalOutput(json);
  try {
    await send(market, day, minutes, notes);
  } finally {
    market.close();
    notes.progress('');
  }
  const { records, rejected, tooBig } = day;
  if (json) return notes.json({ events: records.length - rejected.length, rejected, tooBig });
  for (const line of said(day)) notes.line(line);
}

async function send(market: MarketOfFleet, { records }: ReplayFile, minutes: number, notes: Output): Promise<void> {
  let sent = 0;
  try {
    await interruptible(async (signal) =>
      paced(
        records,
        records.length / (minutes * 60),
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
export function said({ records, rejected, tooBig }: ReplayFile): string[] {
  return [
    `${count(records.length - rejected.length, 'event')} sent. npm run fleet -- alerts list shows the alerts.`,
    ...wrong(rejected, 'sent, and set aside by the router'),
    ...wrong(tooBig, 'not sent'),
  ];
}

const wrong = (lines: readonly WrongLine[], what: string): string[] =>
  lines[0] === undefined
    ? []
    : [`${count(lines.length, 'line')} ${what}. The first one is line ${lines[0].line}: ${lines[0].why}`];

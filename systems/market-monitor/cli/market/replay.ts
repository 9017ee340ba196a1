import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { putInOrder, type StreamRecord } from '#adapters/kinesis/put-events.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { fileReason } from '#cli/file-error.ts';
import { interruptible } from '#cli/interruption.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import type { ReplayOptions } from './options.ts';
import { marketOf } from './own-fleet.ts';
import { paced } from './player.ts';

const subjectSchema = z.object({ subject: z.string().min(1) });

/** `fleet market replay`: the router judges what is valid, so each line is sent as it is. */
export async function replayCommand(file: string, { minutes, json }: ReplayOptions): Promise<void> {
  const records = readRecords(file);
  const fleet = findRunningFleet();
  if (fleet === null) throw new UserError('No fleet is running on this machine.', 'Start one with npm start.');
  const market = marketOf(fleet.endpoint, fleet.outputs);
  const notes = terminalOutput(json);
  let sent = 0;
  try {
    await interruptible(async (signal) =>
      paced(
        records,
        records.length / (minutes * 60),
        async (batch) => {
          await putInOrder(market.kinesis, market.stream, batch, signal);
          sent += batch.length;
          notes.progress(`${sent} of ${records.length} events sent`);
        },
        signal,
      ),
    );
  } finally {
    market.close();
  }
  notes.progress('');
  if (json) notes.json({ events: sent });
  else notes.line(`${sent} events sent. npm run fleet -- alerts list shows the alerts.`);
}

function readRecords(file: string): readonly StreamRecord[] {
  const lines = read(file)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw new UserError(`${file} has no events.`, 'Give a file with one CloudEvent as JSON per line.');
  return lines.map((line) => ({ key: keyOf(line), bytes: Buffer.from(line) }));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw wrongUsage(
      `${file} cannot be read: ${fileReason(error) ?? error.message}.`,
      'Give a file that you can read.',
    );
  }
}

/** A line without a subject is sent too: the router sets it aside with the reason. */
function keyOf(line: string): string {
  try {
    return subjectSchema.safeParse(JSON.parse(line)).data?.subject ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

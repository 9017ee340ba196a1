import { setTimeout as delay } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { apiContext, examples, withApi, type ApiContext } from '../api/api-command.ts';
import { watchInterruption } from '../interruption.ts';
import { parseOptions } from '../parse-options.ts';
import { printJsonLine } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { kept, topOf, type Top } from './rates.ts';
import { sampler, type Sample } from './sample.ts';
import { openScreen } from './screen.ts';
import { topLines } from './view.ts';

/** Milliseconds between two refreshes. */
const EVERY_MS = 2_000;

/** Adds `fleet top`. */
export function addTop(fleet: Command): void {
  withApi(fleet.command('top'))
    .description('shows the pools live: depth, running and waiting tasks, rates, errors and $/h; q quits')
    .addOption(new Option('--once', 'print one refresh and end, as without a terminal'))
    .addHelpText(
      'after',
      `${examples('top', 'top --once', 'top --once --json')}\n\nWith --json each refresh is one JSON object on a line. Rates are over the last minute, or since the start.`,
    )
    .action((options: object) => topCommand(apiContext(options), options));
}

async function topCommand(context: ApiContext, raw: object): Promise<void> {
  const { once } = parseOptions(z.object({ once: z.boolean().default(false) }), raw, 'top');
  const { api, json, output } = context;
  const read = sampler(api, () => Date.now());
  if (json && !once) return printEach(read);
  if (json) return output.json(await readOnce(read));
  if (once || !process.stdout.isTTY)
    return output.line(topLines(await readOnce(read), process.stdout.columns).join('\n'));
  return showLive(read);
}

/** Rates need two samples. */
async function readOnce(read: () => Promise<Sample>): Promise<Top> {
  const first = await read();
  await delay(EVERY_MS);
  return topOf([first, await read()]);
}

/** Calls `show` with each refresh until the signal. A refresh that fails is passed on, and the next one is tried. */
export async function refresh(
  read: () => Promise<Sample>,
  show: (top: Top | null, problem: string | null) => void,
  { signal, everyMs = EVERY_MS }: { readonly signal: AbortSignal; readonly everyMs?: number },
): Promise<void> {
  let samples: readonly Sample[] = [];
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  while (!signal.aborted) {
    try {
      const sample = await Promise.race([read(), aborted]);
      if (sample === null) return;
      samples = kept([...samples, sample], sample.at);
      show(topOf(samples), null);
    } catch (error) {
      // A wrong key or a fleet of another version does not get better.
      if (!(error instanceof UserError) || samples.length === 0) throw error;
      show(topOf(samples), error.message);
    }
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function printEach(read: () => Promise<Sample>): Promise<void> {
  const { signal } = watchInterruption();
  const print = (top: Top | null, problem: string | null): void => {
    if (top !== null && problem === null) printJsonLine(top);
  };
  await refresh(read, print, { signal });
}

async function showLive(read: () => Promise<Sample>): Promise<void> {
  const quit = new AbortController();
  const { signal } = watchInterruption(() => quit.abort());
  const screen = openScreen(process.stdout, process.stdin, () => quit.abort());
  try {
    const show = (top: Top | null, problem: string | null): void =>
      screen.draw((columns) => [
        ...(top === null ? [] : topLines(top, columns)),
        '',
        problem === null ? 'q quits' : `${problem} Trying again. q quits`,
      ]);
    await refresh(read, show, { signal: AbortSignal.any([signal, quit.signal]) });
  } finally {
    screen.close();
  }
}

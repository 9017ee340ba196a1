import { setTimeout as delay } from 'node:timers/promises';
import { watchInterruption } from '../../interruption.ts';
import type { Output } from '../../terminal/output.ts';
import { openScreen } from '../../top/screen.ts';
import { requireRunningGlobal } from '../registry.ts';
import { mapReader, type GlobalMap } from './read.ts';
import { mapLines } from './view.ts';

/** Milliseconds between two refreshes. */
const EVERY_MS = 1_000;

/** `fleet global map`: live on a terminal, otherwise once. */
export async function mapCommand(
  options: { readonly json: boolean; readonly once: boolean },
  output: Output,
): Promise<void> {
  requireRunningGlobal();
  const map = mapReader(requireRunningGlobal);
  const read = (): Promise<GlobalMap> => map.read();
  try {
    if (options.json) output.json(await read());
    else if (options.once || !process.stdout.isTTY)
      output.line(mapLines(await read(), process.stdout.columns).join('\n'));
    else await showLive(read);
  } finally {
    map.close();
  }
}

async function showLive(read: () => Promise<GlobalMap>): Promise<void> {
  const quit = new AbortController();
  watchInterruption(() => quit.abort());
  const screen = openScreen(process.stdout, process.stdin, () => quit.abort());
  try {
    while (!quit.signal.aborted) {
      const map = await read();
      screen.draw((columns) => [...mapLines(map, columns), '', 'q quits']);
      await delay(EVERY_MS, undefined, { signal: quit.signal }).catch(() => undefined);
    }
  } finally {
    screen.close();
  }
}

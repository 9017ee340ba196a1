import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { refresh } from '#cli/top/command.ts';
import type { Top } from '#cli/top/rates.ts';
import type { Sample } from '#cli/top/sample.ts';
import { openScreen } from '#cli/top/screen.ts';
import { UserError } from '#cli/user-error.ts';

const sampleAt = (at: number): Sample => ({ at, pools: [], held: [], used: new Map(), todayUsd: 0 });

it('goes on after a refresh that fails, with what it saw last, and ends at once with the signal', async () => {
  const quit = new AbortController();
  let reads = 0;
  const seen: (readonly [string | undefined, string | null])[] = [];
  const read = async (): Promise<Sample> => {
    reads += 1;
    if (reads === 2) throw new UserError('The API does not respond.', 'Try again.');
    if (reads === 4) return new Promise(() => quit.abort());
    return sampleAt(reads);
  };
  const show = (top: Top | null, problem: string | null): void => void seen.push([top?.asOf, problem]);
  await refresh(read, show, { signal: quit.signal, everyMs: 1 });
  const [first, third] = [1, 3].map((ms) => new Date(ms).toISOString());
  expect(seen).toEqual([
    [first, null],
    [first, 'The API does not respond.'],
    [third, null],
  ]);
});

it('fails if its first refresh does', async () => {
  const read = () => Promise.reject(new UserError('There is no key.', 'Set FLEET_KEY.'));
  const { signal } = new AbortController();
  await expect(refresh(read, () => undefined, { signal })).rejects.toThrow('There is no key.');
});

/** A terminal and keyboard in memory. */
function devices() {
  const terminal = Object.assign(new EventEmitter(), { columns: 20, rows: 4, written: '', write: vi.fn() });
  terminal.write.mockImplementation((text: string) => (terminal.written += text));
  const keyboard = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: vi.fn(),
    resume: vi.fn(),
    pause: vi.fn(),
  });
  return { terminal, keyboard };
}

it.each(['q', 'Q', '\u0003'])('the key %j quits, and the terminal is as before', (key) => {
  const { terminal, keyboard } = devices();
  const onQuit = vi.fn();
  const screen = openScreen(terminal, keyboard, onQuit);
  keyboard.emit('data', Buffer.from('x'));
  expect(onQuit).not.toHaveBeenCalled();
  keyboard.emit('data', Buffer.from(key));
  expect(onQuit).toHaveBeenCalledOnce();
  screen.close();
  expect(keyboard.setRawMode.mock.calls).toEqual([[true], [false]]);
  expect(keyboard.listenerCount('data') + terminal.listenerCount('resize')).toBe(0);
  expect(terminal.written.endsWith('\u001B[?25h\u001B[?1049l')).toBe(true);
});

it('is drawn again, cut to its new size, when the terminal is resized', () => {
  const { terminal, keyboard } = devices();
  const screen = openScreen(terminal, keyboard, () => undefined);
  const lines = ['a'.repeat(30), 'b\u001B]0;evil\u0007', 'c', 'd', 'e'];
  screen.draw(() => lines);
  expect(terminal.written).toContain(`${'a'.repeat(19)}…`);
  expect(terminal.written).not.toContain('d');
  expect(terminal.written).not.toContain('evil\u0007');
  terminal.written = '';
  Object.assign(terminal, { columns: 40, rows: 10 });
  terminal.emit('resize');
  expect(terminal.written).toContain('a'.repeat(30));
  expect(terminal.written).toContain('e\u001B[K');
  screen.close();
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { exitCodeOf } from '#cli/exit-code.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';

/** Sets the window's title, clears the screen, writes to the clipboard, and turns the text around. */
const EVIL = 'a\u001B]0;pwned\u0007b\u001B[2Jc\u009B31md\u001B]52;c;cHduZWQ=\u0007e\u202Efdp.exe\u0000\u007F';
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

let written: string;
beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
});
afterEach(() => void vi.restoreAllMocks());

it.each<[string, () => void]>([
  ['a line', () => terminalOutput(false).line(EVIL)],
  ['a note', () => terminalOutput(true).line(EVIL)],
  ['progress', () => terminalOutput(false).progress(EVIL)],
  ['JSON', () => terminalOutput(false).json({ [EVIL]: EVIL })],
  ['a mistake of the user', () => void exitCodeOf(new UserError(EVIL, EVIL))],
  ['an unexpected error', () => void exitCodeOf(new Error(EVIL))],
])('%s that quotes a text of somebody else sends no control character to the terminal', (_, print) => {
  vi.spyOn(performance, 'now').mockReturnValue(60_000);
  print();
  expect(written).toContain('pwned');
  expect(written).not.toMatch(CONTROL);
});

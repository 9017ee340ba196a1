import { fitting } from './fitting.ts';
import { escapedControls, oneLine, printable } from './printable.ts';

/** A command's output. Control characters in lines are replaced, since they may come from anyone's text. */
export interface Output {
  /** A line for people. */
  line(text?: string): void;
  /** Replaces the progress line; an empty text removes it. Without a terminal it prints a line from time to time. */
  progress(text: string): void;
  /** The one JSON object of `--json`. */
  json(value: unknown): void;
}

/** Milliseconds between progress lines without a terminal. */
const LOG_EVERY_MS = 5_000;

/**
 * Writes for people to stdout, or to stderr when stdout is kept for one JSON object.
 * @param json whether stdout is for a machine
 */
export function terminalOutput(json: boolean): Output {
  const stream = json ? process.stderr : process.stdout;
  let shown = '';
  let loggedAt = 0;
  const erase = (): void => {
    if (shown !== '' && stream.isTTY) stream.write('\r\u001B[2K');
    shown = '';
  };
  return {
    line(text = '') {
      erase();
      stream.write(`${printable(text)}\n`);
    },
    progress(words) {
      const text = oneLine(words);
      if (stream.isTTY) {
        erase();
        stream.write(fitting(text, Math.max(20, stream.columns - 1)));
        shown = text;
        return;
      }
      if (text === '' || performance.now() - loggedAt < LOG_EVERY_MS) return;
      loggedAt = performance.now();
      stream.write(`${text}\n`);
    },
    json(value) {
      process.stdout.write(`${escapedControls(JSON.stringify(value, null, 2))}\n`);
    },
  };
}

/** Writes a JSON object on one line of stdout, for a command that goes on printing. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${escapedControls(JSON.stringify(value))}\n`);
}

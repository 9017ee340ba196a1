import { fitting } from '../terminal/fitting.ts';
import { printable } from '../terminal/printable.ts';

const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const CLEAR_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';
const CTRL_C = '\u0003';

/** The part of a terminal that a screen needs. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** The part of its keyboard. */
export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (key: Buffer | string) => void): unknown;
  off(event: 'data', listener: (key: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** A full-screen view that is drawn again when it changes and when the terminal is resized. */
export interface Screen {
  /** @param lines of any width, for a number of columns */
  draw(lines: (columns: number) => readonly string[]): void;
  /** Restores the terminal. */
  close(): void;
}

/**
 * Takes over the terminal. Control characters in lines are replaced, since they may come from anyone's text.
 * @param onQuit called for q and Ctrl-C, which a raw keyboard does not turn into a signal
 */
export function openScreen(terminal: Terminal, keyboard: Keyboard, onQuit: () => void): Screen {
  let shown: (columns: number) => readonly string[] = () => [];
  const draw = (): void => {
    const { columns, rows } = terminal;
    const lines = shown(columns)
      .slice(0, Math.max(1, rows - 1))
      .map((line) => `${fitting(safe(line), Math.max(2, columns))}${CLEAR_LINE}`);
    terminal.write(`${HOME}${lines.join('\r\n')}\r\n${CLEAR_BELOW}`);
  };
  const onKey = (key: Buffer | string): void => {
    if (/[qQ]/.test(String(key)) || String(key).includes(CTRL_C)) onQuit();
  };
  terminal.write(ENTER);
  terminal.on('resize', draw);
  if (keyboard.isTTY === true) {
    keyboard.setRawMode?.(true);
    keyboard.on('data', onKey);
    keyboard.resume();
  }
  return {
    draw(lines) {
      shown = lines;
      draw();
    },
    close() {
      terminal.off('resize', draw);
      if (keyboard.isTTY === true) {
        keyboard.off('data', onKey);
        keyboard.setRawMode?.(false);
        keyboard.pause();
      }
      terminal.write(LEAVE);
    },
  };
}

/** A line as it may be written: a table's columns keep their spaces. */
const safe = (line: string): string => printable(line).replaceAll(/[\n\t]/g, ' ');

import { createWriteStream, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { join } from 'node:path';

/** The log of one environment. */
export interface LogStream {
  /** The id of the environment. */
  name: string;
  /** The request that is writing. */
  requestId: string;
  /** Writes text, not necessarily whole lines. Only whole lines go to the file. */
  readonly write: (text: string) => void;
  /** Writes an unfinished last line. */
  readonly end: () => void;
}

/** Bytes of a file. A day with more lines has more files. */
const MAX_FILE_BYTES = 64 * 1_024 * 1_024;
/** Files of a function that are kept: the newest. */
const MAX_FILES = 8;
const MAX_DAYS = 14;
const DAY_MS = 86_400_000;

export interface LogLimits {
  /** @default 64 MiB */
  readonly fileBytes?: number;
  /** @default 8 */
  readonly files?: number;
}

/**
 * The log of one function: `<directory>/<function>/<date>.log`, and `<date>.log.001` and so on when a day has more lines
 * than fit into a file. The lines are `time environment text`. Files of more than 14 days ago, and all but the newest
 * eight, are deleted when a new one begins.
 */
export interface LogWriter {
  stream(onLine: (requestId: string, line: string) => void): LogStream;
  close(): Promise<void>;
}

interface OpenFile {
  readonly day: string;
  readonly part: number;
  readonly out: WriteStream;
  bytes: number;
}

/** Opens the log of a function. The first line creates its file. */
export function openLog(directory: string, functionName: string, limits: LogLimits = {}): LogWriter {
  const { fileBytes = MAX_FILE_BYTES, files = MAX_FILES } = limits;
  const folder = join(directory, functionName);
  let file: OpenFile | undefined;

  const append = (text: string): void => {
    const now = new Date().toISOString();
    const day = now.slice(0, 10);
    if (file?.day !== day || file.bytes >= fileBytes) {
      file?.out.end();
      const part = file?.day === day ? file.part + 1 : newestPart(folder, day);
      file = openFile(folder, day, part);
      prune(folder, files);
    }
    const line = `${now} ${text}\n`;
    file.bytes += Buffer.byteLength(line);
    file.out.write(line);
  };

  return {
    stream: (onLine) => {
      let rest = '';
      const emit = (line: string): void => {
        append(`${stream.name} ${line}`);
        onLine(stream.requestId, line);
      };
      const stream: LogStream = {
        name: '',
        requestId: '',
        write: (text) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) emit(line);
        },
        end: () => {
          if (rest !== '') emit(rest);
          rest = '';
        },
      };
      return stream;
    },
    close: async () => {
      if (file === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      file.out.end(resolve);
      await promise;
    },
  };
}

function openFile(folder: string, day: string, part: number): OpenFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, part === 0 ? `${day}.log` : `${day}.log.${String(part).padStart(3, '0')}`);
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  // It is there at once, so that what counts the files sees all of them.
  return { day, part, bytes, out: createWriteStream(path, { fd: openSync(path, 'a', 0o600) }) };
}

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{4}-\d\d-\d\d\.log/.test(name))
      .sort();
  } catch {
    return [];
  }
};

/** The last file of a day that an earlier process wrote. */
const newestPart = (folder: string, day: string): number =>
  Number(
    filesOf(folder)
      .findLast((name) => name.startsWith(day))
      ?.slice(`${day}.log.`.length) ?? 0,
  );

function prune(folder: string, files: number): void {
  const oldest = new Date(Date.now() - MAX_DAYS * DAY_MS).toISOString().slice(0, 10);
  const all = filesOf(folder);
  for (const [index, name] of all.entries()) {
    if (name < oldest || index < all.length - files) rmSync(join(folder, name), { force: true });
  }
}

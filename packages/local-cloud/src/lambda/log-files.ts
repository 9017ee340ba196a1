import { createWriteStream, mkdirSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { join } from 'node:path';

/** What one environment writes to. */
export interface LogStream {
  /** The environment's id. */
  name: string;
  /** The request whose output it is. */
  requestId: string;
  /** Takes text as it comes; whole lines go to the file. */
  readonly write: (text: string) => void;
  /** Writes what is left of a line without an end. */
  readonly end: () => void;
}

/** The log of one function: a file a day in `<directory>/<function>/<date>.log`, each line `time environment text`. */
export interface LogWriter {
  stream(onLine: (requestId: string, line: string) => void): LogStream;
  close(): Promise<void>;
}

/** Opens the log of a function; its file is made with the first line. */
export function openLog(directory: string, functionName: string): LogWriter {
  const folder = join(directory, functionName);
  let file: { readonly day: string; readonly out: WriteStream } | undefined;

  const append = (text: string): void => {
    const now = new Date().toISOString();
    const day = now.slice(0, 10);
    if (file?.day !== day) {
      file?.out.end();
      mkdirSync(folder, { recursive: true });
      file = { day, out: createWriteStream(join(folder, `${day}.log`), { flags: 'a' }) };
    }
    file.out.write(`${now} ${text}\n`);
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

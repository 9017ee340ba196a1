import { createWriteStream, mkdirSync } from 'node:fs';
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

/** The log of one function: one file per day, `<directory>/<function>/<date>.log`, with lines `time environment text`. */
export interface LogWriter {
  stream(onLine: (requestId: string, line: string) => void): LogStream;
  close(): Promise<void>;
}

/** Opens the log of a function. The first line creates its file. */
export function openLog(directory: string, functionName: string): LogWriter {
  const folder = join(directory, functionName);
  let file: { readonly day: string; readonly out: WriteStream } | undefined;

  const append = (text: string): void => {
    const now = new Date().toISOString();
    const day = now.slice(0, 10);
    if (file?.day !== day) {
      file?.out.end();
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      file = { day, out: createWriteStream(join(folder, `${day}.log`), { flags: 'a', mode: 0o600 }) };
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

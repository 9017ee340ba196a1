import type { KeptLine, LogPage, LogRead, LogReader } from '#core/ports/log-reader.ts';

export interface InMemoryLogsOptions {
  /** Lines of a page at most, as CloudWatch Logs may return fewer than asked for. @default as many as asked for */
  readonly pageSize?: number;
  /** Called before each read. */
  readonly onRead?: () => void;
}

/** Logs in memory, which return all lines of a time, whatever the filter. */
export function inMemoryLogs(
  lines: readonly KeptLine[],
  { pageSize = Infinity, onRead }: InMemoryLogsOptions = {},
): LogReader {
  const groups = [...new Set(lines.map(({ group }) => group))].sort();
  return {
    groups: async () => groups,
    async read({ group, from, to, limit, token = '0' }: LogRead): Promise<LogPage> {
      onRead?.();
      const all = lines
        .filter((line) => line.group === group && line.at >= from && line.at < to)
        .sort((one, other) => one.at - other.at);
      const begin = Number(token);
      const end = begin + Math.min(limit, pageSize);
      return { lines: all.slice(begin, end), ...(end < all.length && { token: String(end) }) };
    },
  };
}

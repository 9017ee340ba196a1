import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { isRefused } from './query-client.ts';

/** Milliseconds between two reads while something runs, and while nothing does. A hidden page reads nothing. */
const BUSY_MS = 2_000;
const IDLE_MS = 10_000;

interface LiveOptions<Data> {
  /** Whether something runs that the page shows. @default never */
  readonly isBusy?: (data: Data) => boolean;
  /** Milliseconds between two reads, whatever runs. @default as `isBusy` says */
  readonly everyMs?: number;
  /** @default true */
  readonly enabled?: boolean;
}

/**
 * Data of the API, read again and again unless the key may not read it. The data of another query key stays on the page
 * until the new data is there.
 */
export function useLive<Data>(
  key: readonly unknown[],
  read: (signal: AbortSignal) => Promise<Data>,
  { isBusy = () => false, everyMs, enabled = true }: LiveOptions<Data> = {},
): UseQueryResult<Data> {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => read(signal),
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval({ state: { data, error } }) {
      if (isRefused(error)) return false;
      return everyMs ?? (data !== undefined && isBusy(data) ? BUSY_MS : IDLE_MS);
    },
  });
}

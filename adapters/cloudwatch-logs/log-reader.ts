import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogPage, LogRead, LogReader } from '#core/ports/log-reader.ts';
import { cloudwatchLogs } from './client.ts';
import { patternOf } from './pattern.ts';

export interface CloudWatchLogReaderOptions {
  /** Beginnings of the names of the log groups. */
  readonly prefixes: readonly string[];
  /** @default the process's shared client */
  readonly client?: CloudWatchLogsClient;
}

/** A deploy adds log groups. A new one is read after this time. */
const GROUPS_KEPT_MS = 60_000;

/**
 * Reads the logs of functions from CloudWatch Logs. Requires `logs:DescribeLogGroups`, and `logs:FilterLogEvents` on the
 * groups.
 */
export function cloudwatchLogReader({ prefixes, client = cloudwatchLogs() }: CloudWatchLogReaderOptions): LogReader {
  let kept: { readonly groups: readonly string[]; readonly at: number } | undefined;
  return {
    async groups() {
      if (kept === undefined || performance.now() - kept.at > GROUPS_KEPT_MS) {
        const found = await Promise.all(prefixes.map((prefix) => groupsOf(client, prefix)));
        kept = { groups: found.flat(), at: performance.now() };
      }
      return kept.groups;
    },
    read: (read) => readPage(client, read),
  };
}

async function groupsOf(client: CloudWatchLogsClient, logGroupNamePrefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client, pageSize: 50 }, { logGroupNamePrefix })) {
    for (const { logGroupName } of page.logGroups ?? []) if (logGroupName !== undefined) names.push(logGroupName);
  }
  return names;
}

async function readPage(client: CloudWatchLogsClient, read: LogRead): Promise<LogPage> {
  const { group, filter, from, to, limit, token } = read;
  const command = new FilterLogEventsCommand({
    logGroupName: group,
    filterPattern: patternOf(filter),
    startTime: from,
    // It includes the last millisecond.
    endTime: to - 1,
    limit,
    nextToken: token,
  });
  try {
    const { events = [], nextToken } = await client.send(command);
    const lines = events.map(({ eventId = '', timestamp = 0, message = '' }) => ({
      id: eventId,
      at: timestamp,
      group,
      text: message.trimEnd(),
    }));
    return { lines, token: nextToken };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { lines: [] };
    throw error;
  }
}

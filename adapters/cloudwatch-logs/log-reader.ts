import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogPage, LogRead, LogReader } from '#core/ports/log-reader.ts';
import { orThrottled } from '../aws/throttled.ts';
import { cloudwatchLogs } from './client.ts';
import { patternOf } from './pattern.ts';

/** A function of the fleet and its log group. */
export interface LoggingFunction {
  /** The beginning of the log group's name, which CloudFormation completes. */
  readonly group: string;
  readonly service: string;
  /** The agents of its system. None for functions of the platform, which serve all agents. */
  readonly agents: readonly string[];
}

export interface CloudWatchLogReaderOptions {
  /** Beginnings of the names of the log groups: one per stack. */
  readonly prefixes: readonly string[];
  /** The functions that write to them. A group of a function that is not listed is searched too. */
  readonly functions: readonly LoggingFunction[];
  /** @default the process's shared client */
  readonly client?: CloudWatchLogsClient;
}

/** A deploy adds log groups. A new one is read after this time. */
const GROUPS_KEPT_MS = 60_000;

/**
 * Reads the logs of functions from CloudWatch Logs. Requires `logs:DescribeLogGroups`, and `logs:FilterLogEvents` on the
 * groups. Throws `FailureError` (throttled).
 */
export function cloudwatchLogReader(options: CloudWatchLogReaderOptions): LogReader {
  const { prefixes, functions, client = cloudwatchLogs() } = options;
  const functionOf = (name: string) => functions.find(({ group }) => name.startsWith(group));
  let kept: { readonly groups: readonly string[]; readonly at: number } | undefined;
  const allGroups = async (): Promise<readonly string[]> => {
    if (kept === undefined || performance.now() - kept.at > GROUPS_KEPT_MS) {
      const found = await Promise.all(prefixes.map((prefix) => groupsOf(client, prefix)));
      kept = { groups: found.flat(), at: performance.now() };
    }
    return kept.groups;
  };
  return {
    async groups(agents) {
      const groups = await orThrottled('CloudWatch Logs', allGroups);
      return agents === undefined ? groups : groups.filter((name) => mayLogAbout(functionOf(name), agents));
    },
    async read(read) {
      const service = functionOf(read.group)?.service;
      const pattern = patternOf(read.filter, service);
      const { lines, token } = await orThrottled('CloudWatch Logs', () => readPage(client, read, pattern));
      return { lines: service === undefined ? lines : lines.map((line) => ({ ...line, service })), token };
    },
  };
}

const mayLogAbout = (of: LoggingFunction | undefined, agents: readonly string[]): boolean =>
  of === undefined || of.agents.length === 0 || of.agents.some((agent) => agents.includes(agent));

async function groupsOf(client: CloudWatchLogsClient, logGroupNamePrefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client, pageSize: 50 }, { logGroupNamePrefix })) {
    for (const { logGroupName } of page.logGroups ?? []) if (logGroupName !== undefined) names.push(logGroupName);
  }
  return names;
}

async function readPage(
  client: CloudWatchLogsClient,
  { group, from, to, limit, token }: LogRead,
  filterPattern: string,
): Promise<LogPage> {
  const command = new FilterLogEventsCommand({
    logGroupName: group,
    filterPattern,
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

import { z } from 'zod';
import { handleJson, parseInput } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import { lineFilter } from './filter.ts';
import { findLines, type StoredLine } from './read.ts';

/** The location of the functions' logs. */
export interface LogsOptions {
  /** The folder with one folder per function. */
  readonly directory: string;
  /** The log groups, each with the names of the functions that write to it. */
  groups(): ReadonlyMap<string, readonly string[]>;
  readonly account: string;
  readonly region: string;
}

const CODES = { missing: 'InvalidParameterException', invalid: 'InvalidParameterException' };

const GroupsInput = z.strictObject({
  logGroupNamePrefix: z.string().default(''),
  limit: z.number().optional(),
  nextToken: z.string().optional(),
});

const FilterInput = z.strictObject({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNames: z.array(z.string()).optional(),
  startTime: z.number().default(0),
  endTime: z.number().default(Number.MAX_SAFE_INTEGER),
  filterPattern: z.string().default(''),
  interleaved: z.boolean().optional(),
  limit: z.int().min(1).max(10_000).default(10_000),
  nextToken: z
    .string()
    .regex(/^\d+\/\d+$/)
    .optional(),
});

/** Where a page begins: at a time, after the lines of that time that earlier pages contained. */
function positionOf({ startTime, nextToken }: z.infer<typeof FilterInput>): { start: number; skip: number } {
  const [start = startTime, skip = 0] = nextToken?.split('/').map(Number) ?? [];
  return { start, skip };
}

const tokenOf = (time: number, before: readonly StoredLine[]): string =>
  `${time}/${before.filter((line) => line.time === time).length}`;

const eventOf = ({ id, time, stream, text }: StoredLine) => ({
  eventId: id,
  timestamp: time,
  ingestionTime: time,
  logStreamName: stream,
  message: text,
});

/** The local CloudWatch Logs, which reads the functions' logs. SPECIFICATION.md lists what it supports. */
export function createLogs(options: LogsOptions): Service {
  const { directory, account, region } = options;

  const describeLogGroups = (input: ServiceInput): ServiceOutput => {
    const { logGroupNamePrefix } = parseInput(GroupsInput, input, CODES);
    const names = [...options.groups().keys()].filter((name) => name.startsWith(logGroupNamePrefix)).sort();
    const arn = (name: string): string => `arn:aws:logs:${region}:${account}:log-group:${name}:*`;
    return { logGroups: names.map((logGroupName) => ({ logGroupName, arn: arn(logGroupName) })) };
  };

  const filterLogEvents = async (input: ServiceInput): Promise<ServiceOutput> => {
    const given = parseInput(FilterInput, input, CODES);
    const group = given.logGroupName ?? given.logGroupIdentifier?.split(':log-group:').at(-1) ?? '';
    const functions = options.groups().get(group);
    if (functions === undefined)
      throw new ServiceError('ResourceNotFoundException', `The log group ${group} does not exist.`);
    const matches = lineFilter(given.filterPattern);
    const { start, skip } = positionOf(given);
    const search = {
      start,
      end: given.endTime,
      limit: skip + given.limit + 1,
      matches: ({ stream, text }: StoredLine) => matches(text) && (given.logStreamNames?.includes(stream) ?? true),
    };
    const found = await Promise.all(functions.map((name) => findLines(directory, name, search)));
    const searchedTo = Math.min(...found.map((each) => each.searchedTo));
    const lines = found
      .flatMap((each) => each.lines)
      .sort((left, right) => left.time - right.time)
      .filter(({ time }) => time < searchedTo);
    const page = lines.slice(skip, skip + given.limit);
    const last = lines.length > skip + given.limit ? page.at(-1)?.time : undefined;
    const next = last ?? (searchedTo === Infinity ? undefined : searchedTo);
    return {
      events: page.map(eventOf),
      searchedLogStreams: [],
      ...(next !== undefined && { nextToken: tokenOf(next, lines.slice(0, skip + page.length)) }),
    };
  };

  const run = async (action: string, input: ServiceInput): Promise<ServiceOutput> => {
    if (action === 'DescribeLogGroups') return describeLogGroups(input);
    if (action === 'FilterLogEvents') return filterLogEvents(input);
    const known = 'DescribeLogGroups and FilterLogEvents';
    throw new ServiceError(
      'InvalidAction',
      `The local CloudWatch Logs does not support the action ${action}. It supports ${known}.`,
    );
  };

  const protocol: JsonProtocol = { version: '1.1', bodyLimit: 2 ** 20, errorType: (code) => code, run };
  return {
    name: 'logs',
    invoke: run,
    handle: (request, response, caller, authorize) => handleJson(protocol, request, response, caller, authorize),
    close: async () => {},
  };
}

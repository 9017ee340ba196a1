import { z } from 'zod';
import { handleJson, parseInput } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import { textFilter } from './filter.ts';
import { readLines } from './read.ts';

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
  nextToken: z.string().regex(/^\d+$/).default('0'),
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
    const matches = textFilter(given.filterPattern);
    const lines = (
      await Promise.all(functions.map((name) => readLines(directory, name, given.startTime, given.endTime)))
    )
      .flat()
      .filter(({ stream, text }) => matches(text) && (given.logStreamNames?.includes(stream) ?? true))
      .sort((left, right) => left.time - right.time);
    const from = Number(given.nextToken);
    const to = from + given.limit;
    return {
      events: lines.slice(from, to).map(({ time, stream, text }, index) => ({
        eventId: `${group}/${from + index}/${time}`,
        timestamp: time,
        ingestionTime: time,
        logStreamName: stream,
        message: text,
      })),
      searchedLogStreams: [],
      ...(lines.length > to && { nextToken: String(to) }),
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

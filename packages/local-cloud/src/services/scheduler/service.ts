import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { asServiceError, parseInput, readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import type { ScheduleDefinition, Schedules } from './schedules.ts';

const BODY_LIMIT = 2 ** 20;
const CODES = { missing: 'ValidationException', invalid: 'ValidationException' };

const state = z.enum(['ENABLED', 'DISABLED']);
const listed = z.strictObject({
  GroupName: z.string().optional(),
  NamePrefix: z.string().optional(),
  State: state.optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.coerce.number().int().min(0).default(0),
});
const named = z.strictObject({ Name: z.string(), GroupName: z.string().default('default') });
const updated = z.looseObject({ ...named.shape, State: state.default('ENABLED'), ClientToken: z.string().optional() });

/** EventBridge Scheduler's API: it lists schedules and changes their state. SPECIFICATION.md lists what it supports. */
export function createScheduler(schedules: Schedules): Service {
  const run = (action: string, input: ServiceInput): ServiceOutput => {
    if (action === 'ListSchedules') return list(schedules, input);
    if (action === 'GetSchedule') return described(find(schedules, parseInput(named, input, CODES)));
    if (action === 'UpdateSchedule') return update(schedules, input);
    throw new ServiceError('ValidationException', `The local Scheduler does not support the action ${action}.`);
  };
  const handle: Service['handle'] = async (request, response, _caller, authorize) => {
    const headers = { 'content-type': 'application/json' };
    try {
      const { action, input } = requestOf(request, await readBody(request, BODY_LIMIT));
      authorize(action, input);
      send(response, 200, JSON.stringify(run(action, input)), headers);
    } catch (thrown) {
      const { code, message, status } = asServiceError(thrown);
      send(response, status, JSON.stringify({ Message: message }), { ...headers, 'x-amzn-errortype': code });
    }
  };
  return { name: 'scheduler', invoke: async (action, input) => run(action, input), handle, close: async () => {} };
}

function list(schedules: Schedules, input: ServiceInput): ServiceOutput {
  const { GroupName, NamePrefix = '', State, MaxResults, NextToken } = parseInput(listed, input, CODES);
  const found = schedules
    .list()
    .filter((each) => each.Name.startsWith(NamePrefix))
    .filter((each) => GroupName === undefined || each.GroupName === GroupName)
    .filter((each) => State === undefined || each.State === State);
  const end = NextToken + MaxResults;
  return {
    Schedules: found.slice(NextToken, end).map(summary),
    ...(end < found.length && { NextToken: String(end) }),
  };
}

function summary({ Arn, Name, GroupName, State, ...rest }: ScheduleDefinition): ServiceOutput {
  const target = z.object({ Arn: z.string() }).parse(rest['Target']);
  return { Arn, Name, GroupName, State, Target: target };
}

function find(schedules: Schedules, { Name, GroupName }: z.output<typeof named>): ScheduleDefinition {
  const found = schedules.list().find((each) => each.Name === Name && each.GroupName === GroupName);
  if (found !== undefined) return found;
  throw new ServiceError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404);
}

/** Dates are seconds since 1970, as in all of AWS's JSON over REST. */
function described(definition: ScheduleDefinition): ServiceOutput {
  const seconds = (value: unknown): number | undefined => (typeof value === 'number' ? value / 1000 : undefined);
  const dates = { StartDate: seconds(definition['StartDate']), EndDate: seconds(definition['EndDate']) };
  return { ActionAfterCompletion: 'NONE', ...definition, ...dates };
}

/** Only the state can change here: the rest is the template's. A change of it is rejected, never ignored. */
function update(schedules: Schedules, input: ServiceInput): ServiceOutput {
  const { ClientToken: _, State, ...given } = parseInput(updated, input, CODES);
  const found = find(schedules, { Name: given.Name, GroupName: given.GroupName });
  const { Arn, State: _before, ...current } = JSON.parse(JSON.stringify(described(found))) as ScheduleDefinition;
  const changed = Object.keys({ ...current, ...given }).filter((key) => !isDeepStrictEqual(current[key], given[key]));
  if (changed.length > 0)
    throw new ServiceError(
      'ValidationException',
      `The local cloud changes the State of a schedule only, not ${changed.join(', ')}. Change the template.`,
    );
  schedules.setState(Arn, State);
  return { ScheduleArn: Arn };
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
function requestOf(request: IncomingMessage, body: Buffer): { readonly action: string; readonly input: ServiceInput } {
  const url = new URL(request.url ?? '/', 'http://scheduler');
  const query = Object.fromEntries(url.searchParams);
  const [, Name] = /^\/schedules\/([^/]+)$/.exec(url.pathname) ?? [];
  if (request.method === 'GET' && url.pathname === '/schedules') {
    const { ScheduleGroup: GroupName, ...rest } = query;
    return { action: 'ListSchedules', input: { ...rest, ...(GroupName !== undefined && { GroupName }) } };
  }
  if (request.method === 'GET' && Name !== undefined) {
    const { groupName: GroupName } = query;
    const group = GroupName === undefined ? {} : { GroupName };
    return { action: 'GetSchedule', input: { Name: decodeURIComponent(Name), ...group } };
  }
  if (request.method === 'PUT' && Name !== undefined)
    return { action: 'UpdateSchedule', input: { ...json(body), Name: decodeURIComponent(Name) } };
  const message = `The local Scheduler does not support ${request.method} ${url.pathname} (see its SPECIFICATION.md).`;
  throw new ServiceError('ValidationException', message);
}

function json(body: Buffer): ServiceInput {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new ServiceError('ValidationException', 'The request body must be a JSON object.');
  }
}

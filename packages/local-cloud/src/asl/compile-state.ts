import { checkFlow } from './check.ts';
import { InvalidDefinition } from './errors.ts';
import type {
  Assign,
  Catcher,
  ChoiceState,
  Exit,
  Fallible,
  Flow,
  MapState,
  ParallelState,
  Retrier,
  State,
  TaskState,
} from './definition.ts';
import { compileDistributed } from './compile-distributed.ts';
import type { Json } from './json.ts';
import { field, needed, refuse, type Place } from './place.ts';
import { checkJsonata, read } from './read.ts';
import { stateSchema, type Written, type WrittenState } from './schema.ts';

/** Compiles the states of a machine, branch or processor. */
export function compileFlow(written: { StartAt: string; States: Record<string, unknown> }, place: Place): Flow {
  const states = new Map<string, State>();
  for (const [name, raw] of Object.entries(written.States)) {
    if (name.length > 80) refuse(`the name of the state '${name}' is longer than 80 characters`, `${place.at}/States`);
    const at = `${place.at}/States/${name}`;
    if (place.names.has(name))
      throw new InvalidDefinition(`DUPLICATE_STATE_NAME: Duplicate State name: ${name} at ${at}`);
    place.names.add(name);
    checkJsonata(raw, name, { ...place, at });
    states.set(name, compileState(name, read(stateSchema, raw, at), { ...place, at }));
  }
  const flow = { startAt: written.StartAt, states };
  checkFlow(flow, place.at);
  return flow;
}

function compileState(name: string, written: WrittenState, place: Place): State {
  switch (written.Type) {
    case 'Task':
      return compileTask(name, written, place);
    case 'Choice':
      return compileChoice(name, written, place);
    case 'Map':
      return compileMap(name, written, place);
    case 'Parallel':
      return compileParallel(name, written, place);
    case 'Wait': {
      const seconds = field(written.Seconds, 'Seconds', place);
      const timestamp = field(written.Timestamp, 'Timestamp', place);
      return { type: 'Wait', name, ...flowing(written, place), seconds, timestamp };
    }
    case 'Pass':
      return { type: 'Pass', name, ...flowing(written, place) };
    case 'Succeed':
      return { type: 'Succeed', name, next: undefined, assign: [], output: field(written.Output, 'Output', place) };
    case 'Fail': {
      const [error, cause] = [field(written.Error, 'Error', place), field(written.Cause, 'Cause', place)];
      return { type: 'Fail', name, next: undefined, assign: [], output: undefined, error, cause };
    }
  }
}

function expressProblem(resource: string, place: Place): string | undefined {
  const pattern = /\.(waitForTaskToken|sync(:2)?)$/.exec(resource)?.[0];
  if (!place.express || pattern === undefined) return undefined;
  return `Express state machine does not support '${pattern}' service integration`;
}

function compileTask(name: string, written: Written<'Task'>, place: Place): TaskState {
  const problem = place.checkResource(written.Resource) ?? expressProblem(written.Resource, place);
  if (problem !== undefined) refuse(problem, `${place.at}/Resource`);
  return {
    type: 'Task',
    name,
    ...flowing(written, place),
    ...fallible(written, place),
    resource: written.Resource,
    arguments: field(written.Arguments, 'Arguments', place),
    timeoutSeconds: field(written.TimeoutSeconds, 'TimeoutSeconds', place),
    heartbeatSeconds: field(written.HeartbeatSeconds, 'HeartbeatSeconds', place),
  };
}

function compileChoice(name: string, written: Written<'Choice'>, place: Place): ChoiceState {
  const choices = written.Choices.map((rule, index) => ({
    ...exit(rule, rule.Next, `Choices[${index}]/`, place),
    condition: needed(rule.Condition, `Choices[${index}]/Condition`, place),
  }));
  const hasDefault = written.Default !== undefined;
  return { type: 'Choice', name, ...exit(written, written.Default, '', place), choices, hasDefault };
}

function compileParallel(name: string, written: Written<'Parallel'>, place: Place): ParallelState {
  const branches = written.Branches.map((branch, index) =>
    compileFlow(branch, { ...place, at: `${place.at}/Branches[${index}]` }),
  );
  return {
    type: 'Parallel',
    name,
    ...flowing(written, place),
    ...fallible(written, place),
    arguments: field(written.Arguments, 'Arguments', place),
    branches,
  };
}

function compileMap(name: string, written: Written<'Map'>, place: Place): MapState {
  const express = place.express || written.ItemProcessor.ProcessorConfig?.ExecutionType === 'EXPRESS';
  return {
    type: 'Map',
    name,
    ...flowing(written, place),
    ...fallible(written, place),
    processor: compileFlow(written.ItemProcessor, { ...place, at: `${place.at}/ItemProcessor`, express }),
    items: field(written.Items, 'Items', place),
    itemSelector: field(written.ItemSelector, 'ItemSelector', place),
    maxConcurrency: field(written.MaxConcurrency, 'MaxConcurrency', place),
    distributed: compileDistributed(name, written, place),
  };
}

interface WrittenExit {
  readonly Assign?: Record<string, Json> | undefined;
  readonly Output?: Json | undefined;
}

function exit(written: WrittenExit, next: string | undefined, prefix: string, place: Place): Exit {
  const output = field(written.Output, `${prefix}Output`, place);
  const assign: Assign = Object.entries(written.Assign ?? {}).map(([name, value]) => ({
    name,
    value: needed(value, `${prefix}Assign/${name}`, place),
  }));
  return { next, assign, output };
}

function flowing(written: WrittenExit & { Next?: string | undefined; End?: true | undefined }, place: Place): Exit {
  if ((written.Next === undefined) === (written.End === undefined)) {
    refuse('a state needs exactly one of Next and End', place.at);
  }
  return exit(written, written.Next, '', place);
}

function fallible(written: Pick<Written<'Task'>, 'Retry' | 'Catch'>, place: Place): Fallible {
  const lists = [...written.Retry, ...written.Catch].map((entry) => entry.ErrorEquals);
  if (lists.some((names) => names.length > 1 && names.includes('States.ALL'))) {
    refuse('States.ALL must stand alone in ErrorEquals', place.at);
  }
  const retry = written.Retry.map((entry): Retrier => ({
    errorEquals: entry.ErrorEquals,
    intervalSeconds: entry.IntervalSeconds,
    maxAttempts: entry.MaxAttempts,
    backoffRate: entry.BackoffRate,
    maxDelaySeconds: entry.MaxDelaySeconds,
    jitter: entry.JitterStrategy,
  }));
  const catchers = written.Catch.map((entry, index): Catcher => ({
    errorEquals: entry.ErrorEquals,
    ...exit(entry, entry.Next, `Catch[${index}]/`, place),
  }));
  return { retry, catch: catchers };
}

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
import { compileField, invalidDefinition, requiredField, type Scope } from './scope.ts';
import { checkJsonata, read } from './read.ts';
import { stateSchema, type Written, type WrittenState } from './schema.ts';

/** Compiles the states of a state machine, branch or item processor. */
export function compileFlow(written: { StartAt: string; States: Record<string, unknown> }, scope: Scope): Flow {
  const states = new Map<string, State>();
  for (const [name, raw] of Object.entries(written.States)) {
    if (name.length > 80)
      invalidDefinition(`the name of the state '${name}' is longer than 80 characters`, `${scope.at}/States`);
    const at = `${scope.at}/States/${name}`;
    if (scope.names.has(name))
      throw new InvalidDefinition(`DUPLICATE_STATE_NAME: Duplicate State name: ${name} at ${at}`);
    scope.names.add(name);
    checkJsonata(raw, name, { ...scope, at });
    states.set(name, compileState(name, read(stateSchema, raw, at), { ...scope, at }));
  }
  const flow = { startAt: written.StartAt, states };
  checkFlow(flow, scope.at);
  return flow;
}

function compileState(name: string, written: WrittenState, scope: Scope): State {
  switch (written.Type) {
    case 'Task':
      return compileTask(name, written, scope);
    case 'Choice':
      return compileChoice(name, written, scope);
    case 'Map':
      return compileMap(name, written, scope);
    case 'Parallel':
      return compileParallel(name, written, scope);
    case 'Wait': {
      const seconds = compileField(written.Seconds, 'Seconds', scope);
      const timestamp = compileField(written.Timestamp, 'Timestamp', scope);
      return { type: 'Wait', name, ...compileTransition(written, scope), seconds, timestamp };
    }
    case 'Pass':
      return { type: 'Pass', name, ...compileTransition(written, scope) };
    case 'Succeed':
      return {
        type: 'Succeed',
        name,
        next: undefined,
        assign: [],
        output: compileField(written.Output, 'Output', scope),
      };
    case 'Fail': {
      const [error, cause] = [compileField(written.Error, 'Error', scope), compileField(written.Cause, 'Cause', scope)];
      return { type: 'Fail', name, next: undefined, assign: [], output: undefined, error, cause };
    }
  }
}

function expressProblem(resource: string, scope: Scope): string | undefined {
  const pattern = /\.(waitForTaskToken|sync(:2)?)$/.exec(resource)?.[0];
  if (!scope.express || pattern === undefined) return undefined;
  return `Express state machine does not support '${pattern}' service integration`;
}

function compileTask(name: string, written: Written<'Task'>, scope: Scope): TaskState {
  const problem = scope.checkResource(written.Resource) ?? expressProblem(written.Resource, scope);
  if (problem !== undefined) invalidDefinition(problem, `${scope.at}/Resource`);
  return {
    type: 'Task',
    name,
    ...compileTransition(written, scope),
    ...compileFallible(written, scope),
    resource: written.Resource,
    arguments: compileField(written.Arguments, 'Arguments', scope),
    timeoutSeconds: compileField(written.TimeoutSeconds, 'TimeoutSeconds', scope),
    heartbeatSeconds: compileField(written.HeartbeatSeconds, 'HeartbeatSeconds', scope),
  };
}

function compileChoice(name: string, written: Written<'Choice'>, scope: Scope): ChoiceState {
  const choices = written.Choices.map((rule, index) => ({
    ...compileExit(rule, rule.Next, `Choices[${index}]/`, scope),
    condition: requiredField(rule.Condition, `Choices[${index}]/Condition`, scope),
  }));
  const hasDefault = written.Default !== undefined;
  return { type: 'Choice', name, ...compileExit(written, written.Default, '', scope), choices, hasDefault };
}

function compileParallel(name: string, written: Written<'Parallel'>, scope: Scope): ParallelState {
  const branches = written.Branches.map((branch, index) =>
    compileFlow(branch, { ...scope, at: `${scope.at}/Branches[${index}]` }),
  );
  return {
    type: 'Parallel',
    name,
    ...compileTransition(written, scope),
    ...compileFallible(written, scope),
    arguments: compileField(written.Arguments, 'Arguments', scope),
    branches,
  };
}

function compileMap(name: string, written: Written<'Map'>, scope: Scope): MapState {
  const express = scope.express || written.ItemProcessor.ProcessorConfig?.ExecutionType === 'EXPRESS';
  return {
    type: 'Map',
    name,
    ...compileTransition(written, scope),
    ...compileFallible(written, scope),
    processor: compileFlow(written.ItemProcessor, { ...scope, at: `${scope.at}/ItemProcessor`, express }),
    items: compileField(written.Items, 'Items', scope),
    itemSelector: compileField(written.ItemSelector, 'ItemSelector', scope),
    maxConcurrency: compileField(written.MaxConcurrency, 'MaxConcurrency', scope),
    distributed: compileDistributed(name, written, scope),
  };
}

interface WrittenExit {
  readonly Assign?: Record<string, Json> | undefined;
  readonly Output?: Json | undefined;
}

function compileExit(written: WrittenExit, next: string | undefined, prefix: string, scope: Scope): Exit {
  const output = compileField(written.Output, `${prefix}Output`, scope);
  const assign: Assign = Object.entries(written.Assign ?? {}).map(([name, value]) => ({
    name,
    value: requiredField(value, `${prefix}Assign/${name}`, scope),
  }));
  return { next, assign, output };
}

function compileTransition(
  written: WrittenExit & { Next?: string | undefined; End?: true | undefined },
  scope: Scope,
): Exit {
  if ((written.Next === undefined) === (written.End === undefined)) {
    invalidDefinition('a state needs exactly one of Next and End', scope.at);
  }
  return compileExit(written, written.Next, '', scope);
}

function compileFallible(written: Pick<Written<'Task'>, 'Retry' | 'Catch'>, scope: Scope): Fallible {
  const lists = [...written.Retry, ...written.Catch].map((entry) => entry.ErrorEquals);
  if (lists.some((names) => names.length > 1 && names.includes('States.ALL'))) {
    invalidDefinition('States.ALL must stand alone in ErrorEquals', scope.at);
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
    ...compileExit(entry, entry.Next, `Catch[${index}]/`, scope),
  }));
  return { retry, catch: catchers };
}

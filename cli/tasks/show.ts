import { z } from 'zod';
import { stepViewSchema, taskViewSchema, type StepView, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { age, dollars, duration } from '../terminal/format.ts';
import { oneLine, printable } from '../terminal/printable.ts';
import { facts, table } from '../terminal/table.ts';
import { fitting } from '../terminal/fitting.ts';
import { saidWords } from './said.ts';
import { outputText, stateWords } from './words.ts';

/** `fleet task`: shows one task, with its steps on request. */
export async function showCommand(
  { api, output, notes, json }: ApiContext,
  id: string,
  withSteps: boolean,
): Promise<void> {
  const params = { id };
  const task = await api.call(taskOperations.getTask, taskViewSchema, { params });
  const steps = withSteps
    ? (await api.call(taskOperations.getSteps, z.object({ steps: z.array(stepViewSchema) }), { params })).steps
    : undefined;
  if (json) return output.json(steps === undefined ? task : { ...task, stepsDone: steps });
  output.line(facts(words(task)));
  if (steps !== undefined && steps.length > 0) {
    output.line();
    output.line(table(STEPS, steps.map(stepRow), process.stdout.columns));
    for (const { index, tool = 'tool', stack } of steps)
      if (stack !== undefined) output.line(`\nStep ${index}: ${tool} threw ${printable(stack)}`);
  }
  if (task.output !== undefined) {
    output.line();
    output.line(printable(outputText(task.output)));
  }
  notes.line(`\n${FURTHER.map((words) => `npm run fleet -- ${words} ${task.id}`).join('\n')}`);
}

/** Commands that show more of the same task. */
const FURTHER = ['why', 'logs', 'trace', 'audit show'];

function words(task: TaskView): Record<string, string | undefined> {
  const { tokens, usd, savedUsd } = task.spent;
  return {
    id: task.id,
    agent: `${task.agent}, version ${task.agentVersion}`,
    state: stateWords(task),
    'waits until': task.waitsFor?.until,
    priority: task.priority,
    session: task.sessionId,
    run: task.runId,
    'retry of': task.retryOf,
    'retried as': task.retriedAs,
    parent: task.parent,
    delegated: delegatedWords(task),
    accepted: `${task.createdAt} (${age(task.createdAt)})`,
    ended: task.finishedAt && `${task.finishedAt}, after ${between(task.createdAt, task.finishedAt)}`,
    deadline: task.finishedAt === undefined ? task.deadline : undefined,
    steps: String(task.steps),
    'last error': task.lastError && `${task.lastError.reason} (${age(task.lastError.at)})`,
    trace: task.traceId ?? (task.lastError?.worker ?? task.worker)?.trace,
    spent: `${dollars(usd)} of ${dollars(task.budget.usd)}, ${tokens.toLocaleString('en-US')} tokens`,
    caching: savedUsd === 0 ? undefined : cachingWords(task.usage, savedUsd),
    warnings: task.warnings?.length ? task.warnings.join('; ') : undefined,
    metadata: task.metadata && JSON.stringify(task.metadata),
    input: inputWords(task),
  };
}

function delegatedWords({ children = [], spent: { delegated } }: TaskView): string | undefined {
  if (children.length === 0) return undefined;
  const cost = delegated === undefined ? '' : `, ${dollars(delegated.usd)} besides its own`;
  return `${children.length} tasks${cost} (--tree shows them)`;
}

const MAX_INPUT_LENGTH = 1_000;

function inputWords({ input, inputKey }: TaskView): string | undefined {
  if (inputKey !== undefined) return `uploaded as ${inputKey}`;
  if (input === undefined) return undefined;
  const text = outputText(input);
  const excerpt = fitting(text, MAX_INPUT_LENGTH);
  return excerpt === text ? text : `${excerpt} (all of it: --json)`;
}

const cachingWords = ({ cacheRead, cacheWrite }: TaskView['usage'], savedUsd: number): string =>
  `${savedUsd < 0 ? `cost ${dollars(-savedUsd)} more than it saved` : `saved ${dollars(savedUsd)}`}: ` +
  `${cacheRead.toLocaleString('en-US')} tokens read from the cache, ${cacheWrite.toLocaleString('en-US')} written to it`;

const between = (from: string, to: string): string => {
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 10_000 ? `${ms} ms` : duration(ms);
};

const STEPS = [
  { name: 'step', align: 'right' },
  { name: 'what' },
  { name: 'took' },
  { name: 'cost', align: 'right' },
  { name: 'said', flexible: true },
] as const;

const MAX_EXCERPT_LENGTH = 200;

function stepRow(step: StepView): string[] {
  return [
    String(step.index),
    whatRan(step),
    between(step.startedAt, step.endedAt),
    step.usd === undefined ? '' : dollars(step.usd),
    fitting(oneLine(saidWords(step)), MAX_EXCERPT_LENGTH),
  ];
}

function whatRan({ kind, model = 'model', rise, isSummary, tool, isError }: StepView): string {
  if (kind === 'tool') return `${tool}${isError === true ? ' (error)' : ''}`;
  if (isSummary === true) return `${model} (summarizes the session)`;
  return rise === undefined ? model : `${model} (upgraded: ${rise})`;
}

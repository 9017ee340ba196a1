import Container from '@cloudscape-design/components/container';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import type { TaskView } from '../../api/tasks.ts';
import { Age } from '../../parts/age.tsx';
import { dollars, duration, number } from '../../parts/format.ts';
import { pathWith } from '../../url/search.ts';
import { poolPath, RunLink, sessionPath, TaskLink, To } from '../../url/to.tsx';
import { TaskStatus } from '../tasks/columns.tsx';
import { CostBar } from './cost-bar.tsx';

/** The figures of a task, and what it belongs to. */
export function Facts({ task }: { readonly task: TaskView }) {
  return (
    <Container>
      <KeyValuePairs columns={4} items={[...stateItems(task), ...relatedItems(task)]} />
    </Container>
  );
}

function stateItems(task: TaskView): KeyValuePairsProps.Item[] {
  const { agent, agentVersion, createdAt, finishedAt, deadline, usage, attempts, crashes } = task;
  const took = Date.parse(finishedAt ?? new Date().toISOString()) - Date.parse(createdAt);
  return [
    { label: 'Status', value: <TaskStatus task={task} /> },
    {
      label: 'Agent',
      value: (
        <>
          <To path={poolPath(agent)}>{agent}</To> ({agentVersion})
        </>
      ),
    },
    { label: 'Accepted', value: <Age at={createdAt} /> },
    finishedAt === undefined
      ? { label: 'Deadline', value: <Age at={deadline} /> }
      : { label: 'Took', value: duration(took) },
    { label: 'Cost of its budget', value: <CostBar task={task} /> },
    {
      label: 'Tokens in, cached, out',
      value: `${number(usage.input + usage.cacheWrite)}, ${number(usage.cacheRead)}, ${number(usage.output)}`,
    },
    { label: 'Saved by the cache', value: dollars(task.spent.savedUsd) },
    { label: 'Failed attempts, crashes', value: `${attempts}, ${crashes}` },
  ];
}

function relatedItems({
  sessionId,
  runId,
  parent,
  children,
  retryOf,
  retriedAs,
  id,
}: TaskView): KeyValuePairsProps.Item[] {
  const items: KeyValuePairsProps.Item[] = [];
  if (sessionId !== undefined)
    items.push({ label: 'Session', value: <To path={sessionPath(sessionId)}>{sessionId}</To> });
  if (runId !== undefined) items.push({ label: 'Run', value: <RunLink id={runId} /> });
  if (parent !== undefined) items.push({ label: 'Delegated by', value: <TaskLink id={parent} /> });
  if (children !== undefined && children.length > 0) {
    const path = pathWith('/tasks', { parent: id });
    items.push({ label: 'Delegated', value: <To path={path}>{number(children.length)} tasks</To> });
  }
  if (retryOf !== undefined) items.push({ label: 'Retry of', value: <TaskLink id={retryOf} /> });
  if (retriedAs !== undefined) items.push({ label: 'Retried as', value: <TaskLink id={retriedAs} /> });
  return items;
}

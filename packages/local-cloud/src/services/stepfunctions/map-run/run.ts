import { randomUUID } from 'node:crypto';
import type { Distributed, MapState } from '../../../asl/definition.ts';
import { ERRORS, StateError } from '../../../asl/errors.ts';
import type { Frame } from '../../../asl/frame.ts';
import type { Json } from '../../../asl/json.ts';
import { selectItem } from '../../../asl/states/map.ts';
import type { CallService } from '../../service.ts';
import { nameOf, type Arns } from '../arns.ts';
import type { Executions } from '../executions.ts';
import type { Pace } from '../pace.ts';
import type { MapRunRow } from '../records.ts';
import type { Store } from '../store.ts';
import { createBatcher, type ChildInput } from './batch.ts';
import { Children } from './children.ts';
import { readItems } from './read-items.ts';
import { endedChildren, resultsOf } from './results.ts';
import { evaluateSettings, type MapRunSettings } from './settings.ts';
import { writeResults } from './write-results.ts';

export interface MapRunServices {
  readonly store: Store;
  readonly executions: Executions;
  readonly call: CallService;
  readonly arns: Arns;
  readonly pace: Pace;
  now(): number;
}

/**
 * Runs a Distributed Map: reads all items, starts a child execution for each item or batch, and collects the results.
 * The children's inputs are on disk before the first child starts, so that a restart can continue with the rest.
 */
export async function runMapRun(services: MapRunServices, state: MapState, frame: Frame): Promise<Json> {
  const { distributed } = state;
  if (distributed === undefined) throw new StateError(ERRORS.runtime, `${state.name} is not a Distributed Map`);
  const arn = await begin(services, state, distributed, frame);
  try {
    const result = await finish(services, state, distributed, await stage(services, state, frame, arn), frame);
    end(services, arn, 'SUCCEEDED');
    frame.record('MapRunSucceeded');
    frame.record('MapStateSucceeded');
    return result;
  } catch (error) {
    end(services, arn, frame.cancellation.cancelled ? 'ABORTED' : 'FAILED');
    if (!frame.cancellation.cancelled) {
      const { error: name = ERRORS.runtime, cause } = error instanceof StateError ? error : {};
      frame.record('MapRunFailed', { error: name, cause });
      frame.record('MapStateFailed');
    }
    throw error;
  }
}

/** Records the map run, or finds the one that a crash interrupted. Returns its ARN. */
async function begin(
  services: MapRunServices,
  state: MapState,
  distributed: Distributed,
  frame: Frame,
): Promise<string> {
  const { progress } = frame.state;
  if (progress?.kind === 'mapRun') return progress.mapRunArn;
  const settings = await evaluateSettings(state, frame);
  const machine = machineName(frame);
  const mapRunArn = services.arns.mapRun(machine, distributed.label, randomUUID());
  services.store.write(
    `INSERT INTO map_runs (arn, execution, machine, status, started, settings) VALUES (?, ?, ?, 'RUNNING', ?, ?)`,
    [
      mapRunArn,
      frame.execution.arn,
      services.arns.stateMachine(`${machine}/${distributed.label}`),
      services.now(),
      JSON.stringify(settings),
    ],
  );
  frame.record('MapStateStarted', { length: 0 });
  frame.record('MapRunStarted', { mapRunArn });
  frame.state.progress = { kind: 'mapRun', mapRunArn };
  frame.save();
  return mapRunArn;
}

/** Number of items after which other work gets a turn of the event loop. */
const ITEMS_PER_TURN = 100;

/** Reads all items and stores the children's inputs, unless this was done before a crash. */
async function stage({ store, call }: MapRunServices, state: MapState, frame: Frame, arn: string): Promise<MapRunRow> {
  const known = row(store, arn);
  if (known.children !== null) return known;
  store.write('DELETE FROM map_inputs WHERE map_run = ?', [arn]);
  const batcher = await createBatcher(state, frame);
  let items = 0;
  let children = 0;
  const addInputs = (inputs: readonly ChildInput[]): void => {
    for (const { input, items } of inputs) {
      store.write('INSERT INTO map_inputs VALUES (?, ?, ?, ?)', [arn, children, items, input]);
      children += 1;
    }
  };
  for await (const page of readItems(call, state, frame)) {
    for (const item of page) {
      addInputs(batcher.add(await selectItem(state, frame, { ...item, index: items })));
      items += 1;
      if (items % ITEMS_PER_TURN === 0) await frame.commit();
    }
  }
  addInputs(batcher.end());
  store.write('UPDATE map_runs SET children = ?, items = ? WHERE arn = ?', [children, items, arn]);
  await frame.commit();
  return row(store, arn);
}

async function finish(
  services: MapRunServices,
  state: MapState,
  distributed: Distributed,
  run: MapRunRow,
  frame: Frame,
): Promise<Json> {
  const { store, executions, arns, call } = services;
  const machine = `${machineName(frame)}/${distributed.label}`;
  const children = new Children({
    store,
    executions,
    pace: distributed.executionType === 'STANDARD' ? services.pace : undefined,
    frame,
    flow: state.processor,
    mapRunArn: run.arn,
    settings: JSON.parse(run.settings) as MapRunSettings,
    children: run.children ?? 0,
    items: run.items ?? 0,
    common: {
      machine: run.machine,
      revision: executions.get(frame.execution.arn).revision,
      role_arn: frame.execution.roleArn,
    },
    executionArn: (name) => arns.execution(machine, name),
  });
  const unlisten = frame.cancellation.listen(() => children.abort());
  const tolerable = await children.run();
  unlisten();
  const { writer } = distributed;
  const written = writer?.arguments === undefined ? undefined : await writeResults(call, store, writer, run, frame);
  store.write('UPDATE map_runs SET written = items WHERE arn = ?', [run.arn]);
  if (!tolerable) {
    const cause = 'The specified tolerated failure threshold was exceeded';
    throw new StateError(ERRORS.exceedToleratedFailureThreshold, cause);
  }
  return written ?? outputs(store, run.arn, writer?.transformation ?? 'COMPACT');
}

function outputs(store: Store, arn: string, transformation: Parameters<typeof resultsOf>[1]): Json {
  const ended = endedChildren(store, arn, ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
  return [...ended].flatMap((row) => [...resultsOf(row, transformation)]);
}

function end(services: MapRunServices, arn: string, status: MapRunRow['status']): void {
  services.store.write('UPDATE map_runs SET status = ?, stopped = ? WHERE arn = ?', [status, services.now(), arn]);
  services.store.write('DELETE FROM map_inputs WHERE map_run = ?', [arn]);
}

function row(store: Store, arn: string): MapRunRow {
  const found = store.get<MapRunRow>('SELECT * FROM map_runs WHERE arn = ?', arn);
  if (found === undefined) throw new Error(`the store has no map run ${arn}`);
  return found;
}

/** Returns the name of the state machine. For a child of a map run, it is the part before the label. */
function machineName(frame: Frame): string {
  return nameOf(frame.execution.stateMachine.arn).split('/')[0] ?? '';
}

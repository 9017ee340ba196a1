import { utf8Length } from '../text/utf8-length.ts';
import type { RoutedEvent, StreamApp } from './app.ts';
import { forget, recall, remember, spill } from './memory.ts';
import type { Rejection, RejectionReason } from './parse.ts';
import {
  MAX_EFFECT_BYTES,
  MAX_OUTBOX_BYTES,
  MAX_STATE_BYTES,
  type HandledId,
  type SubjectItem,
  type WaitingEffect,
} from './subject-item.ts';

export interface Batch<Item extends { readonly event: RoutedEvent }, Context> {
  /** Events of one subject, in order. */
  readonly items: readonly Item[];
  readonly context: Context;
  readonly now: number;
  /** How long an event is remembered. Longer than the stream keeps it. */
  readonly memoryMs: number;
  /** Whether an item of its own says that the event was handled. */
  readonly isSpilled: (event: RoutedEvent) => boolean;
}

export interface Applied<Item, State> {
  /** The item to write. Its version is the next one. Null: nothing changed. */
  readonly next: SubjectItem | null;
  /** The state in `next`. */
  readonly state: State;
  /** To be written to items of their own before `next` is written. */
  readonly spilled: readonly HandledId[];
  readonly rejected: readonly { readonly item: Item; readonly rejection: Rejection }[];
  /** Events that wait until the outbox has room. They follow all others. */
  readonly rest: readonly Item[];
  readonly counts: Counts;
  /** The applied ones, as the app was given them. */
  readonly events: readonly RoutedEvent[];
}

export interface Counts {
  readonly applied: number;
  /** Of the applied ones. */
  readonly late: number;
  readonly duplicates: number;
  /** Gaps that were forgotten, since a source had too many. */
  readonly gapsDropped: number;
}

type Apply<State, Context, Effect extends { readonly id: string }> = Pick<
  StreamApp<State, Context, Effect>,
  'apply' | 'initial'
>;

/** Applies events to the item of their subject. An event that was handled before, or cannot be, changes nothing. */
export function applyBatch<
  State,
  Context,
  Effect extends { readonly id: string },
  Item extends { readonly event: RoutedEvent },
>(
  app: Apply<State, Context, Effect>,
  subject: { readonly item: SubjectItem; readonly state: State },
  batch: Batch<Item, Context>,
): Applied<Item, State> {
  const start = forget(subject.item, batch.now, batch.memoryMs);
  let now: Progress<State> = { item: start, state: subject.state, counts: NONE, events: [] };
  const rejected: { item: Item; rejection: Rejection }[] = [];
  let index = 0;
  for (; index < batch.items.length; index += 1) {
    const item = batch.items[index] as Item;
    const step = applyEvent(app, now, item.event, batch);
    if (step === 'full') break;
    if ('rejection' in step) rejected.push({ item, rejection: step.rejection });
    else now = step;
  }
  const isChanged = now.counts.applied > 0;
  const { item, spilled } = spill({ ...now.item, state: now.state }, batch.now, batch.memoryMs);
  return {
    next: isChanged ? { ...item, version: subject.item.version + 1 } : null,
    state: now.state,
    spilled: isChanged ? spilled : [],
    rejected,
    rest: batch.items.slice(index),
    counts: now.counts,
    events: now.events,
  };
}

const NONE: Counts = { applied: 0, late: 0, duplicates: 0, gapsDropped: 0 };

interface Progress<State> {
  readonly item: SubjectItem;
  readonly state: State;
  readonly counts: Counts;
  readonly events: readonly RoutedEvent[];
}

function applyEvent<State, Context, Effect extends { readonly id: string }>(
  app: Apply<State, Context, Effect>,
  before: Progress<State>,
  event: RoutedEvent,
  { context, now, isSpilled }: Pick<Batch<never, Context>, 'context' | 'now' | 'isSpilled'>,
): Progress<State> | 'full' | { readonly rejection: Rejection } {
  const { item, counts } = before;
  const verdict = recall(item, event, isSpilled(event));
  if (verdict.kind === 'rejected') return verdict;
  if (verdict.kind === 'duplicate') return { ...before, counts: { ...counts, duplicates: counts.duplicates + 1 } };
  const routed = { ...event, late: verdict.late };
  const result = run(app, before.state, routed, context);
  if ('rejection' in result) return result;
  const outbox = append(item.outbox, result.effects, now);
  if (outbox === 'full') return 'full';
  const memory = remember({ ...item, outbox }, event, now);
  return {
    item: memory.item,
    state: result.state,
    events: [...before.events, routed],
    counts: {
      ...counts,
      applied: counts.applied + 1,
      late: counts.late + (verdict.late ? 1 : 0),
      gapsDropped: counts.gapsDropped + memory.dropped,
    },
  };
}

type Result<State, Effect> =
  | { readonly state: State; readonly effects: readonly Effect[] }
  | { readonly rejection: Rejection };

/** Calls the app. What it must not return is a rejection of the event. */
function run<State, Context, Effect extends { readonly id: string }>(
  app: Apply<State, Context, Effect>,
  state: State,
  event: RoutedEvent,
  context: Context,
): Result<State, Effect> {
  let result;
  try {
    result = app.apply(state, event, context);
  } catch (error) {
    return reject('apply-failed', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  if (result.state !== state && bytesOf(result.state) > MAX_STATE_BYTES)
    return reject('state-too-big', `The state of ${event.subject} would exceed ${MAX_STATE_BYTES} bytes as JSON.`);
  if (bytesOf(result.effects) > MAX_EFFECT_BYTES)
    return reject('effects-too-big', `The effects of the event would exceed ${MAX_EFFECT_BYTES} bytes as JSON.`);
  return result;
}

const reject = (reason: RejectionReason, detail: string) => ({ rejection: { reason, detail } });

const bytesOf = (value: unknown): number => utf8Length(JSON.stringify(value));

/** Adds effects to those that wait. An effect that waits already is not added again. */
function append(
  outbox: readonly WaitingEffect[],
  effects: readonly { readonly id: string }[],
  since: number,
): WaitingEffect[] | 'full' {
  const ids = new Set(outbox.map(({ id }) => id));
  const added: WaitingEffect[] = [];
  for (const effect of effects) {
    if (ids.has(effect.id)) continue;
    ids.add(effect.id);
    added.push({ id: effect.id, effect, since, attempts: 0 });
  }
  const next = [...outbox, ...added];
  return added.length > 0 && bytesOf(next) > MAX_OUTBOX_BYTES ? 'full' : next;
}

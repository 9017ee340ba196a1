import type { Instrument } from '../instruments/instruments.ts';
import type { Options } from '../options.ts';
import { Choices } from '../random.ts';
import type { MarketSet } from '../sets/types.ts';
import { urgentCount, type Story, type StoryKind, type UrgentKind } from './stories.ts';

/** Gives stories to instruments: urgent and quiet ones to those that are held, and some to others. */
export function planStories(options: Options, set: MarketSet, instruments: readonly Instrument[]): Story[] {
  const choices = new Choices(`${options.seed}/${options.day}/${options.set}/stories`);
  const isHeld = new Set(options.held);
  const held = choices.sample(
    instruments.filter(({ subject }) => isHeld.has(subject)),
    instruments.length,
  );
  const others = choices.sample(
    instruments.filter(({ subject }) => !isHeld.has(subject)),
    instruments.length,
  );
  const urgent = urgentKinds(set, options.urgent);
  const quiet = cycle(set.quiet, Math.max(set.quiet.length, options.urgent));
  if (urgent.length + quiet.length > held.length) {
    throw new Error(
      `urgent: ${options.urgent} incidents and their counterparts need ${urgent.length + quiet.length} held instruments, and there are ${held.length}. Lower urgent or add to held.`,
    );
  }
  const kinds: readonly StoryKind[] = [...urgent, ...quiet];
  const elsewhere: readonly StoryKind[] = [...urgent.slice(0, urgent.length / 2), ...set.quiet.slice(0, 4)];
  return [...tell(kinds, held), ...tell(elsewhere, others)];

  function tell(kinds: readonly StoryKind[], about: readonly Instrument[]): Story[] {
    return about.slice(0, kinds.length).map((instrument, index) => ({
      kind: kinds[index] as StoryKind,
      instrument,
      sign: choices.chance(set.up) ? 1 : -1,
      key: `${options.seed}/${options.day}/${options.set}/story/${instrument.cik}`,
    }));
  }
}

function urgentKinds({ urgent }: MarketSet, count: number): UrgentKind[] {
  const kinds: UrgentKind[] = [];
  for (let incidents = 0, index = 0; incidents < count; index += 1) {
    const kind = urgent[index % urgent.length];
    if (kind === undefined) break;
    kinds.push(kind);
    incidents += urgentCount(kind);
  }
  return kinds;
}

const cycle = <T>(list: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, index) => list[index % list.length] as T);

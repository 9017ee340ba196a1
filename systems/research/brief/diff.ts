import type { ClaimKind } from '../claims/claim.ts';
import type { CompanyState } from '../memory/memory.ts';
import type { Brief } from './schema.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What a brief says that an earlier one did not. */
export interface BriefDiff {
  readonly from: string;
  readonly to: string;
  /** Scores that changed, the largest change first. */
  readonly scores: readonly {
    readonly id: string;
    readonly name: string;
    readonly score: number;
    readonly change: number;
  }[];
  readonly claims: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: ClaimKind;
    readonly quote: string;
  }[];
  /** How many companies both briefs have. */
  readonly compared: number;
  /** Companies that the later brief alone has, and those that the earlier one alone has. */
  readonly added: readonly Named[];
  readonly removed: readonly Named[];
  /** Companies whose state is another one. */
  readonly states: readonly {
    readonly id: string;
    readonly name: string;
    readonly before: CompanyState;
    readonly after: CompanyState;
  }[];
}

/** Compares two briefs. A company that is in one of them alone has no change: it was added or removed. */
export function diffBriefs(before: Brief, after: Brief): BriefDiff {
  const old = new Map(before.companies.map((row) => [row.id, row]));
  const both = after.companies.flatMap((row) => {
    const was = old.get(row.id);
    return was === undefined ? [] : [{ row, was }];
  });
  const scores = both
    .map(({ row: { id, name, threat }, was }) => ({
      id,
      name,
      score: threat.score,
      change: Math.round((threat.score - was.threat.score) * 10) / 10,
    }))
    .filter(({ change }) => change !== 0)
    .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const told = new Set(
    before.companies.flatMap((row) => [...row.fresh, ...row.changed.map((each) => each.claim)]).map(({ id }) => id),
  );
  const claims = after.companies.flatMap((row) =>
    [...row.fresh, ...row.changed.map((each) => each.claim)]
      .filter(({ id }) => !told.has(id))
      .map(({ kind, quote }) => ({ id: row.id, name: row.name, kind, quote })),
  );
  const states = both
    .filter(({ row, was }) => row.state !== was.state)
    .map(({ row: { id, name, state }, was }) => ({ id, name, before: was.state, after: state }));
  const [added, removed] = [onlyIn(after, before), onlyIn(before, after)];
  return { from: before.night, to: after.night, scores, claims, compared: both.length, added, removed, states };
}

function onlyIn(brief: Brief, other: Brief): Named[] {
  const others = new Set(other.companies.map(({ id }) => id));
  return brief.companies.filter(({ id }) => !others.has(id)).map(({ id, name }) => ({ id, name }));
}

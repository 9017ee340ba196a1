import { entryHash, placeOf, type AuditEntry, type Digests } from './entry.ts';
import type { AuditFinding } from './verdict.ts';

interface Hashed {
  readonly entry: AuditEntry;
  readonly hash: string;
}

/** A chain, walked to its end. */
export interface Walked {
  readonly findings: readonly AuditFinding[];
  readonly chain: readonly AuditEntry[];
  readonly uncounted: readonly AuditEntry[];
  /** The hash of the chain's last entry, or the genesis value for an empty chain. */
  readonly tip: string;
  /** An outcome at the very end. Only the task shows whether it counted. */
  readonly outcome: Hashed | null;
  /** Hashes of all entries that were met. */
  readonly passed: ReadonlySet<string>;
}

/**
 * Walks entries in the order of step, epoch and phase. Each `before` entry links to the last entry of the chain. That is
 * the outcome of the previous call or, if its worker died, its `before` entry. In the second case an outcome next to
 * that entry never counted.
 */
export function walk(ids: Digests, origin: string, entries: readonly AuditEntry[]): Walked {
  const findings: AuditFinding[] = [];
  const chain: AuditEntry[] = [];
  const uncounted: AuditEntry[] = [];
  const passed = new Set<string>();
  let tip = origin;
  let outcome: Hashed | null = null;
  for (const entry of entries) {
    const hash = entryHash(ids, entry);
    passed.add(hash);
    if (entry.phase === 'after') {
      const fault = faultOfAfter(entry, chain.at(-1), tip);
      if (fault) findings.push({ fault, place: placeOf(entry) });
      outcome = { entry, hash };
      continue;
    }
    if (outcome && entry.previous !== tip) {
      if (entry.previous !== outcome.hash) findings.push({ fault: 'unlinked', place: placeOf(entry) });
      chain.push(outcome.entry);
    } else {
      const fault = faultOfBefore(entry, chain.at(-1), tip);
      if (fault) findings.push({ fault, place: placeOf(entry) });
      if (outcome) uncounted.push(outcome.entry);
    }
    chain.push(entry);
    tip = hash;
    outcome = null;
  }
  return { findings, chain, uncounted, tip, outcome, passed };
}

/** An outcome must follow its own call. */
function faultOfAfter(entry: AuditEntry, last: AuditEntry | undefined, tip: string): AuditFinding['fault'] | null {
  const own = last?.step === entry.step && last.epoch === entry.epoch && last.phase === 'before';
  if (!own) return 'missing-before';
  return entry.previous === tip && last.tool === entry.tool ? null : 'unlinked';
}

/** A call that follows another without an outcome is a later claim's, of the same step. */
function faultOfBefore(entry: AuditEntry, last: AuditEntry | undefined, tip: string): AuditFinding['fault'] | null {
  const again = last === undefined || (last.step === entry.step && last.epoch < entry.epoch);
  if (entry.previous === tip) return again ? null : 'unlinked';
  return again && last !== undefined ? 'unlinked' : 'missing-before';
}

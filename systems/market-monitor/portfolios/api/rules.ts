import type { z } from 'zod';
import type { Caller } from '#core/api/http/caller.ts';
import { ApiProblem, notFound } from '#core/api/http/problem.ts';
import { problemsOf } from '../../rules/save-checks.ts';
import { MAX_PORTFOLIOS, type PortfolioFile } from '../portfolio.ts';
import type { PortfolioRecord } from '../record.ts';
import { savePortfolio } from '../save.ts';
import type { PortfolioStore } from '../store.ts';
import { mailedIn, UNMAILED } from '../unmailed.ts';
import { rulesOf } from '../watched.ts';
import type { portfolioSummarySchema, portfolioViewSchema, putAnswerSchema, versionViewSchema } from './messages.ts';

export interface PortfolioPorts {
  readonly store: PortfolioStore;
  readonly clock: { now(): number };
  /** The tenant that the market monitor works for. To others, its portfolios do not exist (I8). */
  readonly tenant: string;
  /** Whether the fleet sends mail. */
  readonly sendsMail: boolean;
}

type Summary = z.input<typeof portfolioSummarySchema>;
type View = z.input<typeof portfolioViewSchema>;
type VersionView = z.input<typeof versionViewSchema>;

export async function listPortfolios({ store, tenant }: PortfolioPorts, caller: Caller): Promise<Summary[]> {
  if (caller.tenant !== tenant) return [];
  return (await store.list()).map(({ portfolio, version, savedAt, by }) => ({
    id: portfolio.id,
    name: portfolio.name,
    version,
    savedAt: new Date(savedAt).toISOString(),
    by,
    holdings: portfolio.holdings.length,
    watched: portfolio.watch.length,
    ownRules: portfolio.rules.length,
  }));
}

/** Throws `ApiProblem` if the caller has no such portfolio. */
export async function getPortfolio(ports: PortfolioPorts, caller: Caller, id: string): Promise<View> {
  const record = caller.tenant === ports.tenant ? await ports.store.read(id) : null;
  if (record === null) throw notFound('portfolio', id);
  return { ...versionView(record), portfolio: record.portfolio, rules: rulesOf(record.portfolio) };
}

/** Throws `ApiProblem` if the caller has no such portfolio. */
export async function listVersions(
  { store, tenant }: PortfolioPorts,
  caller: Caller,
  id: string,
  limit: number,
): Promise<VersionView[]> {
  const versions = caller.tenant === tenant ? await store.history(id, limit) : [];
  if (versions.length === 0) throw notFound('portfolio', id);
  return versions.map(versionView);
}

const versionView = ({ version, savedAt, by, changes }: PortfolioRecord): VersionView => ({
  version,
  savedAt: new Date(savedAt).toISOString(),
  by,
  changes,
});

export interface Put {
  /** Of the path. */
  readonly id: string;
  readonly portfolio: PortfolioFile;
  readonly seen: number;
  readonly dryRun: boolean;
}

/** Throws `ApiProblem` if it cannot be saved. The version says which key saved it. */
export async function putPortfolio(
  { store, clock, tenant, sendsMail }: PortfolioPorts,
  caller: Caller,
  { id, portfolio, seen, dryRun }: Put,
): Promise<z.input<typeof putAnswerSchema>> {
  if (caller.tenant !== tenant) {
    throw new ApiProblem('not-allowed', 'The market monitor works for another tenant. Use a key of that tenant.');
  }
  check(id, portfolio, sendsMail);
  const by = `key ${caller.keyId}`;
  const result = await savePortfolio(store, { portfolio, seen, by, at: clock.now(), dryRun });
  if (result.kind === 'full') {
    throw new ApiProblem(
      'cannot-accept',
      `There are ${MAX_PORTFOLIOS} portfolios already. Put holdings into one of them, or deploy another fleet.`,
    );
  }
  if (result.kind === 'overtaken') {
    throw new ApiProblem(
      'conflict',
      `The portfolio "${id}" has version ${result.version}, not ${seen}. Nothing was saved. Read it again, then repeat your change.`,
    );
  }
  const { kind, version, changes } = result;
  return { id, saved: kind === 'saved', version, changes: [...changes] };
}

function check(id: string, portfolio: PortfolioFile, sendsMail: boolean): void {
  if (portfolio.id !== id) {
    const message = `must be ${id}, as in the path`;
    throw new ApiProblem('invalid-request', `id: ${message}.`, [
      { field: 'id', message, remedy: 'Correct one of them.' },
    ]);
  }
  const ofRules = problemsOf(portfolio.rules).map(({ rule, field, column, message }) => ({
    field: `rules.${rule}.${field}`,
    message: `column ${column}: ${message}`,
    remedy: 'Correct the expression. The README of the rules has its variables and functions.',
  }));
  const unmailed = sendsMail ? [] : mailedIn(portfolio).map((at) => ({ field: `recipients.${at}.kind`, ...UNMAILED }));
  const problems = [...ofRules, ...unmailed];
  const [first] = problems;
  if (first !== undefined) throw new ApiProblem('invalid-request', `${first.field}: ${first.message}`, problems);
}

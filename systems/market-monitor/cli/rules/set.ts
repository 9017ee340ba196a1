import { count } from '#cli/terminal/format.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { changesOf, CREATED } from '../../portfolios/changes.ts';
import { MAX_PORTFOLIOS, type PortfolioFile } from '../../portfolios/portfolio.ts';
import type { SetOptions } from './add-rules.ts';
import { doubtsOf } from './doubts.ts';
import { withPortfolios, type Place } from './place.ts';
import { readPortfolioFile } from './read-file.ts';

/** `fleet rules set`: saves the next version of a portfolio, if the file is valid and changes something. */
export async function setCommand(file: string, options: SetOptions): Promise<void> {
  const { json = false, dryRun = false, by } = options;
  const output = terminalOutput(json);
  const result = await withPortfolios(options, async (place) => {
    const portfolio = readPortfolioFile(file, place);
    const before = await place.store.read(portfolio.id);
    const changes = changesOf(before?.portfolio ?? null, portfolio);
    const seen = before?.version ?? 0;
    const warnings = await doubtsOf(place.subjects, portfolio);
    const said = { portfolio: portfolio.id, before: seen, changes, warnings, what: contentsOf(portfolio) };
    if (dryRun || changes.length === 0) return { ...said, version: seen, saved: false };
    if (before === null) await requireRoom(place);
    return { ...said, version: await save(place, portfolio, { seen, by, changes }), saved: true };
  });
  const { what: _, ...figures } = result;
  if (json) return output.json(figures);
  for (const change of result.changes) output.line(change === CREATED ? `New: ${result.what}.` : change);
  for (const warning of result.warnings) output.line(`Warning: ${warning}`);
  output.line(outcome(result, dryRun));
}

/** What a new portfolio has. */
const contentsOf = ({ holdings, watch, rules, recipients }: PortfolioFile): string =>
  [
    count(holdings.length, 'holding'),
    count(watch.length, 'watched instrument'),
    `${count(rules.length, 'rule')} of its own`,
    count(recipients.length, 'recipient'),
  ].join(', ');

function outcome(
  { portfolio, version, saved }: { portfolio: string; version: number; saved: boolean },
  dryRun: boolean,
): string {
  if (saved) return `Saved ${portfolio} as version ${version}. It is in effect within five seconds.`;
  return dryRun
    ? `${portfolio} is valid. Nothing was saved.`
    : `${portfolio} has not changed: it stays version ${version}.`;
}

async function requireRoom({ store }: Place): Promise<void> {
  if ((await store.list()).length < MAX_PORTFOLIOS) return;
  throw new UserError(
    `There are ${MAX_PORTFOLIOS} portfolios already, and one event must reach all of them at once.`,
    'Put holdings into a portfolio that is there, or deploy another fleet.',
  );
}

async function save(
  { store }: Place,
  portfolio: PortfolioFile,
  { seen, by, changes }: { seen: number; by: string; changes: readonly string[] },
): Promise<number> {
  const saved = await store.save({ portfolio, seen, by, at: Date.now(), changes });
  if (saved !== null) return saved.version;
  throw new UserError(
    `Somebody else has saved ${portfolio.id} since version ${seen} was read. Nothing was saved.`,
    `See what changed with npm run fleet -- rules list --portfolio ${portfolio.id}, then save again.`,
  );
}

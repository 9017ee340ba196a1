import { count } from '#cli/terminal/format.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { CREATED } from '../../portfolios/changes.ts';
import { MAX_PORTFOLIOS, type PortfolioFile } from '../../portfolios/portfolio.ts';
import { savePortfolio, type Saved } from '../../portfolios/save.ts';
import type { SetOptions } from './add-rules.ts';
import { doubtsOf } from './doubts.ts';
import { withPortfolios } from './place.ts';
import { readPortfolioFile } from './read-file.ts';
import { unheard } from './unheard.ts';

/** `fleet rules set`: saves the next version of a portfolio, if the file is valid and changes something. */
export async function setCommand(file: string, options: SetOptions): Promise<void> {
  const { json = false, dryRun = false } = options;
  const by = options.by.trim();
  if (by === '') throw wrongUsage('--by is empty.', 'Give your name, so that others know who changed the rules.');
  const output = terminalOutput(json);
  const { portfolio, warnings, done } = await withPortfolios(options, async (place) => {
    const portfolio = readPortfolioFile(file, place);
    const warnings = [...unheard(portfolio, place), ...(await doubtsOf(place.subjects, portfolio))];
    const saved = await savePortfolio(place.store, { portfolio, by, at: Date.now(), dryRun });
    return { portfolio, warnings, done: doneOf(saved, portfolio.id) };
  });
  const { kind, before, version, changes } = done;
  const { id } = portfolio;
  if (json) return output.json({ portfolio: id, before, changes, warnings, version, saved: kind === 'saved' });
  for (const change of changes) output.line(change === CREATED ? `New: ${contentsOf(portfolio)}.` : change);
  for (const warning of warnings) output.line(`Warning: ${warning}`);
  output.line(outcome(id, done, dryRun));
}

/** What a new portfolio has. */
const contentsOf = ({ holdings, watch, rules, recipients }: PortfolioFile): string =>
  [
    count(holdings.length, 'holding'),
    count(watch.length, 'watched instrument'),
    `${count(rules.length, 'rule')} of its own`,
    count(recipients.length, 'recipient'),
  ].join(', ');

type Done = Exclude<Saved, { readonly kind: 'overtaken' | 'full' }>;

function outcome(id: string, { kind, version }: Done, dryRun: boolean): string {
  if (kind === 'saved') return `Saved ${id} as version ${version}. It is in effect within five seconds.`;
  return dryRun ? `${id} is valid. Nothing was saved.` : `${id} has not changed: it stays version ${version}.`;
}

function doneOf(saved: Saved, id: string): Done {
  if (saved.kind === 'full') {
    throw new UserError(
      `There are ${MAX_PORTFOLIOS} portfolios already, and one event must reach all of them at once.`,
      'Put holdings into a portfolio that is there, or deploy another fleet.',
    );
  }
  if (saved.kind !== 'overtaken') return saved;
  throw new UserError(
    `Somebody else has saved ${id} since version ${saved.seen} was read. Nothing was saved.`,
    `See what changed with npm run fleet -- rules list --portfolio ${id}, then save again.`,
  );
}

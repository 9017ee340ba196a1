import { CALENDAR_ENDS } from '../calendar/watch-calendar.ts';
import { NOISY } from './noisy-rule.ts';
import { subjectOf, type PortfolioFile } from '../portfolios/portfolio.ts';
import { rulesOf } from '../portfolios/watched.ts';

/** Causes of alerts that no rule of a portfolio has. */
const OWN_CAUSES = [NOISY, 'broken-rule', 'silent-source', CALENDAR_ENDS];

/** What a silence is about. Absent: every one. */
export interface SilenceScope {
  readonly subject?: string | undefined;
  readonly cause?: string | undefined;
}

export interface ScopeProblem {
  readonly field: 'subject' | 'cause';
  readonly message: string;
  readonly remedy: string;
}

/** What is wrong with what a silence is about: a name that no alert of the portfolio can have would hold back nothing. */
export function problemOfScope(
  portfolio: Pick<PortfolioFile, 'id' | 'holdings' | 'watch' | 'rules' | 'disabledRules'>,
  { subject, cause }: SilenceScope,
): ScopeProblem | null {
  const instruments = [...portfolio.holdings, ...portfolio.watch].map(({ cik }) => subjectOf(cik));
  if (subject?.startsWith('cik:') === true && !instruments.includes(subject)) {
    return {
      field: 'subject',
      message: `${subject} is neither held nor watched by ${portfolio.id}`,
      remedy: 'Name a company of the portfolio by its SEC number, such as cik:0000320193.',
    };
  }
  const causes = [...new Set([...rulesOf(portfolio).map((rule) => rule.cause), ...OWN_CAUSES])].toSorted();
  if (cause === undefined || causes.includes(cause)) return null;
  return {
    field: 'cause',
    message: `${cause} is the cause of no rule of ${portfolio.id}`,
    remedy: `Use one of ${causes.join(', ')}.`,
  };
}

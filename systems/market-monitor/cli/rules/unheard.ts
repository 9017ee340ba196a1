import type { PortfolioFile } from '../../portfolios/portfolio.ts';
import { mailedIn, UNMAILED } from '../../portfolios/unmailed.ts';
import type { Place } from './place.ts';

/** Who would not be notified. Alerts of a portfolio without recipients stand in `alerts list` alone. */
export function unheard(
  portfolio: Pick<PortfolioFile, 'recipients'>,
  { sendsMail }: Pick<Place, 'sendsMail'>,
): string[] {
  if (portfolio.recipients.length === 0) return ['It has no recipients: nobody is notified of its alerts.'];
  const mailed = mailedIn(portfolio).map((at) => portfolio.recipients[at]?.name);
  if (mailed.length === 0 || sendsMail === true) return [];
  const names = mailed.join(', ');
  return sendsMail === false
    ? [`The kind of ${names} ${UNMAILED.message}. ${UNMAILED.remedy}`]
    : [`${names}: mail is sent only if the fleet has systems.market-monitor.mailFrom in config/. Check that it does.`];
}

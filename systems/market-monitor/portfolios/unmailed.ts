import type { PortfolioFile } from './portfolio.ts';

/** Why a mail was not sent, and what to do. */
export const NO_MAIL = 'This fleet sends no mail. Set systems.market-monitor.mailFrom in config/.';

/** What is wrong with recipients of mail on a fleet that sends none, and what to do. */
export const UNMAILED = {
  message: 'is email, and this fleet sends no mail: nobody would be notified',
  remedy: 'Set systems.market-monitor.mailFrom in config/ and deploy the fleet, or choose another kind.',
} as const;

/** The positions of the recipients that are notified by mail. */
export const mailedIn = ({ recipients }: Pick<PortfolioFile, 'recipients'>): readonly number[] =>
  recipients.flatMap(({ kind }, at) => (kind === 'email' ? [at] : []));

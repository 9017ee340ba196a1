import { logger, type Table } from '#runtime/index.ts';
import { dynamodbPortfolios } from '../portfolios/dynamodb-portfolios.ts';
import { watchPortfolios } from '../portfolios/watch-portfolios.ts';
import type { Watchers } from '../portfolios/watched.ts';

/** The portfolios of the system's table by subject, read again every few seconds. */
export const watchersIn = (table: Table): ((now: number) => Promise<Watchers>) =>
  watchPortfolios(dynamodbPortfolios(table), (portfolio, problems) =>
    logger.error('rules.not-compiled', { portfolio, rules: problems.map(({ rule }) => rule) }),
  );

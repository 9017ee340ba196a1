import { systemClock } from '#adapters/node/clock.ts';
import { dynamodb, parseEnv, serveOperations, type HandlersOf } from '#runtime/index.ts';
import { portfolioOperations } from '../../portfolios/api/operations.ts';
import { getPortfolio, listPortfolios, listVersions, putPortfolio } from '../../portfolios/api/rules.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { portfoliosEnv } from './env.ts';

/** In the repository: `/openapi.json` describes the task API alone. */
const DOCUMENT = 'systems/market-monitor/portfolios/api/openapi.json';

const env = parseEnv(portfoliosEnv);
const store = dynamodbPortfolios({ client: dynamodb(), table: env.MARKET_TABLE });
const ports = { store, clock: systemClock(), tenant: env.TENANT };
const operations = portfolioOperations({ privateAddresses: env.PRIVATE_CALLBACKS });

const handlers: HandlersOf<typeof operations> = {
  listPortfolios: async ({ caller }) => ({ body: { portfolios: await listPortfolios(ports, caller) } }),
  getPortfolio: async ({ caller, params }) => ({ body: await getPortfolio(ports, caller, params.id) }),
  listPortfolioVersions: async ({ caller, params, query }) => ({
    body: { versions: await listVersions(ports, caller, params.id, query.limit) },
  }),
  async putPortfolio({ caller, params, query, body }) {
    const put = { id: params.id, portfolio: body, seen: query.version, dryRun: query.dryRun === 'true' };
    return { body: await putPortfolio(ports, caller, put) };
  },
};

/** Portfolios and their rules, for callers with keys. */
export const handler = serveOperations('portfolios', operations, handlers, DOCUMENT);

import { rejectedRecords } from '#adapters/s3/rejected-records.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { dynamodb, parseEnv, serveOperations, type HandlersOf } from '#runtime/index.ts';
import { listAlerts, postAcknowledge } from '../../alerts/api/alerts.ts';
import { deleteSilence, listSilences, postSilence } from '../../alerts/api/silences.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { portfolioOperations } from '../../portfolios/api/operations.ts';
import { getPortfolio, listPortfolios, listVersions, putPortfolio } from '../../portfolios/api/rules.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { ROUTER } from '../../router/name.ts';
import { listRejected } from '../../set-aside/list-rejected.ts';
import { portfoliosEnv } from './env.ts';

/** In the repository: `/openapi.json` describes the task API alone. */
const DOCUMENT = 'systems/market-monitor/portfolios/api/openapi.json';

const env = parseEnv(portfoliosEnv);
const table = { client: dynamodb(), table: env.MARKET_TABLE };
const ports = {
  store: dynamodbPortfolios(table),
  alerts: dynamodbAlerts(table),
  clock: systemClock(),
  tenant: env.TENANT,
  sendsMail: env.SENDS_MAIL,
  read: (query: { since: number; now: number; maxRecords: number }) =>
    rejectedRecords({ ...query, bucket: env.REJECTED_BUCKET, router: ROUTER }),
};
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
  listSilences: async ({ caller, params, query }) => ({
    body: { silences: await listSilences(ports, caller, params.id, query.all === 'true') },
  }),
  makeSilence: async ({ caller, params, body }) => ({ body: await postSilence(ports, caller, params.id, body) }),
  endSilence: async ({ caller, params }) => ({ body: await deleteSilence(ports, caller, params) }),
  listAlerts: async ({ caller, params, query }) => ({
    body: { alerts: await listAlerts(ports, caller, params.id, query.all === 'true') },
  }),
  acknowledgeAlert: async ({ caller, params, body }) => ({
    body: await postAcknowledge(ports, caller, params.id, body.alert),
  }),
  listRejected: async ({ caller, query }) => ({ body: await listRejected(ports, caller, query) }),
};

/** Portfolios, their rules and silences, and what was set aside, for callers with keys. */
export const handler = serveOperations('portfolios', operations, handlers, DOCUMENT);

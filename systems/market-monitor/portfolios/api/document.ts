import { openApi } from '#core/api/openapi.ts';
import { portfolioOperations } from './operations.ts';

/** The OpenAPI document of the market monitor's own operations. */
export const portfolioDocument = () =>
  openApi(portfolioOperations({ privateAddresses: false }), {
    title: 'agent-fleet market monitor',
    description:
      'Portfolios, their rules and silences, and what was set aside, at the address and with the keys of the task API.',
  });

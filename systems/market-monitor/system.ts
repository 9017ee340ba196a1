import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { addAlerts } from './cli/alerts/add-alerts.ts';
import { addMarket } from './cli/market/add-market.ts';
import { addRules } from './cli/rules/add-rules.ts';
import { marketSettings } from './settings.ts';

export const marketMonitorSystem = defineSystem({
  name: 'market-monitor',
  description: 'Watches a stream of market events: rules alert people at once, analysts explain, digests sum up.',
  settings: marketSettings,
  stack: async () => (await import('./stack.ts')).MarketMonitorStack,
  agents: async () => (await import('./agents/index.ts')).analysts.map(({ agent }) => agent),
  routes: [
    ['GET /portfolios', 'Lists the portfolios of the tenant that the market monitor works for.'],
    ['GET /portfolios/{id}', 'Returns a portfolio and the rules in effect.'],
    ['GET /portfolios/{id}/versions', 'Lists who changed a portfolio, when, and what.'],
    ['PUT /portfolios/{id}', 'Saves the next version of a portfolio.'],
    ['GET /portfolios/{id}/silences', 'Lists what people silenced.'],
    ['POST /portfolios/{id}/silences', 'Silences alerts of a portfolio for a while.'],
    ['DELETE /portfolios/{id}/silences/{silence}', 'Ends a silence.'],
    ['GET /portfolios/{id}/alerts', 'Lists the alerts of a portfolio.'],
    ['POST /portfolios/{id}/alerts/acknowledge', 'Acknowledges an alert.'],
    ['GET /market/rejected', 'Lists the records that the router set aside, with reason, time and position.'],
  ].map(([route = '', description = '']) => ({ route, description, keyed: true })),
  commands: (fleet, systems) => {
    addMarket(fleet, systems);
    addRules(fleet);
    addAlerts(fleet);
  },
  claudeRules: [join(import.meta.dirname, 'simulated-claude', 'analyst.rule.ts')],
});

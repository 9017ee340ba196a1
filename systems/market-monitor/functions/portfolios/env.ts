import { z } from 'zod';

/** Environment of the function that serves portfolios, silences and what was set aside. */
export const portfoliosEnv = z.object({
  MARKET_TABLE: z.string().min(1),
  /** Has what the router set aside, below `rejected/`. */
  REJECTED_BUCKET: z.string().min(1),
  /** The tenant that the market monitor works for. */
  TENANT: z.string().min(1),
  /** Whether recipients may have private addresses. For development only. */
  PRIVATE_CALLBACKS: z.stringbool(),
  /** Whether the fleet sends mail. If not, recipients of mail are rejected. */
  SENDS_MAIL: z.stringbool(),
});
export type PortfoliosEnv = z.infer<typeof portfoliosEnv>;

/** The routes it serves. */
export const PORTFOLIO_ROUTES = [
  'GET /portfolios',
  'GET /portfolios/{id}',
  'GET /portfolios/{id}/versions',
  'PUT /portfolios/{id}',
  'GET /portfolios/{id}/silences',
  'POST /portfolios/{id}/silences',
  'DELETE /portfolios/{id}/silences/{silence}',
  'GET /portfolios/{id}/alerts',
  'POST /portfolios/{id}/alerts/acknowledge',
  'GET /market/rejected',
] as const;

import type { Company } from './world/companies.ts';

/** A company as the users of the simulation see it. */
export type WebCompany = Pick<Company, 'id' | 'name' | 'ticker' | 'cik' | 'sector' | 'industry' | 'host' | 'site'>;

export const companyView = ({ id, name, ticker, cik, sector, industry, host, site }: Company): WebCompany => ({
  id,
  name,
  ticker,
  cik,
  sector,
  industry,
  host,
  site,
});

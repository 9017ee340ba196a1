import { webSettings } from '#adapters/web/settings.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { Company } from '../companies/company.ts';
import { isSimulated } from './scouts.ts';

/** For the simulated web, whose owner is this machine. */
const NOBODY = 'https://fleet.example/research';

/**
 * Whom the owners of the companies' sites may ask. Throws wrong usage if sites elsewhere are to be fetched and the variable
 * WEB_CONTACT does not say it, since many sites, such as the SEC's, reject a crawler without a contact.
 */
export function contactOf(companies: readonly Company[], env: NodeJS.ProcessEnv = process.env): string {
  if (companies.every((company) => isSimulated(company) || isNowhere(company))) return NOBODY;
  const parsed = webSettings.WEB_CONTACT.safeParse(env['WEB_CONTACT'] ?? '');
  if (parsed.success) return parsed.data;
  throw wrongUsage(
    'The sites of these companies may be fetched only by somebody whom their owners can ask.',
    `Set WEB_CONTACT: it ${parsed.error.issues[0]?.message ?? 'is invalid'}.`,
  );
}

/** Throws wrong usage for a list that mixes the simulated web with sites elsewhere, since invented news would stand beside real ones. */
export function requireOneWeb(companies: readonly Company[]): void {
  const invented = companies.filter(isSimulated);
  const real = companies.filter((company) => !isSimulated(company) && !isNowhere(company));
  if (invented.length === 0 || real.length === 0) return;
  throw wrongUsage(
    `The list mixes sites elsewhere (${real[0]?.name ?? ''}) with companies of the simulated web (${invented[0]?.name ?? ''}), whose news is invented.`,
    'Give each company its website, or none of them.',
  );
}

/** Without a site and a number at the SEC there is nothing to fetch. */
const isNowhere = ({ website, cik }: Company): boolean => website === null && cik === null;

import type { Options } from '../options.ts';
import { Choices } from '../random.ts';
import type { Company } from '../world/companies.ts';
import type { World } from '../world/world.ts';
import type { Html } from './html.ts';
import type { Layout, Page } from './layout.ts';
import { firstLayouts } from './layouts-first.ts';
import { secondLayouts } from './layouts-second.ts';

const LAYOUTS: Readonly<Record<Options['prose'], readonly Layout[]>> = { first: firstLayouts, second: secondLayouts };

/** What is different from page to page. */
export type Content = Pick<Page, 'title' | 'main'> & Partial<Pick<Page, 'description' | 'published' | 'head'>>;

/** A page of a host in the layout of that host. */
export function frame(
  world: World,
  host: string,
  { path, siteName, navigation, ...content }: Content & Pick<Page, 'siteName' | 'navigation'> & { path: string },
): Html {
  const style = world.styleOf(host);
  const layouts = LAYOUTS[world.options.prose];
  const layout = layouts[style.layout % layouts.length];
  if (layout === undefined) throw new Error('There is no layout.');
  const choices = new Choices(`${world.options.seed}/${host}/cookies`);
  const feed = `http://${host}${style.feed}`;
  const around = { siteName, navigation, cookies: choices.pick(world.prose.cookies), feed, dates: style.dates };
  return layout({ ...content, ...around, url: `http://${host}${path}` });
}

/** A page of a company's site. */
export function companyPage(world: World, company: Company, content: Content & { readonly path: string }): Html {
  const { news, pricing, jobs } = world.styleOf(company.host);
  const { name } = world.history(company).state(world.night);
  const navigation = [
    { href: '/', text: 'Home' },
    { href: news, text: 'News' },
    { href: pricing, text: 'Products and prices' },
    { href: jobs, text: 'Careers' },
  ];
  return frame(world, company.host, { ...content, siteName: name, navigation });
}
